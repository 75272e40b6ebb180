use bokeh_protocol::{Fragment, Limits, Message, RawMessage, Receiver};
use serde_json::{Value as Json, json};

use super::Submitted;

#[test]
fn events_are_numbered_without_those_that_were_left_out() {
    for (n_events, stale, expected) in [
        (3, &[][..], &[0, 1, 2][..]),
        (3, &[0], &[1, 2]),
        (4, &[1, 2], &[0, 3]),
        (5, &[0, 3], &[1, 2, 4]),
        (2, &[0, 1], &[]),
    ] {
        let submitted = Submitted::new(patch(n_events), stale.to_vec());
        for (index, place) in expected.iter().enumerate() {
            assert_eq!(submitted.event(index), Some(json!({ "events": [event(*place)] })), "{stale:?}");
        }
        assert_eq!(submitted.event(expected.len()), None, "{stale:?}");
    }
}

fn event(number: usize) -> Json {
    json!({ "kind": "TitleChanged", "title": number.to_string() })
}

fn patch(n_events: usize) -> RawMessage {
    let events: Vec<Json> = (0..n_events).map(event).collect();
    let header = Message::patch_doc("m1", []).fragments().next().unwrap();
    let mut receiver = Receiver::for_server(Limits::default());
    let rest = ["{}".to_owned(), json!({ "events": events }).to_string()].map(|text| Fragment::Text(text.into()));
    let received = [header].into_iter().chain(rest).filter_map(|fragment| receiver.push(fragment).unwrap());
    received.last().unwrap()
}
