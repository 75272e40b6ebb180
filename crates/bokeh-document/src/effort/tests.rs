use serde_json::{Value as Json, json};

use crate::{Document, Origin};

/// A document with a row of many models, and another row.
fn large() -> Document {
    let mut doc = Document::new();
    let many: Vec<Json> =
        (0..10_000).map(|n| json!({"type": "object", "name": "Div", "id": format!("j{n}")})).collect();
    let row = |id: &str, children: Vec<Json>| {
        let model = json!({"type": "object", "name": "Row", "id": id, "attributes": {"children": children}});
        json!({"kind": "RootAdded", "model": model})
    };
    let events = json!({"events": [row("many", many), row("few", Vec::new())]});
    doc.apply_patch(&events, &[], Origin::Peer(1)).unwrap();
    assert!(doc.is_attached(doc.model_by_wire_id("j9999").unwrap()));
    doc
}

fn set(n: usize, property: &str, value: impl Fn(usize) -> Json) -> Json {
    let event = |n| json!({"kind": "ModelChanged", "model": {"id": "few"}, "attr": property, "new": value(n)});
    json!({"events": (0..n).map(event).collect::<Vec<_>>()})
}

#[test]
fn a_patch_may_cause_so_much_work_and_no_more() {
    let mut doc = large();
    let reference = |n: usize| json!([{"id": format!("j{n}")}]);
    for (name, patch, is_fine) in [
        ("no reference is touched", set(10_000, "width", |n| json!(n)), true),
        ("a reference is replaced now and then", set(100, "children", reference), true),
        ("references are replaced all the time", set(9_000, "children", reference), false),
    ] {
        let error = doc.apply_patch(&patch, &[], Origin::Peer(1)).err().map(|error| error.to_string());
        assert_eq!(error.is_none(), is_fine, "{name}: {error:?}");
        if let Some(error) = error {
            assert!(
                error.ends_with("the patch takes references between models away too often for so large a document")
            );
        }
    }
}

#[test]
fn streams_into_long_columns_with_models_count() {
    let mut doc = large();
    let mut rows = vec![json!(0); 20_000];
    rows[0] = json!({"id": "j0"});
    let source = json!({"type": "object", "name": "ColumnDataSource", "id": "s", "attributes": {"data": {"x": rows}}});
    doc.apply_patch(&json!({"events": [{"kind": "RootAdded", "model": source}]}), &[], Origin::Peer(1)).unwrap();
    let event =
        json!({"kind": "ColumnsStreamed", "model": {"id": "s"}, "attr": "data", "data": {"x": [1]}, "rollover": null});
    for (n, is_fine) in [(10, true), (5_000, false)] {
        let patch = json!({ "events": vec![event.clone(); n] });
        assert_eq!(doc.apply_patch(&patch, &[], Origin::Peer(1)).is_ok(), is_fine, "{n}");
    }
}
