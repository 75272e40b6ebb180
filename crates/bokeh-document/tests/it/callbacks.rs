//! When callbacks run, and what happens when they go wrong.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bokeh_document::{CallbackError, Document, Schedule, ScheduleChange};
use bokeh_protocol::{Event, Map, Value};

use crate::support::{Small, changes, small};

type Log = Arc<Mutex<Vec<String>>>;

fn take(log: &Log) -> Vec<String> {
    std::mem::take(&mut log.lock().unwrap())
}

#[test]
fn callbacks_run_depth_first_and_equal_values_do_not_fire() {
    let Small { mut doc, slider, div, .. } = small();
    let log = Log::default();
    let note = Arc::clone(&log);
    doc.on_change(slider, "value", move |doc, change| {
        note.lock().unwrap().push(format!("slider {}", change.new.as_i64().unwrap()));
        doc.set_value(div, "text", "moved".into()).unwrap();
        note.lock().unwrap().push("slider done".into());
    })
    .unwrap();
    let note = Arc::clone(&log);
    doc.on_change(div, "text", move |_, _| note.lock().unwrap().push("div".into())).unwrap();

    doc.set_value(slider, "value", Value::from(3)).unwrap();
    doc.set_value(slider, "value", Value::from(3.0)).unwrap();

    assert_eq!(take(&log), ["slider 3", "div", "slider done"]);
    assert_eq!(changes(&mut doc), ["local Slider.value", "local Div.text"]);
}

#[test]
fn a_running_callback_is_told_of_changes_when_it_returns() {
    let Small { mut doc, slider, .. } = small();
    let log = Log::default();
    let note = Arc::clone(&log);
    doc.on_change(slider, "value", move |doc, change| {
        let value = change.new.as_i64().unwrap();
        note.lock().unwrap().push(format!("enter {value}"));
        if value < 3 {
            doc.set_value(slider, "value", Value::from(value + 1)).unwrap();
        }
        note.lock().unwrap().push(format!("leave {value}"));
    })
    .unwrap();
    doc.set_value(slider, "value", Value::from(1)).unwrap();
    assert_eq!(take(&log), ["enter 1", "leave 1", "enter 2", "leave 2", "enter 3", "leave 3"]);
}

#[test]
fn a_runaway_chain_is_cut_and_named() {
    let Small { mut doc, slider, div, .. } = small();
    doc.on_change(slider, "value", move |doc, change| {
        let next = change.new.as_f64().unwrap() + 1.0;
        doc.set_value(slider, "value", Value::from(next)).unwrap();
    })
    .unwrap();
    doc.set_value(slider, "value", Value::from(1)).unwrap();
    let failures: Vec<String> = doc.take_failures().iter().map(ToString::to_string).collect();
    assert_eq!(failures.len(), 1);
    assert!(failures[0].contains("without an end") && failures[0].contains(".value"), "{failures:?}");

    doc.set_value(div, "text", "still alive".into()).unwrap();
    assert_eq!(doc.value(div, "text").unwrap(), Value::from("still alive"));
}

#[test]
fn a_callback_that_always_fails_does_not_fill_the_memory() {
    let Small { mut doc, slider, .. } = small();
    doc.on_change(slider, "value", |_, _| Err::<(), _>("never")).unwrap();
    for value in 1..1000 {
        doc.set_value(slider, "value", Value::from(value)).unwrap();
    }
    assert_eq!(doc.take_failures().len(), Document::MAX_FAILURES);
}

#[test]
fn an_error_or_panic_stops_nothing_else() {
    let Small { mut doc, slider, div, .. } = small();
    doc.on_change(slider, "value", |_, _| Err::<(), _>("out of range")).unwrap();
    doc.on_change(slider, "value", |_, _| {
        if true {
            panic!("boom")
        }
    })
    .unwrap();
    doc.on_change(slider, "value", move |doc, _| doc.set_value(div, "text", "reached".into())).unwrap();

    doc.set_value(slider, "value", Value::from(3)).unwrap();

    let failures: Vec<String> = doc.take_failures().iter().map(ToString::to_string).collect();
    let id = doc.wire_id(slider).unwrap();
    assert_eq!(
        failures,
        [
            format!("the callback of Slider({id}).value failed: out of range"),
            format!("the callback of Slider({id}).value panicked: boom"),
        ]
    );
    assert_eq!(changes(&mut doc), ["local Slider.value", "local Div.text"]);
}

#[test]
fn callbacks_and_models_can_be_removed_inside_callbacks() {
    let Small { mut doc, slider, div, .. } = small();
    let id = Arc::new(Mutex::new(None));
    let own = Arc::clone(&id);
    let registered = doc.on_change(slider, "value", move |doc, _| {
        doc.remove_callback(own.lock().unwrap().unwrap()).unwrap();
        doc.remove_root(div);
        doc.sweep();
        assert!(!doc.contains(div));
    });
    *id.lock().unwrap() = Some(registered.unwrap());
    doc.set_value(slider, "value", Value::from(1)).unwrap();
    doc.set_value(slider, "value", Value::from(2)).unwrap();
    assert!(doc.take_failures().is_empty());
    let gone = id.lock().unwrap().unwrap();
    assert_eq!(doc.remove_callback(gone), Err(CallbackError::Gone));
}

#[test]
fn events_reach_their_model_and_the_browser_is_told_to_send_them() {
    let Small { mut doc, slider, .. } = small();
    let log = Log::default();
    let note = Arc::clone(&log);
    doc.on_event(Some(slider), "button_click", move |_, event| note.lock().unwrap().push(event.name.to_string()))
        .unwrap();
    assert_eq!(changes(&mut doc), ["local Slider.subscribed_events"]);

    let values = Map::from_iter([("model", Value::Model(slider))]);
    doc.emit(&Event { name: "button_click".into(), values });
    doc.emit(&Event { name: "tap".into(), values: Map::default() });
    assert_eq!(take(&log), ["button_click"]);

    let error = doc.on_event(None, "tap", |_, _| ()).unwrap_err();
    assert!(error.to_string().starts_with("'tap' is not an event of documents"));
}

#[test]
fn one_shot_callbacks_are_gone_once_they_ran() {
    let mut doc = Document::new();
    let tick = doc.add_next_tick_callback(|doc| doc.set_title("ticked"));
    let period = doc.add_periodic_callback(Duration::from_millis(50), |_| ());
    assert_eq!(
        doc.take_schedule_changes(),
        [
            ScheduleChange::Added(tick, Schedule::NextTick),
            ScheduleChange::Added(period, Schedule::Periodic(Duration::from_millis(50))),
        ]
    );
    doc.run_scheduled(tick);
    doc.run_scheduled(tick);
    assert_eq!(doc.title(), "ticked");
    assert_eq!(doc.remove_callback(tick), Err(CallbackError::Gone));
    assert_eq!(doc.remove_callback(period), Ok(()));
    assert_eq!(doc.take_schedule_changes(), [ScheduleChange::Removed(period)]);
}
