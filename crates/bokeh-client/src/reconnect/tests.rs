use super::*;

#[test]
fn the_time_between_attempts_doubles_up_to_a_limit() {
    let policy = Reconnect { max_delay: Duration::from_millis(500), ..Reconnect::default() };
    let mut attempts = attempts_of(policy);
    let delays = |attempts: &mut Attempts| [(); 4].map(|()| attempts.next().unwrap().as_millis());
    assert_eq!(delays(&mut attempts), [100, 200, 400, 500]);
    for _ in 0..100 {
        assert_eq!(attempts.next(), Some(Duration::from_millis(500)));
    }
    attempts.succeeded();
    assert_eq!(delays(&mut attempts), [100, 200, 400, 500]);
}

#[test]
fn clients_do_not_come_back_at_the_same_moment() {
    let second = Duration::from_secs(1);
    for (random, expected_ms) in [(0, 1000), (u32::MAX / 2, 750), (u32::MAX, 500)] {
        assert_eq!(shorten(second, random).as_millis().div_ceil(10) * 10, expected_ms);
    }
}

#[test]
fn the_attempts_are_counted() {
    let mut attempts = attempts_of(Reconnect { max_attempts: Some(2), ..Reconnect::default() });
    assert_eq!([(); 3].map(|()| attempts.next().is_some()), [true, true, false]);
}

#[test]
fn a_server_that_says_no_is_not_asked_again() {
    let refused = |status| ConnectError::Refused { status, reason: "no".into() };
    let closed =
        |code| ConnectError::NotAcknowledged(Disconnect::ByServer { code, reason: "the session has ended".into() });
    for (error, expected) in [
        (refused(403), true),
        (refused(502), false),
        (refused(503), false),
        (ConnectError::NotFound("/app".into()), true),
        (ConnectError::Timeout(Duration::from_secs(1)), false),
        (closed(None), true),
        (closed(Some(4000)), true),
        (closed(Some(1001)), false),
        (closed(Some(1012)), false),
        (ConnectError::NotAcknowledged(Disconnect::NoAck(bokeh_protocol::MessageType::Ok)), true),
        (ConnectError::NotAcknowledged(Disconnect::Silent(Duration::ZERO)), false),
    ] {
        assert_eq!(is_final(&error), expected, "{error}");
    }
}

fn attempts_of(policy: Reconnect) -> Attempts {
    let target = Target {
        url: crate::ServerUrl::parse("default").unwrap(),
        session_id: "s".into(),
        options: Default::default(),
    };
    Attempts::new(policy, Ticket::new(&target))
}
