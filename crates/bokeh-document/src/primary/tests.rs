use std::sync::Mutex;

use serde_json::json;

use super::*;

/// A primary that notes what it is told.
#[derive(Default)]
struct Notes(Mutex<Vec<Json>>);

impl Primary for Notes {
    fn submit(&self, _: u64, _: Submission<'_>) {}
    fn edited(&self, patch: &Message) {
        self.0.lock().unwrap().push(serde_json::from_slice::<Json>(patch.content()).unwrap()["events"].clone());
    }
    fn peer_joined(&self, _: u64) {}
    fn peer_left(&self, _: u64) {}
    fn resend(&self) {}
    fn give_up(&self) {}
}

fn div(id: &str, text: &str) -> Json {
    json!({"type": "object", "name": "Div", "id": id, "attributes": {"text": text}})
}

/// A replica with one root, `p1`.
fn replica() -> (Document, Arc<Notes>) {
    let mut doc = Document::new();
    let whole = json!({"title": "theirs", "config": null, "roots": [div("p1", "first")]});
    let notes = Arc::new(Notes::default());
    doc.set_primary(notes.clone());
    doc.replace_with_news(&whole, &[]).unwrap();
    doc.take_changes();
    (doc, notes)
}

#[test]
fn the_primary_is_told_what_code_on_this_side_does_and_nothing_else() {
    let (mut doc, notes) = replica();
    doc.tell_primary();
    let patch = json!({"events": [{"kind": "TitleChanged", "title": "said"}]});
    doc.apply_news(&patch, &[], Origin::PRIMARY).unwrap();
    doc.apply_news(&patch, &[], Origin::Peer(3)).unwrap();
    doc.tell_primary();
    assert!(notes.0.lock().unwrap().is_empty());
    doc.set_title("ours");
    doc.tell_primary();
    assert_eq!(*notes.0.lock().unwrap(), [json!([{"kind": "TitleChanged", "title": "ours"}])]);
}

#[test]
fn a_model_that_the_primary_does_not_know_is_defined_once_with_what_became_of_it() {
    let (mut doc, notes) = replica();
    let ours = doc.add_root(bokeh_protocol::Object { name: "Div".into(), id: None, attributes: vec![] });
    doc.set_value(ours, "text", "later".into()).unwrap();
    doc.tell_primary();
    doc.take_changes();
    let theirs = doc.model_by_wire_id("p1").unwrap();
    doc.set_value(theirs, "text", "ours".into()).unwrap();
    doc.set_value(ours, "text", "latest".into()).unwrap();
    doc.tell_primary();
    let id = doc.wire_id(ours).unwrap();
    assert_eq!(
        *notes.0.lock().unwrap(),
        [
            json!([{"kind": "RootAdded", "model": div(id, "later")}]),
            json!([
                {"kind": "ModelChanged", "model": {"id": "p1"}, "attr": "text", "new": "ours"},
                {"kind": "ModelChanged", "model": {"id": id}, "attr": "text", "new": "latest"},
            ]),
        ]
    );
}

#[test]
fn a_message_of_the_primary_is_for_the_peers() {
    let of_extension =
        json!({"type": "event", "name": "only_there", "values": {"type": "map", "entries": [["by", 1]]}});
    for (msg_type, msg_data) in [("note", json!(5)), ("bokeh_event", of_extension)] {
        let (mut doc, _notes) = replica();
        doc.on_message("note", |_, _| Err("a message for peers"));
        let patch = json!({"events": [{"kind": "MessageSent", "msg_type": msg_type, "msg_data": msg_data}]});
        doc.apply_news(&patch, &[], Origin::PRIMARY).unwrap();
        assert_eq!(doc.take_failures().len(), 0);
        let changes = doc.take_changes();
        assert!(matches!(&changes[..], [Change { origin: Origin::PRIMARY, event: PatchEvent::MessageSent { .. } }]));
    }
}

#[test]
fn what_has_been_missed_is_said() {
    let (mut doc, _notes) = replica();
    let patch = json!({"events": [{"kind": "RootAdded", "model": {"id": "p9"}}]});
    assert!(doc.apply_news(&patch, &[], Origin::PRIMARY).is_err());
    let whole = json!({"title": "theirs", "config": null, "roots": [div("p9", "new")]});
    doc.replace_with_news(&whole, &[]).unwrap();
    assert_eq!(doc.roots(), [doc.model_by_wire_id("p9").unwrap()]);
}

#[test]
fn what_only_an_application_knows_survives() {
    let (mut doc, _notes) = replica();
    let dial = json!({"type": "object", "name": "Dial", "id": "p2", "attributes": {"angle": 5}});
    let editor = json!({"type": "object", "name": "CellEditor", "id": "p3"});
    let code = json!({"type": "object", "name": "CustomJS", "id": "p4", "attributes": {"code": "1"}});
    let callbacks = json!({"type": "map", "entries": [["document_ready", [code]]]});
    let roots = json!([dial, editor]);
    let whole = json!({"title": "theirs", "config": null, "roots": roots, "callbacks": callbacks});
    for _time in 0..2 {
        doc.replace_with_news(&whole, &[]).unwrap();
        doc.sweep();
        let (said, _) = doc.to_json(bokeh_protocol::BytesMode::Inline);
        let said: Json = serde_json::from_slice(&said).unwrap();
        assert_eq!((&said["roots"], &said["callbacks"]), (&roots, &callbacks));
    }
    doc.replace_with_news(&json!({"title": "theirs", "config": null, "roots": []}), &[]).unwrap();
    doc.sweep();
    assert_eq!(doc.n_models(), 0);
    let peers = doc.apply_patch(&json!({"events": [{"kind": "RootAdded", "model": dial}]}), &[], Origin::Peer(1));
    assert!(peers.is_ok(), "its pages have the class, too");
}
