use bokeh_document::{Content, Segment};
use serde_json::json;

use super::*;

fn news(name: &str, n_bytes: usize, answers: Option<u64>) -> News {
    let content = Content::Patch(json!([name, "x".repeat(n_bytes)]));
    News { segments: vec![Segment { peer: None, content, buffers: vec![] }], answers, error: None }
}

/// The names of what waits, and whom it answers.
fn told(inbox: &mut Inbox) -> Vec<(Option<String>, Option<u64>)> {
    let name = |news: &News| match news.segments.first().map(|segment| &segment.content) {
        Some(Content::Patch(json)) => json[0].as_str().map(str::to_owned),
        _ => None,
    };
    inbox.take().iter().map(|news| (name(news), news.answers)).collect()
}

fn kept(name: &str) -> (Option<String>, Option<u64>) {
    (Some(name.to_owned()), None)
}

#[test]
fn one_delivery_is_due_until_somebody_has_come() {
    let mut inbox = Inbox::new(1000);
    let due = |delivery| Due { delivery, whole: false };
    assert_eq!(inbox.push(news("a", 0, None)), due(true));
    assert_eq!(inbox.push(news("b", 0, None)), due(false));
    assert_eq!(told(&mut inbox), [kept("a"), kept("b")]);
    assert_eq!(inbox.push(news("c", 0, None)), due(true));
    assert_eq!(told(&mut inbox), [kept("c")]);
}

#[test]
fn when_too_much_waits_the_whole_takes_its_place_and_peers_are_answered_nevertheless() {
    let mut inbox = Inbox::new(10_000);
    inbox.push(news("a", 4000, None));
    inbox.push(news("b", 1000, Some(1)));
    assert_eq!(inbox.push(news("c", 6000, None)), Due { delivery: false, whole: true });
    // What is on its way until the whole is there is in the whole.
    assert_eq!(inbox.push(news("d", 1, None)), Due::default());
    inbox.push(news("e", 1, Some(2)));
    assert_eq!(told(&mut inbox), [(None, Some(1)), (None, Some(2))]);
    assert_eq!(inbox.push_whole(news("whole", 5000, None)), Due { delivery: true, whole: false });
    inbox.push(news("f", 1, None));
    assert_eq!(told(&mut inbox), [kept("whole"), kept("f")]);
}

#[test]
fn what_has_become_much_is_not_taken_lightly() {
    for (more, is_light) in [
        (news("b", 100, None), true),
        (news("b", MAX_LIGHT_BYTES, None), false),
        (submitted(100), true),
        (submitted(100_000), false),
    ] {
        let mut inbox = Inbox::new(100 << 20);
        inbox.push(news("a", 1, None));
        assert!(inbox.is_light());
        inbox.push(more);
        assert_eq!(inbox.take_if_light().is_some(), is_light);
        assert_eq!(inbox.take().is_empty(), is_light);
    }
    let mut inbox = Inbox::new(1000);
    inbox.push_whole(news("whole", 1, None));
    assert_eq!(inbox.take_if_light(), None);
}

/// The answer to a message with so many events.
fn submitted(n_events: usize) -> News {
    let segment = |index| Segment { peer: Some(1), content: Content::Submitted(index), buffers: vec![] };
    News { segments: (0..n_events).map(segment).collect(), answers: Some(1), error: None }
}

#[test]
fn a_large_change_alone_is_kept() {
    let mut inbox = Inbox::new(1000);
    assert_eq!(inbox.push(news("large", 5000, None)), Due { delivery: true, whole: false });
    assert_eq!(told(&mut inbox), [kept("large")]);
}
