//! One change, many viewers.

use std::collections::HashSet;

use bokeh_document::{Document, Origin, Publisher};
use bokeh_protocol::{Object, Value};
use serde_json::json;

/// Lets the first of so many viewers move a slider, whose callback sets the title. Answers how many events were encoded, and
/// how many different places in memory the viewers' events lie at.
fn move_before(n_viewers: u64) -> (u64, usize) {
    let mut doc = Document::new();
    let attributes = vec![("start".into(), 0.into()), ("end".into(), 10.into()), ("value".into(), 1.into())];
    let slider = doc.add_root(Object { name: "Slider".into(), id: None, attributes });
    doc.on_change(slider, "value", |doc, _| doc.set_title("moved")).unwrap();
    let mut publisher = Publisher::default();
    publisher.publish(&mut doc, None);
    publisher.whole(&mut doc, false, true);

    let before = publisher.n_encoded();
    let id = doc.wire_id(slider).unwrap();
    let event = json!({"kind": "ModelChanged", "model": {"id": id}, "attr": "value", "new": 5});
    doc.apply_patch(&json!({ "events": [event] }), &[], Origin::Peer(0)).unwrap();
    let published = publisher.publish(&mut doc, None);
    assert_eq!(doc.value(slider, "value"), Ok(Value::from(5)));

    let mut places = HashSet::new();
    for viewer in 0..n_viewers {
        let events: Vec<_> = published.for_peer(Origin::Peer(viewer)).into_iter().flatten().collect();
        assert_eq!(events.len(), if viewer == 0 { 1 } else { 2 }, "the author knows where the slider is");
        places.extend(events.iter().map(|event| event.json.as_ptr().addr()));
    }
    (publisher.n_encoded() - before, places.len())
}

#[test]
fn a_change_is_encoded_once_however_many_see_it() {
    for (n_viewers, n_places) in [(1, 1), (2, 2), (10, 2), (100, 2)] {
        assert_eq!(move_before(n_viewers), (2, n_places), "{n_viewers} viewers: the slider and the title, shared");
    }
}
