//! Patches from peers.

use bokeh_document::{Document, Origin};
use bokeh_protocol::{BytesMode, Value};
use serde_json::json;

use crate::support::{Small, changes, div, object, patch, small};

#[test]
fn a_patch_is_applied_with_its_origin_and_callbacks_with_ours() {
    let Small { mut doc, slider, div, .. } = small();
    doc.on_change(slider, "value", move |doc, change| doc.set_value(div, "text", format!("{:?}", change.new).into()))
        .unwrap();
    let id = doc.wire_id(slider).unwrap().to_owned();
    let event = json!([{"kind": "ModelChanged", "model": {"id": id}, "attr": "value", "new": 5}]);
    assert_eq!(patch(&mut doc, &event), Ok(vec![]));
    assert_eq!(changes(&mut doc), ["peer Slider.value", "local Div.text"]);
}

/// Python's client names them, BokehJS knows them as a part of the spec only.
#[test]
fn units_become_part_of_their_spec() {
    let Small { mut doc, .. } = small();
    let text = doc.add_root(object("Text", [("x", 1.into()), ("angle", 3.into())]));
    doc.take_changes();
    let id = doc.wire_id(text).unwrap().to_owned();
    for (attr, new, told, spec) in [
        ("angle_units", json!("deg"), vec!["peer Text.angle"], json!({"type": "value", "value": 3, "units": "deg"})),
        ("angle_units", json!("deg"), vec![], json!({"type": "value", "value": 3, "units": "deg"})),
        ("angle_units", json!("rad"), vec!["peer Text.angle"], json!({"type": "value", "value": 3})),
        (
            "angle",
            json!({"type": "field", "field": "a", "units": "grad"}),
            vec!["peer Text.angle"],
            json!({"type": "field", "field": "a", "units": "grad"}),
        ),
        ("angle_units", json!("rad"), vec!["peer Text.angle"], json!({"type": "field", "field": "a"})),
    ] {
        let event = json!([{"kind": "ModelChanged", "model": {"id": id}, "attr": attr, "new": new}]);
        patch(&mut doc, &event).unwrap();
        assert_eq!(changes(&mut doc), told, "{attr} {new}");
        let (whole, _) = doc.to_json(BytesMode::Inline);
        let whole: serde_json::Value = serde_json::from_slice(&whole).unwrap();
        let sent = &whole["roots"].as_array().unwrap().last().unwrap()["attributes"];
        assert_eq!((&sent["angle"], sent.get("angle_units")), (&spec, None), "{attr} {new}");
    }
}

#[test]
fn a_refused_patch_changes_nothing() {
    let Small { mut doc, slider, div, source } = small();
    let id = |model| doc.wire_id(model).unwrap().to_owned();
    let (slider, div, source) = (id(slider), id(div), id(source));
    let good = json!({"kind": "ModelChanged", "model": {"id": div}, "attr": "text", "new": "applied"});
    let bad = [
        (json!({"kind": "Nonsense"}), "events[1]: unknown event kind 'Nonsense'"),
        (json!({"kind": "TitleChanged"}), "events[1]: the field 'title' is missing"),
        (json!({"kind": "TitleChanged", "title": "t", "x": 1}), "events[1]: there is no field 'x' here"),
        (
            json!({"kind": "ModelChanged", "model": {"id": "zzz"}, "attr": "value", "new": 1}),
            "events[1].model: can't resolve reference 'zzz'",
        ),
        (
            json!({"kind": "ModelChanged", "model": {"id": slider}, "attr": "value", "new": "one"}),
            "events[1]: Slider.value: ",
        ),
        (
            json!({"kind": "ModelChanged", "model": {"id": slider}, "attr": "value", "new": {"type": "wrong"}}),
            "events[1].new: unable to decode an object of type 'wrong'",
        ),
        (
            json!({"kind": "RootAdded", "model": {"type": "object", "name": "Sldier", "id": "j1"}}),
            "events[1].model: there is no model class 'Sldier'",
        ),
        (
            json!({"kind": "RootAdded", "model": {"type": "object", "name": "Div", "id": "j1", "attributes": {"text": 5}}}),
            "events[1].model: Div.text: ",
        ),
        (
            json!({"kind": "ColumnsStreamed", "model": {"id": source}, "attr": "data",
                "data": {"type": "map", "entries": [["y", [1]]]}, "rollover": null}),
            "events[1]: ",
        ),
        (
            json!({"kind": "ColumnsStreamed", "model": {"id": source}, "attr": "data",
                "data": {"type": "map", "entries": [["x", [1]]]}, "rollover": 0}),
            "events[1]: ",
        ),
        (
            json!({"kind": "ColumnsPatched", "model": {"id": source}, "attr": "data",
                "patches": {"type": "map", "entries": [["x", [[9, 1]]]]}}),
            "events[1]: ",
        ),
        (
            json!({"kind": "ColumnsStreamed", "model": {"id": slider}, "attr": "value",
                "data": {"type": "map"}, "rollover": null}),
            "events[1]: Slider.value has no columns",
        ),
        (
            json!({"kind": "MessageSent", "msg_type": "bokeh_event",
                "msg_data": {"type": "event", "name": "tpa", "values": {"type": "map"}}}),
            "events[1]: unknown event 'tpa'",
        ),
        (
            json!({"kind": "MessageSent", "msg_type": "bokeh_event",
                "msg_data": {"type": "event", "name": "document_ready", "values": {"type": "map", "entries": [["x", 1]]}}}),
            "events[1]: the event 'document_ready' has the values []",
        ),
    ];
    for (bad, expected) in bad {
        let error = patch(&mut doc, &json!([good, bad])).unwrap_err();
        assert!(error.starts_with(expected), "{error}\nexpected {expected}");
        assert_eq!(changes(&mut doc), [""; 0], "{expected}");
    }
    assert_eq!(patch(&mut doc, &json!([good])), Ok(vec![]), "a good one still passes");
}

#[test]
fn what_python_passes_over_is_passed_over() {
    let Small { mut doc, slider, div, .. } = small();
    let id = doc.wire_id(slider).unwrap().to_owned();
    let gone = doc.wire_id(div).unwrap().to_owned();
    doc.remove_root(div);
    doc.sweep();
    changes(&mut doc);

    let unknown = json!({"kind": "ModelChanged", "model": {"id": id}, "attr": "vlaue", "new": 1});
    let late = json!({"kind": "ModelChanged", "model": {"id": gone}, "attr": "text", "new": "late"});
    let beside = json!({"kind": "TitleChanged", "title": "applied"});
    assert_eq!(patch(&mut doc, &json!([unknown, late, beside])), Ok(vec![]));
    assert_eq!(changes(&mut doc), ["peer title"]);
    assert_eq!(doc.take_warnings(), ["a peer's change was passed over: Slider has no property 'vlaue'"]);
}

#[test]
fn a_peer_gives_cause_for_so_many_warnings_and_no_more() {
    let mut doc = Document::new();
    let attributes: serde_json::Map<_, _> = (0..1000).map(|n| (format!("x{n}"), json!(n))).collect();
    let model = json!({"type": "object", "name": "Div", "id": "j1", "attributes": attributes});
    patch(&mut doc, &json!([{"kind": "RootAdded", "model": model}])).unwrap();
    assert_eq!(doc.take_warnings().len(), Document::MAX_WARNINGS);
}

#[test]
fn a_definition_of_a_known_id_is_a_reference() {
    let Small { mut doc, div, .. } = small();
    let id = doc.wire_id(div).unwrap().to_owned();
    let again = json!({"type": "object", "name": "Div", "id": id, "attributes": {"text": "stale"}});
    assert_eq!(patch(&mut doc, &json!([{"kind": "RootAdded", "model": again}])), Ok(vec![]));
    assert_eq!(changes(&mut doc), [""; 0]);
    assert_eq!(doc.value(div, "text").unwrap(), Value::from(""));
}

#[test]
fn a_new_model_brings_others_and_gets_what_it_lacks() {
    let mut doc = Document::new();
    let row = doc.add_root(object("Row", []));
    changes(&mut doc);
    let id = doc.wire_id(row).unwrap().to_owned();
    let table = json!({"type": "object", "name": "DataTable", "id": "j1", "attributes": {
        "source": {"type": "object", "name": "ColumnDataSource", "id": "j2"}, "tags": [{"id": "j1"}]}});
    let event = json!([{"kind": "ModelChanged", "model": {"id": id}, "attr": "children", "new": [table]}]);
    let models = patch(&mut doc, &event).unwrap();
    assert_eq!(models.iter().map(|model| doc.wire_id(*model).unwrap()).collect::<Vec<_>>(), ["j1", "j2"]);
    let told = changes(&mut doc);
    assert_eq!(told[0], "peer Row.children");
    assert!(told.contains(&"local ColumnDataSource.selected".to_owned()), "the browser learns our selection: {told:?}");
}

#[test]
fn a_pushed_document_replaces_ours() {
    let mut theirs = Document::new();
    theirs.add_root(div("pushed"));
    theirs.set_title("theirs");
    let (json, _) = theirs.to_json(BytesMode::Inline);
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();

    let Small { mut doc, .. } = small();
    doc.replace_with(&json, &[], Origin::Peer(7)).unwrap();
    assert_eq!(changes(&mut doc), ["peer -Slider", "peer -Div", "peer -ColumnDataSource", "peer +Div", "peer title"]);
    doc.sweep();
    let root = doc.roots()[0];
    assert_eq!(doc.value(root, "text").unwrap(), Value::from("pushed"));
    assert_eq!(doc.wire_id(root), theirs.wire_id(theirs.roots()[0]));
    let next = doc.add(div("ours"));
    assert_ne!(doc.wire_id(next), doc.wire_id(root), "our next id is another one");

    for (field, bad) in [
        ("title", json!(null)),
        ("roots", json!(5)),
        ("roots", json!([5])),
        ("roots", json!([{"id": "zzz"}])),
        ("config", json!("none")),
        ("config", json!({"type": "object", "name": "Div", "id": "c1"})),
    ] {
        let mut broken = json.clone();
        broken[field] = bad;
        doc.replace_with(&broken, &[], Origin::Peer(7)).unwrap_err();
    }
    broken_config(&mut doc, json);
    assert_eq!(doc.value(doc.roots()[0], "text").unwrap(), Value::from("pushed"), "a bad one changes nothing");
}

#[test]
fn classes_defined_by_a_pushed_document_are_passed_on() {
    let mut doc = Document::new();
    let defs = json!([{"type": "model", "name": "Point", "properties": [{"name": "x", "kind": "Any", "default": 0}]}]);
    let point = json!({"type": "object", "name": "Point", "id": "c1", "attributes": {"x": 5}});
    let json = json!({"title": "t", "config": null, "roots": [point], "defs": defs});
    doc.replace_with(&json, &[], Origin::Peer(7)).unwrap();
    let (written, _) = doc.to_json(BytesMode::Inline);
    let written: serde_json::Value = serde_json::from_slice(&written).unwrap();
    assert_eq!(written["defs"], defs);
    assert_eq!(written["roots"], json["roots"]);
}

fn broken_config(doc: &mut Document, mut json: serde_json::Value) {
    json.as_object_mut().unwrap().remove("config");
    let error = doc.replace_with(&json, &[], Origin::Peer(7)).unwrap_err();
    assert_eq!(error.to_string(), "the document's field 'config' is missing or of the wrong kind");
}

#[test]
fn a_deep_document_is_read_on_a_small_stack() {
    let deep = |levels: usize| {
        let mut json = json!({"type": "object", "name": "Row", "id": "j0"});
        for level in 1..levels {
            json =
                json!({"type": "object", "name": "Row", "id": format!("j{level}"), "attributes": {"children": [json]}});
        }
        json!({"title": "deep", "config": null, "roots": [json]})
    };
    let mut doc = Document::new();
    let error = doc.replace_with(&deep(200), &[], Origin::Peer(7)).unwrap_err().to_string();
    assert!(error.ends_with("nested more than 256 deep"), "{error}");
    doc.replace_with(&deep(120), &[], Origin::Peer(7)).unwrap();

    // Made step by step, a document may be as deep as it likes.
    for level in 120..5000 {
        let inner = json!([{"id": format!("j{}", level - 1)}]);
        let row =
            json!({"type": "object", "name": "Row", "id": format!("j{level}"), "attributes": {"children": inner}});
        patch(&mut doc, &json!([{"kind": "RootAdded", "model": row}])).unwrap();
        doc.remove_root(doc.roots()[0]);
    }
    let (json, _) = doc.to_json(BytesMode::Inline);
    assert!(json.len() > 5000 * 40);
}

#[test]
fn of_two_values_for_a_key_the_last_one_counts() {
    let Small { mut doc, source, .. } = small();
    let id = doc.wire_id(source).unwrap().to_owned();
    let data = json!({"type": "map", "entries": [["x", [1]], ["y", [2]], ["x", [3]]]});
    patch(
        &mut doc,
        &json!([{"kind": "ColumnDataChanged", "model": {"id": id}, "attr": "data", "data": data, "cols": null}]),
    )
    .unwrap();
    let data = doc.data(source).unwrap();
    assert_eq!(data.keys().collect::<Vec<_>>(), ["x", "y"]);
    assert_eq!(data.get("x"), Some(&crate::support::list([3])));
}

#[test]
fn what_is_refused_leaves_no_class_behind() {
    let mut doc = Document::new();
    let model = |class: String, x: &str| json!({"type": "object", "name": class, "id": "j1", "attributes": {x: 1}});
    for n in 0..=Document::MAX_DYNAMIC_CLASSES {
        let root = json!({"kind": "RootAdded", "model": model(format!("refused.Patch{n}"), "x")});
        patch(&mut doc, &json!([root, {"kind": "Nonsense"}])).unwrap_err();
        let defs = json!([{"name": format!("refused.Push{n}")}]);
        let json = json!({"title": "t", "config": null, "roots": [5], "defs": defs});
        doc.replace_with(&json, &[], Origin::Peer(7)).unwrap_err();
    }
    for n in 0..Document::MAX_DYNAMIC_CLASSES - 1 {
        let mut root = model(format!("accepted.Class{n}"), "x");
        root["id"] = json!(format!("j{n}"));
        patch(&mut doc, &json!([{"kind": "RootAdded", "model": root}])).unwrap();
    }
    for n in 0..=Document::MAX_DYNAMIC_PROPERTIES {
        let event = json!({"kind": "ModelChanged", "model": {"id": "j1"}, "attr": format!("refused{n}"), "new": 1});
        patch(&mut doc, &json!([event, {"kind": "TitleChanged", "title": 5}])).unwrap_err();
    }
    let event = json!({"kind": "ModelChanged", "model": {"id": "j1"}, "attr": "y", "new": 1});
    patch(&mut doc, &json!([event])).unwrap();
    let model = doc.model_by_wire_id("j1").unwrap();
    assert_eq!(doc.value(model, "y").unwrap(), Value::from(1));
}
