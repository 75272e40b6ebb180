//! A document and its copy at a peer stay equal.

use bokeh_document::{Author, Document, HoldPolicy, Origin, Publisher};
use bokeh_protocol::{Buffer, BytesMode, ModelId, PatchIndex, Value};
use serde_json::{Value as Json, json};

use crate::support::{columns, div, list, object};

/// A document, and the copy of a peer that is told of everything.
struct Pair {
    doc: Document,
    publisher: Publisher,
    copy: Document,
}

impl Pair {
    fn new(doc: Document) -> Self {
        let mut pair = Pair { doc, publisher: Publisher::default(), copy: Document::new() };
        pair.publisher.publish(&mut pair.doc, None);
        let (content, buffers) = pair.publisher.whole(&mut pair.doc, false, true);
        let content: Json = serde_json::from_slice(&content).unwrap();
        pair.copy.expect_exact_peers();
        pair.copy.replace_with(&content["doc"], &buffers, Origin::Peer(0)).unwrap();
        pair
    }

    /// Tells the peer what has changed, as the answer to a patch of another peer if `author` is one.
    fn tell_for(&mut self, author: Option<Author<'_>>) {
        for patch in self.publisher.publish(&mut self.doc, author).for_others() {
            let events: Vec<Json> = patch.iter().map(|event| serde_json::from_slice(&event.json).unwrap()).collect();
            let buffers: Vec<Buffer> = patch.iter().flat_map(|event| event.buffers.to_vec()).collect();
            self.copy.apply_patch(&json!({ "events": events }), &buffers, Origin::Peer(0)).unwrap();
            self.copy.sweep();
        }
    }

    fn tell(&mut self) {
        self.tell_for(None);
    }

    /// Applies a patch of another peer and tells this one.
    fn patch(&mut self, events: &Json) {
        let origin = Origin::Peer(7);
        let models = self.doc.apply_patch(&json!({ "events": events }), &[], origin).unwrap().defined;
        self.tell_for(Some(Author { origin, models: &models }));
    }

    fn id(&self, model: ModelId) -> String {
        self.doc.wire_id(model).unwrap().to_owned()
    }

    #[track_caller]
    fn assert_equal(&self) {
        let read = |doc: &Document| -> Json { serde_json::from_slice(&doc.to_json(BytesMode::Inline).0).unwrap() };
        assert_eq!(read(&self.copy), read(&self.doc));
    }
}

/// A row as the only root, and a div that nobody has seen yet.
fn row_and_div() -> (Pair, ModelId, ModelId) {
    let mut doc = Document::new();
    let row = doc.add(object("Row", []));
    doc.add_root(row);
    let mut pair = Pair::new(doc);
    let div = pair.doc.add(div("first"));
    (pair, row, div)
}

#[test]
fn what_changes_while_there_is_no_root_is_told_with_the_next_root() {
    let (mut pair, row, _) = row_and_div();
    pair.doc.remove_root(row);
    pair.doc.set_value(row, "width", 5.into()).unwrap();
    pair.doc.add_root(row);
    pair.tell();
    pair.assert_equal();
}

#[test]
fn a_model_that_was_shown_for_a_moment_is_defined_when_it_comes_back() {
    type ShowAndHide = fn(&mut Document, ModelId, ModelId);
    let places: [(&str, ShowAndHide); 3] = [
        ("as a root", |doc, _, div| {
            doc.add_root(div);
            doc.remove_root(div);
        }),
        ("in a row", |doc, row, div| {
            doc.set_value(row, "children", Value::from_iter([Value::Model(div)])).unwrap();
            doc.set_value(row, "children", list([])).unwrap();
        }),
        ("in a message", |doc, _, div| doc.send_message("look", Value::Model(div))),
    ];
    for (place, show_and_hide) in places {
        let (mut pair, row, div) = row_and_div();
        show_and_hide(&mut pair.doc, row, div);
        pair.tell();
        pair.doc.set_value(div, "text", place.into()).unwrap();
        pair.doc.add_root(div);
        pair.tell();
        pair.assert_equal();
    }
}

#[test]
fn a_model_stays_until_the_held_changes_that_name_it_are_told() {
    for policy in [HoldPolicy::Combine, HoldPolicy::Collect] {
        let mut doc = Document::new();
        let row = doc.add_root(object("Row", []));
        let gone = doc.add_root(div("gone"));
        let mut pair = Pair::new(doc);
        pair.doc.hold(policy);
        pair.doc.remove_root(gone);
        for text in ["brief", "kept"] {
            pair.doc.set_value(row, "children", Value::from_iter([Value::from(div(text))])).unwrap();
        }
        pair.tell();
        pair.doc.unhold();
        pair.tell();
        pair.assert_equal();
        let n_models = pair.doc.n_models();
        assert!(!pair.doc.contains(gone), "nothing names it any more");
        assert_eq!(pair.copy.n_models(), n_models);
    }
}

#[test]
fn a_definition_that_names_a_model_that_is_gone_is_passed_over() {
    let (mut pair, row, _) = row_and_div();
    let gone = pair.doc.add_root(div("gone"));
    pair.tell();
    let (gone_id, row_id) = (pair.id(gone), pair.id(row));
    pair.doc.remove(gone);
    pair.doc.remove_root(gone);
    pair.tell();
    let inner = json!({"type": "object", "name": "Row", "id": "j1", "attributes": {
        "children": [{"id": gone_id}], "tags": [{"id": "j2"}]}});
    let outer = json!({"type": "object", "name": "Row", "id": "j2", "attributes": {"children": [inner]}});
    pair.patch(&json!([
        {"kind": "ModelChanged", "model": {"id": row_id}, "attr": "children", "new": [outer]},
        {"kind": "RootAdded", "model": {"id": "j2"}},
        {"kind": "TitleChanged", "title": "beside"},
    ]));
    pair.assert_equal();
    assert_eq!(pair.doc.title(), "beside");
    assert_eq!(pair.doc.model_by_wire_id("j1"), None);
}

#[test]
fn models_in_columns_stay_as_long_as_the_columns_do() {
    let new = |id: &str| json!({"type": "object", "name": "Div", "id": id});
    let mut doc = Document::new();
    let data = Value::Map([("x", list([1]))].into_iter().collect());
    let source = doc.add_root(object("ColumnDataSource", [("data", data)]));
    let mut pair = Pair::new(doc);
    let id = pair.id(source);
    pair.patch(&json!([{"kind": "ColumnsStreamed", "model": {"id": id}, "attr": "data",
        "data": {"type": "map", "entries": [["x", [new("j1")]]]}, "rollover": null}]));
    pair.assert_equal();
    pair.patch(&json!([{"kind": "ColumnsPatched", "model": {"id": id}, "attr": "data",
        "patches": {"type": "map", "entries": [["x", [[0, new("j2")]]]]}}]));
    pair.assert_equal();
    assert!(pair.doc.model_by_wire_id("j1").is_some() && pair.doc.model_by_wire_id("j2").is_some());

    pair.doc.patch(source, vec![("x".into(), vec![(PatchIndex::Row(1), 2.into())])]).unwrap();
    pair.tell();
    pair.assert_equal();
    assert_eq!(pair.doc.model_by_wire_id("j1"), None, "no column holds it any more");
}

#[test]
fn the_author_of_held_changes_knows_its_own_models_and_learns_ours() {
    let (mut pair, row, _) = row_and_div();
    let id = pair.id(row);
    pair.doc.hold(HoldPolicy::Combine);
    let new = json!([{"type": "object", "name": "ColumnDataSource", "id": "j1"}]);
    pair.patch(&json!([{"kind": "ModelChanged", "model": {"id": id}, "attr": "tags", "new": new}]));
    pair.doc.unhold();
    let published = pair.publisher.publish(&mut pair.doc, None);
    let told: Vec<Json> = published
        .for_peer(Origin::Peer(7))
        .iter()
        .flatten()
        .map(|it| serde_json::from_slice(&it.json).unwrap())
        .collect();
    let has_selection = |event: &Json| event["attr"] == "selected" && event["new"]["name"] == "Selection";
    assert!(told.iter().any(has_selection), "{told:?}");
}

#[test]
fn who_comes_while_changes_are_held_gets_each_row_once() {
    let mut doc = Document::new();
    let data = Value::Map(columns([("x", vec![1.0])]));
    let source = doc.add_root(object("ColumnDataSource", [("data", data)]));
    doc.hold(HoldPolicy::Combine);
    doc.stream(source, &columns([("x", vec![2.0])]), None).unwrap();
    let mut pair = Pair::new(doc);
    pair.doc.stream(source, &columns([("x", vec![3.0])]), None).unwrap();
    pair.doc.unhold();
    pair.tell();
    pair.assert_equal();
}

#[test]
fn an_empty_matrix_is_patched_at_once() {
    let (mut pair, row, _) = row_and_div();
    let matrix = json!({"type": "ndarray", "array": [], "shape": [1_u64 << 62, 0], "dtype": "object"});
    let data = json!({"type": "map", "entries": [["x", [matrix]]]});
    let source = json!({"type": "object", "name": "ColumnDataSource", "id": "j1", "attributes": {"data": data}});
    let id = pair.id(row);
    let index = json!([0, {"type": "slice"}, {"type": "slice"}]);
    pair.patch(&json!([
        {"kind": "ModelChanged", "model": {"id": id}, "attr": "tags", "new": [source]},
        {"kind": "ColumnsPatched", "model": {"id": "j1"}, "attr": "data",
            "patches": {"type": "map", "entries": [["x", [[index, []]]]]}},
    ]));
    pair.assert_equal();
}

#[test]
fn what_happened_before_a_hold_is_told_at_once() {
    let (mut pair, row, _) = row_and_div();
    pair.doc.set_value(row, "width", 5.into()).unwrap();
    pair.doc.hold(HoldPolicy::Combine);
    pair.tell();
    pair.assert_equal();

    let id = pair.id(row);
    pair.doc.unhold();
    pair.doc.on_change(row, "children", |doc, _| doc.hold(HoldPolicy::Collect)).unwrap();
    let new = json!([{"type": "object", "name": "Row", "id": "j1"}]);
    pair.patch(&json!([{"kind": "ModelChanged", "model": {"id": id}, "attr": "children", "new": new}]));
    pair.assert_equal();
    pair.patch(&json!([{"kind": "ModelChanged", "model": {"id": "j1"}, "attr": "width", "new": 7}]));
    pair.doc.unhold();
    pair.tell();
    pair.assert_equal();
}
