use bokeh_protocol::{Array, Object, Value};
use serde_json::json;

use super::*;
use crate::Document;

/// Columns that are told often, by edits of all kinds.
#[test]
fn all_columns_of_a_source_are_told_so_often_and_no_more() {
    const N: usize = 100;
    let mut doc = Document::new();
    let source = source(&mut doc);
    let id = doc.wire_id(source).unwrap().to_owned();
    let model = json!({"id": id});
    let event = |n: usize| match n % 3 {
        0 => json!({"kind": "ColumnDataChanged", "model": model, "attr": "data", "data": {"x": [n, n]}, "cols": ["x"]}),
        1 => {
            json!({"kind": "ColumnsStreamed", "model": model, "attr": "data", "data": {"x": [n], "y": [n]}, "rollover": 2})
        }
        _ => json!({"kind": "ColumnsPatched", "model": model, "attr": "data",
            "patches": {"type": "map", "entries": [["y", [[0, n]]]]}}),
    };
    let events: Vec<_> = (0..N).map(event).collect();
    doc.apply_patch(&json!({ "events": events }), &[], Origin::Peer(1)).unwrap();
    let changes = doc.take_changes();
    let tells_all = |change: &&Change| matches!(change.event, PatchEvent::ColumnDataChanged { .. });
    assert_eq!(changes.iter().filter(tells_all).count(), Changes::MAX_TOLD);
    assert!(changes.len() < 3 * Changes::MAX_TOLD);
    let PatchEvent::ColumnDataChanged { data, cols: None, .. } = &changes.last().unwrap().event else { panic!() };
    assert_eq!(*data, doc.data(source).unwrap(), "the last one has the outcome");

    doc.stream(source, &doc.data(source).unwrap(), None).unwrap();
    let next = doc.take_changes();
    assert!(matches!(next[0].event, PatchEvent::ColumnsStreamed { .. }), "the next batch begins anew: {next:?}");
}

#[test]
fn who_has_made_only_some_of_what_an_event_stands_for_is_told() {
    for (authors, expected) in [
        ([Origin::Peer(1), Origin::Peer(1)], Origin::Peer(1)),
        ([Origin::Peer(1), Origin::Peer(2)], Origin::Local),
        ([Origin::Peer(1), Origin::Local], Origin::Local),
    ] {
        let mut doc = Document::new();
        let source = source(&mut doc);
        let data = doc.data(source).unwrap();
        let mut changes = Changes::default();
        for n in 0..Changes::MAX_TOLD + 5 {
            let event =
                PatchEvent::ColumnDataChanged { model: source, attr: "data".into(), data: data.clone(), cols: None };
            changes.push(Change { origin: authors[n % 2], event });
        }
        assert_eq!(changes.take().last().unwrap().origin, expected, "{authors:?}");
    }
}

fn source(doc: &mut Document) -> ModelId {
    let column = || Value::from(Array::from(vec![1.0, 2.0]));
    let data = Map::from_iter([("x", column()), ("y", column())]);
    let source = Object { name: "ColumnDataSource".into(), id: None, attributes: vec![("data".into(), data.into())] };
    let source = doc.add_root(source);
    doc.take_changes();
    source
}
