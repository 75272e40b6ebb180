//! Documents that follow a server: its definitions count, also for models that are here already.

use std::sync::{Arc, Mutex};

use bokeh_document::{Document, Origin};
use bokeh_protocol::{BytesMode, Event, Map, ModelId, Value};
use serde_json::{Value as Json, json};

use crate::support::{changes, div, patch, slider};

#[test]
fn a_definition_of_a_model_that_is_here_counts_where_a_server_is_followed() {
    for (follows, expected) in [(true, 7), (false, 0)] {
        let (mut doc, slider) = copy(follows);
        patch(&mut doc, &json!([root_added(&json!({"value": 7}))])).unwrap();
        assert_eq!(doc.value(slider, "value").unwrap(), Value::from(expected));
    }
}

#[test]
fn a_model_that_was_detached_takes_all_of_its_definition() {
    for (is_attached, expected_title) in [(false, ""), (true, "mine")] {
        let (mut doc, slider) = copy(true);
        let seen = watch(&mut doc, slider, "value");
        if !is_attached {
            patch(&mut doc, &json!([{"kind": "RootRemoved", "model": {"id": "s1"}}])).unwrap();
            doc.sweep();
        }
        doc.set_value(slider, "title", "mine".into()).unwrap();
        let models = patch(&mut doc, &json!([root_added(&json!({"value": 7}))])).unwrap();
        assert_eq!(models, [slider], "the peer knows it");
        assert_eq!(doc.value(slider, "value").unwrap(), Value::from(7));
        // What is attached may have been changed in the meantime, and the server be told a moment later.
        assert_eq!(doc.value(slider, "title").unwrap(), Value::from(expected_title));
        assert_eq!(*seen.lock().unwrap(), [Value::from(7)]);
        assert_eq!(doc.roots(), [slider]);
    }
}

#[test]
fn columns_are_checked_against_those_of_the_definition() {
    let mut doc = Document::new();
    doc.follow_server();
    let source = |columns: &[&str]| {
        let entries: Vec<Json> = columns.iter().map(|name| json!([name, [1]])).collect();
        json!({"type": "object", "name": "ColumnDataSource", "id": "s1",
            "attributes": {"data": {"type": "map", "entries": entries}}})
    };
    patch(&mut doc, &json!([{"kind": "RootAdded", "model": source(&["x"])}])).unwrap();
    let tags = json!({"kind": "ModelChanged", "model": {"id": "s1"}, "attr": "tags", "new": [source(&["x", "y"])]});
    let rows = json!({"type": "map", "entries": [["x", [2]], ["y", [2]]]});
    let stream = json!({"kind": "ColumnsStreamed", "model": {"id": "s1"}, "attr": "data", "data": rows});
    patch(&mut doc, &json!([tags, stream])).unwrap();
    let data = doc.value(doc.roots()[0], "data").unwrap();
    assert_eq!(data.as_map().unwrap().len(), 2);
}

#[test]
fn what_refers_to_a_model_that_is_gone_is_an_error_and_what_is_about_it_comes_late() {
    let child = json!({"kind": "ModelChanged", "model": {"id": "r1"}, "attr": "children", "new": [{"id": "s1"}]});
    for (event, expected) in [
        (json!({"kind": "ModelChanged", "model": {"id": "s1"}, "attr": "value", "new": 2}), None),
        (json!({"kind": "RootRemoved", "model": {"id": "s1"}}), None),
        (json!({"kind": "RootAdded", "model": {"id": "s1"}}), Some("events[0]: it refers to a model that is gone")),
        (child, Some("events[0]: it refers to a model that is gone")),
    ] {
        let (mut doc, slider) = copy(true);
        patch(&mut doc, &json!([{"kind": "RootAdded", "model": {"type": "object", "name": "Row", "id": "r1"}}]))
            .unwrap();
        doc.remove(slider);
        doc.remove_root(slider);
        doc.sweep();
        assert_eq!(patch(&mut doc, &json!([event])).err().as_deref(), expected, "{event}");
    }
}

#[test]
fn a_whole_document_keeps_the_models_that_it_defines_again() {
    let (mut doc, slider) = copy(true);
    let extra = doc.add_root(div("only here"));
    doc.set_value(slider, "title", "only here".into()).unwrap();
    let seen = watch(&mut doc, slider, "value");
    doc.take_changes();

    let other = json!({"type": "object", "name": "Div", "id": "d1", "attributes": {"text": "new"}});
    doc.replace_with(&whole(&[other, slider_json(&json!({"value": 9}))]), &[], Origin::Peer(7)).unwrap();
    doc.sweep();
    assert_eq!(doc.value(slider, "value").unwrap(), Value::from(9));
    assert_eq!(doc.value(slider, "title").unwrap(), Value::from(""), "what is not named has its default");
    assert_eq!(*seen.lock().unwrap(), [Value::from(9)]);
    assert!(!doc.contains(extra));
    let roots: Vec<&str> = doc.roots().iter().map(|root| doc.class_name(*root).unwrap()).collect();
    assert_eq!(roots, ["Div", "Slider"], "in the order of the server");
    assert_eq!(changes(&mut doc).iter().filter(|change| change.starts_with("local")).count(), 0);

    // The same once more is no change.
    let (json, _) = doc.to_json(BytesMode::Inline);
    doc.replace_with(&serde_json::from_slice(&json).unwrap(), &[], Origin::Peer(7)).unwrap();
    assert_eq!(changes(&mut doc), [] as [&str; 0]);
    assert_eq!(*seen.lock().unwrap(), [Value::from(9)]);
}

#[test]
fn an_id_under_which_the_server_has_another_class_is_another_model() {
    let (mut doc, slider) = copy(true);
    doc.remove(slider);
    let div = json!({"type": "object", "name": "Div", "id": "s1", "attributes": {"text": "new"}});
    doc.replace_with(&whole(&[div]), &[], Origin::Peer(7)).unwrap();
    doc.sweep();
    assert!(!doc.contains(slider));
    assert_eq!(doc.value(doc.model_by_wire_id("s1").unwrap(), "text").unwrap(), Value::from("new"));
}

#[test]
fn a_bad_whole_document_changes_nothing() {
    let (mut doc, slider) = copy(true);
    for broken in [
        whole(&[slider_json(&json!({"value": 9})), json!({"id": "zzz"})]),
        whole(&[slider_json(&json!({"value": "nine"}))]),
    ] {
        doc.replace_with(&broken, &[], Origin::Peer(7)).unwrap_err();
        assert_eq!(doc.value(slider, "value").unwrap(), Value::from(0));
        assert_eq!(doc.roots(), [slider]);
    }
}

#[test]
fn callbacks_stay_subscribed_to_their_events() {
    let (mut doc, _) = copy(true);
    let button = json!({"type": "object", "name": "Button", "id": "b1"});
    patch(&mut doc, &json!([{"kind": "RootAdded", "model": button}])).unwrap();
    let button_model = doc.model_by_wire_id("b1").unwrap();
    doc.on_event(Some(button_model), "button_click", |doc, _| doc.set_title("clicked")).unwrap();
    doc.take_changes();
    doc.replace_with(&whole(&[button]), &[], Origin::Peer(7)).unwrap();
    assert!(changes(&mut doc).contains(&"local Button.subscribed_events".to_owned()), "the server is not told again");
    let values = Map::from_iter([("model", Value::Model(button_model))]);
    doc.emit(&Event { name: "button_click".into(), values });
    assert_eq!(doc.title(), "clicked");
}

/// A document with the slider `s1`, at 0, that is held by a handle.
fn copy(follows: bool) -> (Document, ModelId) {
    let mut doc = Document::new();
    if follows {
        doc.follow_server();
    }
    let mut slider = slider(0);
    slider.id = Some("s1".into());
    let slider = doc.add(slider);
    doc.add_root(slider);
    doc.take_changes();
    (doc, slider)
}

fn slider_json(attributes: &Json) -> Json {
    let mut slider = json!({"type": "object", "name": "Slider", "id": "s1", "attributes": {"start": 0, "end": 10}});
    slider["attributes"].as_object_mut().unwrap().extend(attributes.as_object().unwrap().clone());
    slider
}

fn root_added(attributes: &Json) -> Json {
    json!({"kind": "RootAdded", "model": slider_json(attributes)})
}

fn whole(roots: &[Json]) -> Json {
    json!({"title": "t", "config": null, "roots": roots})
}

/// The new values of which a callback is told.
fn watch(doc: &mut Document, model: ModelId, property: &str) -> Arc<Mutex<Vec<Value>>> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    doc.on_change(model, property, move |_, change| told.lock().unwrap().push(change.new.clone())).unwrap();
    seen
}
