use super::*;

const LIMIT: Duration = Duration::from_secs(40);

#[test]
fn a_silent_peer_is_asked_once_and_given_up() {
    let start = Instant::now();
    let mut silence = Silence::new(Some(LIMIT), start);
    assert_eq!(silence.deadline(), Some(start + LIMIT));
    assert!(silence.ask());
    assert_eq!(silence.deadline(), Some(start + 2 * LIMIT));
    assert!(!silence.ask());
    assert_eq!(silence.lasts(start + 2 * LIMIT), 2 * LIMIT);
}

#[test]
fn a_peer_that_answers_is_asked_again_and_again() {
    let mut now = Instant::now();
    let mut silence = Silence::new(Some(LIMIT), now);
    for _ in 0..3 {
        assert_eq!(silence.deadline(), Some(now + LIMIT));
        assert!(silence.ask());
        now += LIMIT + Duration::from_secs(1);
        silence.broken(now);
    }
}

#[test]
fn without_a_limit_silence_means_nothing() {
    assert_eq!(Silence::new(None, Instant::now()).deadline(), None);
}
