//! Changes on their way to the peers.

use bokeh_document::{Author, Document, HoldPolicy, Origin, Publisher};
use bokeh_protocol::{EncodedEvent, Value};
use serde_json::{Value as Json, json};

use crate::support::{columns, div, object, patch};

/// A document with a row as its only root that all peers know.
fn known() -> (Document, Publisher, bokeh_protocol::ModelId) {
    let mut doc = Document::new();
    let row = doc.add_root(object("Row", []));
    let mut publisher = Publisher::default();
    publisher.publish(&mut doc, None);
    publisher.whole(&mut doc, true, true);
    (doc, publisher, row)
}

fn read(patches: &[Vec<EncodedEvent>]) -> Vec<Vec<Json>> {
    let event = |event: &EncodedEvent| serde_json::from_slice(&event.json).unwrap();
    patches.iter().map(|patch| patch.iter().map(event).collect()).collect()
}

#[test]
fn a_new_model_is_defined_once_with_its_final_state() {
    let (mut doc, mut publisher, row) = known();
    let data = object("ColumnDataSource", [("data", columns([("x", vec![1.0])]).into())]);
    let source = doc.add(data);
    doc.set_value(row, "tags", Value::from_iter([Value::Model(source), Value::Model(source)])).unwrap();
    doc.stream(source, &columns([("x", vec![2.0])]), None).unwrap();

    let published = publisher.publish(&mut doc, None);
    let patches = read(&published.for_others());
    assert_eq!(patches.len(), 1);
    assert_eq!(patches[0].len(), 1, "the stream is part of the definition: {patches:?}");
    let new = &patches[0][0]["new"];
    assert_eq!(new[0]["name"], "ColumnDataSource");
    assert_eq!(new[1], json!({"id": doc.wire_id(source).unwrap()}));
    assert_eq!(published.for_others()[0][0].buffers[0].data.len(), 16, "both rows");

    doc.stream(source, &columns([("x", vec![3.0])]), None).unwrap();
    let patches = read(&publisher.publish(&mut doc, None).for_others());
    assert_eq!(patches[0][0]["kind"], "ColumnsStreamed");
}

#[test]
fn the_author_is_not_told_what_it_told_us() {
    let (mut doc, mut publisher, row) = known();
    doc.on_change(row, "children", move |doc, _| doc.set_title("changed")).unwrap();
    let id = doc.wire_id(row).unwrap().to_owned();
    let new = json!([{"type": "object", "name": "Div", "id": "j1", "attributes": {"text": "theirs"}}]);
    let models =
        patch(&mut doc, &json!([{"kind": "ModelChanged", "model": {"id": id}, "attr": "children", "new": new}]));
    let models = models.unwrap();
    let author = Author { origin: Origin::Peer(7), models: &models };
    let published = publisher.publish(&mut doc, Some(author));

    let title = json!({"kind": "TitleChanged", "title": "changed"});
    assert_eq!(read(&published.for_peer(Origin::Peer(7))), [[title.clone()]]);
    let others = read(&published.for_others());
    assert_eq!(others[0][0]["new"], new, "the others need the definition");
    assert_eq!(others[0][1], title);

    doc.set_value(models[0], "text", "ours".into()).unwrap();
    let published = publisher.publish(&mut doc, None);
    assert_eq!(read(&published.for_others())[0][0]["model"], json!({"id": "j1"}), "now everybody knows it");
}

#[test]
fn a_model_that_was_gone_is_defined_anew_in_a_patch_of_its_own() {
    let (mut doc, mut publisher, row) = known();
    doc.add_root(div("other"));
    publisher.publish(&mut doc, None);
    doc.remove_root(row);
    doc.set_value(row, "width", 5.into()).unwrap();
    doc.add(row);
    doc.add_root(row);

    let patches = read(&publisher.publish(&mut doc, None).for_others());
    assert_eq!(patches.len(), 2, "a Python client reads all events of a patch before it removes the root: {patches:?}");
    assert_eq!(patches[0][0]["kind"], "RootRemoved");
    assert_eq!(patches[1][0]["model"]["attributes"]["width"], 5);
}

#[test]
fn what_was_held_back_does_not_go_back_to_its_author() {
    let (mut doc, mut publisher, row) = known();
    let id = doc.wire_id(row).unwrap().to_owned();
    doc.hold(HoldPolicy::Collect);
    patch(&mut doc, &json!([{"kind": "ModelChanged", "model": {"id": id}, "attr": "width", "new": 5}])).unwrap();
    doc.set_title("ours");
    doc.unhold();
    let published = publisher.publish(&mut doc, None);
    assert_eq!(read(&published.for_others())[0].len(), 2);
    assert_eq!(read(&published.for_peer(Origin::Peer(7))), [[json!({"kind": "TitleChanged", "title": "ours"})]]);
}

#[test]
fn an_event_is_encoded_once_for_all() {
    let (mut doc, mut publisher, row) = known();
    let before = publisher.n_encoded();
    doc.set_value(row, "width", 5.into()).unwrap();
    let author = Author { origin: Origin::Peer(7), models: &[] };
    let published = publisher.publish(&mut doc, Some(author));
    assert_eq!(publisher.n_encoded() - before, 1);
    assert_eq!(
        published.for_peer(Origin::Peer(7))[0][0].json.as_ptr(),
        published.for_others()[0][0].json.as_ptr(),
        "shared, not copied"
    );
}
