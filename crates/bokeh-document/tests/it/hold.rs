//! Holding changes back, against vectors made by Bokeh.

use std::sync::{Arc, Mutex};

use bokeh_document::{Build, Document, HoldPolicy, ScheduleChange};
use bokeh_protocol::{Map, ModelId, PatchEvent, PatchIndex, Text, Value};
use serde_json::{Value as Json, json};

use crate::support::{Small, div, list, small};

#[test]
fn held_changes_come_out_as_in_bokeh() {
    let vectors = include_str!("../vectors/hold.json");
    let cases: Vec<Json> = serde_json::from_str(vectors).unwrap();
    assert_eq!(cases.len(), 16);
    for case in cases {
        let mut small = small();
        let seen = watch_slider(&mut small);
        small.doc.hold(if case["policy"] == "combine" { HoldPolicy::Combine } else { HoldPolicy::Collect });
        let mut added = None;
        for step in case["script"].as_array().unwrap() {
            perform(&mut small, step.as_str().unwrap(), &mut added);
        }
        assert_eq!(small.doc.take_changes(), [], "nothing is told while it is held: {case}");
        assert!(seen.lock().unwrap().is_empty(), "no callback runs while changes are held: {case}");

        small.doc.unhold();
        let (callbacks, events) = expected(&case);
        assert_eq!(*seen.lock().unwrap(), callbacks, "{case}");
        let told: Vec<Json> = small.doc.take_changes().iter().map(|change| told(&small, &change.event)).collect();
        assert_eq!(told, events, "{case}");
        let slider = small.doc.value(small.slider, "value").unwrap();
        assert_eq!(slider.as_i64(), case["slider_value"].as_i64(), "{case}");
        let source = small.doc.data(small.source).unwrap();
        assert_eq!(plain(&Value::Map(source)), case["source"], "{case}");
    }
}

#[test]
fn a_scheduled_callback_is_not_held() {
    // In Bokeh it is, so that a callback that is to end the hold never runs.
    let mut doc = Document::new();
    doc.hold(HoldPolicy::Combine);
    let id = doc.add_next_tick_callback(|doc| doc.unhold());
    assert!(matches!(doc.take_schedule_changes()[..], [ScheduleChange::Added(added, _)] if added == id));
    doc.set_title("held");
    doc.run_scheduled(id);
    assert_eq!(doc.take_changes().len(), 1);
}

#[test]
fn the_first_policy_stays() {
    let mut small = small();
    small.doc.hold(HoldPolicy::Collect);
    small.doc.hold(HoldPolicy::Combine);
    for text in ["a", "b"] {
        small.doc.set_value(small.div, "text", text.into()).unwrap();
    }
    small.doc.unhold();
    assert_eq!(small.doc.take_changes().len(), 2);
}

#[test]
fn nested_guards_release_with_the_outermost() {
    let mut doc = Document::new();
    let mut outer = doc.held(HoldPolicy::Combine);
    outer.held(HoldPolicy::Combine).set_title("a");
    assert_eq!(outer.take_changes(), []);
    drop(outer);
    assert_eq!(doc.take_changes().len(), 1);
}

fn watch_slider(small: &mut Small) -> Arc<Mutex<Vec<(i64, i64)>>> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let note = move |_: &mut Document, change: &bokeh_document::PropertyChange| {
        log.lock().unwrap().push((change.old.as_i64().unwrap(), change.new.as_i64().unwrap()));
    };
    small.doc.on_change(small.slider, "value", note).unwrap();
    seen
}

/// Does what a line of Python does in the vectors.
fn perform(small: &mut Small, line: &str, added: &mut Option<ModelId>) {
    let Small { doc, slider, div: text, source } = small;
    let column = |rows: Value| Map::from_iter([("x", rows)]);
    let patch = |value: i64| vec![(Text::from("x"), vec![(PatchIndex::Row(0), Value::from(value))])];
    match line {
        "s.value = 0" => doc.set_value(*slider, "value", 0.into()).unwrap(),
        "s.value = 1" => doc.set_value(*slider, "value", 1.into()).unwrap(),
        "s.value = 2" => doc.set_value(*slider, "value", 2.into()).unwrap(),
        "s.value = 3" => doc.set_value(*slider, "value", 3.into()).unwrap(),
        "d.text = 'a'" => doc.set_value(*text, "text", "a".into()).unwrap(),
        "doc.title = 'a'" => doc.set_title("a"),
        "doc.title = 'b'" => doc.set_title("b"),
        "c.stream(dict(x=[2]))" => doc.stream(*source, &column(list([2])), None).unwrap(),
        "c.stream(dict(x=[3]), 2)" => doc.stream(*source, &column(list([3])), Some(2)).unwrap(),
        "c.patch(dict(x=[(0, 5)]))" => doc.patch(*source, patch(5)).unwrap(),
        "c.patch(dict(x=[(0, 6)]))" => doc.patch(*source, patch(6)).unwrap(),
        "c.data = dict(x=[7])" => doc.set_value(*source, "data", column(list([7])).into()).unwrap(),
        "c.data = dict(x=[8])" => doc.set_value(*source, "data", column(list([8])).into()).unwrap(),
        "c.data['x'] = [9]" => doc.set_columns(*source, &column(list([9]))).unwrap(),
        "r = Div(text='r'); doc.add_root(r)" => *added = Some(div("r").build(doc)),
        "doc.remove_root(r)" => {}
        "doc.add_next_tick_callback(lambda: None)" => drop(doc.add_next_tick_callback(|_| ())),
        other => panic!("unknown line: {other}"),
    }
    match line {
        "r = Div(text='r'); doc.add_root(r)" => drop(doc.add_root(added.unwrap())),
        "doc.remove_root(r)" => assert!(doc.remove_root(added.unwrap())),
        _ => {}
    }
}

/// What Bokeh tells: calls of the slider's callback, and change events. Ours differ in two ways: a scheduled callback is
/// no change of the document, and an event carries the columns as they were when it happened, not the newest.
fn expected(case: &Json) -> (Vec<(i64, i64)>, Vec<Json>) {
    let (mut callbacks, mut events) = (Vec::new(), Vec::new());
    let mut columns = [7, 8, 9].into_iter();
    for emitted in case["emitted_by_unhold"].as_array().unwrap() {
        if let Some(callback) = emitted.get("callback") {
            callbacks.push((callback[1].as_i64().unwrap(), callback[2].as_i64().unwrap()));
        } else if emitted["kind"] != "SessionCallbackAdded" {
            let mut event = emitted.clone();
            if event["kind"] == "ColumnDataChanged" {
                assert_eq!(event["data"], json!({"x": [9]}));
                event["data"] = json!({"x": [columns.next().unwrap()]});
            }
            events.push(event);
        }
    }
    (callbacks, events)
}

fn told(small: &Small, event: &PatchEvent) -> Json {
    let name = |model: &ModelId| match model {
        model if *model == small.slider => "slider",
        model if *model == small.div => "div",
        model if *model == small.source => "cds",
        _ => "new",
    };
    match event {
        PatchEvent::ModelChanged { model, attr, new } => {
            json!({"kind": "ModelChanged", "attr": attr.as_str(), "new": plain(new), "model": name(model)})
        }
        PatchEvent::TitleChanged { title } => json!({"kind": "TitleChanged", "title": title.as_str()}),
        PatchEvent::RootAdded { model } => json!({"kind": "RootAdded", "model": name(model)}),
        PatchEvent::RootRemoved { model } => json!({"kind": "RootRemoved", "model": name(model)}),
        PatchEvent::ColumnDataChanged { model, attr, data, cols } => {
            let cols = cols.as_ref().map(|cols| cols.iter().map(Text::as_str).collect::<Vec<_>>());
            let data = plain(&Value::Map(data.clone()));
            json!({"kind": "ColumnDataChanged", "attr": attr.as_str(), "cols": cols, "model": name(model), "data": data})
        }
        PatchEvent::ColumnsStreamed { model, attr, data, rollover } => {
            let data = plain(&Value::Map(data.clone()));
            json!({"kind": "ColumnsStreamed", "attr": attr.as_str(), "rollover": rollover, "model": name(model), "data": data})
        }
        PatchEvent::ColumnsPatched { model, attr, patches } => {
            let column = |(name, patches): &(Text, Vec<(PatchIndex, Value)>)| {
                let place = |(index, value): &(PatchIndex, Value)| match index {
                    PatchIndex::Row(row) => json!([row, plain(value)]),
                    other => panic!("{other:?}"),
                };
                (name.to_string(), patches.iter().map(place).collect::<Json>())
            };
            let patches: serde_json::Map<String, Json> = patches.iter().map(column).collect();
            json!({"kind": "ColumnsPatched", "attr": attr.as_str(), "model": name(model), "patches": patches})
        }
        PatchEvent::MessageSent { .. } => panic!("no message is sent"),
    }
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Int(value) => json!(value),
        Value::Str(text) => json!(text.as_str()),
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Map(map) => {
            let pair = |(key, value): &(Value, Value)| (key.as_str().unwrap().to_owned(), plain(value));
            map.entries().iter().map(pair).collect::<serde_json::Map<_, _>>().into()
        }
        other => panic!("{other:?}"),
    }
}
