//! Events, from their form on the wire to the fields that callbacks see.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use bokeh_document::Origin;
use bokeh_models::events::{DocumentEvent, EventOf, UiEvent};
use bokeh_models::prelude::*;
// Beside the prelude, as programs have it.
use bokeh_models::events::*;
use serde_json::{Value as Json, json};

/// What callbacks were told.
type Log = Arc<Mutex<Vec<String>>>;

/// A document with callbacks for all events, each of which writes down what it sees.
struct Page {
    doc: Document,
    log: Log,
    /// The names of events for which there is a callback.
    names: BTreeSet<&'static str>,
}

impl Page {
    fn new() -> Self {
        Page { doc: Document::new(), log: Log::default(), names: BTreeSet::new() }
    }

    fn on_document<E: DocumentEvent + Debug>(&mut self) {
        let log = self.log.clone();
        self.doc.on::<E>(move |_: &mut Document, event: E| log.lock().unwrap().push(format!("{event:?}")));
        self.names.insert(E::NAME);
    }

    /// The event as BokehJS sends it, with the model and these values.
    fn send(&mut self, name: &str, model: Option<&str>, values: Json) -> Result<Vec<String>, String> {
        let mut values = values;
        if let Some(model) = model {
            values["model"] = json!({ "id": model });
        }
        let entries: Vec<Json> =
            values.as_object().unwrap().iter().map(|(key, value)| json!([key, on_wire(value)])).collect();
        let data = json!({"type": "event", "name": name, "values": {"type": "map", "entries": entries}});
        let event = json!({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": data});
        let applied = self.doc.apply_patch(&json!({ "events": [event] }), &[], Origin::Peer(1));
        applied.map_err(|error| error.to_string())?;
        assert_eq!(self.doc.take_failures().len(), 0);
        Ok(std::mem::take(&mut self.log.lock().unwrap()))
    }
}

/// Registers a callback for an event of a model.
macro_rules! on {
    ($page:ident, $model:ident: $($event:ty),+ $(,)?) => {$({
        let log = $page.log.clone();
        $model.on::<$event>(&mut $page.doc, move |_: &mut Document, event: $event| {
            log.lock().unwrap().push(format!("{event:?}"));
        });
        $page.names.insert(<$event>::NAME);
    })+};
}

#[test]
fn every_event_arrives_with_all_of_its_fields() {
    let mut page = Page::new();
    let plot = page.doc.add(figure());
    let axis = page.doc.add(LinearAxis::new());
    let button = page.doc.add(Button::new().label("go"));
    let menu = page.doc.add(Dropdown::new().label("more"));
    let text = page.doc.add(TextInput::new());
    let files = page.doc.add(FileInput::new());
    let item = page.doc.add(LegendItem::new());
    let legend = page.doc.add(Legend::new().items([item]));
    on!(page, plot: DoubleTap, LODEnd, LODStart, MouseEnter, MouseLeave, MouseMove, MouseWheel, Pan, PanEnd, PanStart);
    on!(page, plot: Pinch, PinchEnd, PinchStart, Press, PressUp, RangesUpdate, Reset, Rotate, RotateEnd, RotateStart);
    on!(page, plot: SelectionGeometry, Tap);
    on!(page, axis: AxisClick);
    on!(page, button: ButtonClick);
    on!(page, menu: MenuItemClick);
    on!(page, text: ValueSubmit);
    on!(page, files: ClearInput);
    on!(page, legend: LegendItemClick);
    page.on_document::<ClientReconnected>();
    page.on_document::<ConnectionLost>();
    page.on_document::<DocumentReady>();
    assert_eq!(page.names.iter().copied().collect::<Vec<_>>(), all_names());

    let ids = [plot.id(), axis.id(), button.id(), menu.id(), text.id(), files.id(), legend.id(), item.id()];
    let [plot, axis, button, menu, text, files, legend, item] = ids.map(|id| page.doc.wire_id(id).unwrap().to_owned());
    let point = json!({"sx": 1, "sy": 2.5, "x": 3, "y": -4, "modifiers": {"shift": true, "ctrl": false, "alt": true}});
    const POINT: &str =
        "sx: 1.0, sy: 2.5, x: 3.0, y: -4.0, modifiers: Modifiers { shift: true, ctrl: false, alt: true }";
    let with = |more: Json| {
        let mut values = point.clone();
        values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        values
    };
    let selection = |geometry: Json, expected: &str| {
        let values = json!({"geometry": geometry, "final": true});
        ("selectiongeometry", Some(&plot), values, format!("geometry: Some({expected}), is_final: true"))
    };
    let mut cases: Vec<(&str, Option<&String>, Json, String)> = vec![
        ("axis_click", Some(&axis), json!({"value": 2}), "value: Some(Coordinate(Int(2)))".into()),
        ("axis_click", Some(&axis), json!({"value": "a"}), "value: Some(Coordinate(Str(\"a\")))".into()),
        ("button_click", Some(&button), json!({}), "model: Some".into()),
        ("clear_input", Some(&files), json!({}), "model: Some".into()),
        ("legend_item_click", Some(&legend), json!({"item": {"id": item}}), "item: Some(LegendItem".into()),
        ("lodend", Some(&plot), json!({}), "LODEnd".into()),
        ("lodstart", Some(&plot), json!({}), "LODStart".into()),
        ("menu_item_click", Some(&menu), json!({"item": "b"}), "item: Some(\"b\")".into()),
        (
            "pan",
            Some(&plot),
            with(json!({"delta_x": 7, "delta_y": 8})),
            format!("delta_x: 7.0, delta_y: 8.0, direction: 0, {POINT}"),
        ),
        ("pinch", Some(&plot), with(json!({"scale": 1.5})), format!("scale: 1.5, {POINT}")),
        (
            "rangesupdate",
            Some(&plot),
            json!({"x0": 0, "x1": 1, "y0": 2, "y1": 3}),
            "x0: 0.0, x1: 1.0, y0: 2.0, y1: 3.0".into(),
        ),
        ("reset", Some(&plot), json!({}), "Reset".into()),
        ("rotate", Some(&plot), with(json!({"rotation": 45})), format!("rotation: 45.0, {POINT}")),
        selection(
            json!({"type": "point", "sx": 1, "sy": 2, "x": 3, "y": 4}),
            "Point { sx: 1.0, sy: 2.0, x: 3.0, y: 4.0 }",
        ),
        selection(
            json!({"type": "span", "direction": "h", "sx": 1, "sy": 2, "x": 3, "y": 4}),
            "Span { is_vertical: true, sx: 1.0, sy: 2.0, x: 3.0, y: 4.0 }",
        ),
        selection(
            json!({"type": "rect", "sx0": 1, "sx1": 2, "sy0": 3, "sy1": 4, "x0": 5, "x1": 6, "y0": 7, "y1": 8}),
            "Rect { sx: (1.0, 2.0), sy: (3.0, 4.0), x: (5.0, 6.0), y: (7.0, 8.0) }",
        ),
        selection(
            json!({"type": "poly", "sx": [1], "sy": [2, 3], "x": [], "y": [4]}),
            "Poly { sx: [1.0], sy: [2.0, 3.0], x: [], y: [4.0] }",
        ),
        ("value_submit", Some(&text), json!({"value": "hello"}), "value: \"hello\"".into()),
        ("wheel", Some(&plot), with(json!({"delta": -3})), format!("delta: -3.0, {POINT}")),
        ("client_reconnected", None, json!({}), "ClientReconnected".into()),
        ("connection_lost", None, json!({}), "ConnectionLost".into()),
        ("document_ready", None, json!({}), "DocumentReady".into()),
    ];
    for name in [
        "doubletap",
        "mouseenter",
        "mouseleave",
        "mousemove",
        "panend",
        "panstart",
        "pinchend",
        "pinchstart",
        "press",
        "pressup",
        "rotateend",
        "rotatestart",
        "tap",
    ] {
        cases.push((name, Some(&plot), point.clone(), POINT.to_owned()));
    }
    for (name, model, values, expected) in &cases {
        let told = page.send(name, model.map(String::as_str), values.clone()).unwrap();
        let [told] = told.as_slice() else { panic!("{name} told {told:?}") };
        assert!(told.contains(expected.as_str()), "{name}: {told} lacks {expected}");
    }
    let tested: BTreeSet<&str> = cases.iter().map(|(name, ..)| *name).collect();
    assert_eq!(tested.into_iter().collect::<Vec<_>>(), all_names());
}

#[test]
fn events_that_bokeh_does_not_know_are_refused() {
    let mut page = Page::new();
    let id = page.doc.add(figure()).id();
    let plot = page.doc.wire_id(id).unwrap().to_owned();
    for (name, values, expected) in
        [("swipe", json!({}), "unknown event 'swipe'"), ("tap", json!({"sz": 1}), "the event 'tap' has the values")]
    {
        let error = page.send(name, Some(&plot), values).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn clearing_a_file_input_sends_what_bokeh_sends() {
    let mut page = Page::new();
    let input = page.doc.add(FileInput::new());
    page.doc.add_root(input);
    page.doc.take_changes();
    input.clear(&mut page.doc);
    let changes = page.doc.take_changes();
    let [change] = changes.as_slice() else { panic!("one change, not {changes:?}") };
    let bokeh_protocol::PatchEvent::MessageSent { msg_type, msg_data: Value::Event(event) } = &change.event else {
        panic!("no event: {change:?}")
    };
    assert_eq!((&**msg_type, &*event.name), ("bokeh_event", "clear_input"));
    assert_eq!(event.values.get("model").and_then(Value::as_model), Some(input.id()));
}

#[test]
fn uploads_are_told_of_once_all_about_them_has_arrived() {
    for (value, name, kind, expected) in [
        (json!("YQ=="), json!("a.txt"), json!("text/plain"), "[a.txt text/plain YQ==]"),
        (json!(["YQ==", "Yg=="]), json!(["a", "b"]), json!(["", "x/y"]), "[a  YQ==][b x/y Yg==]"),
        (json!(""), json!(""), json!(""), ""),
    ] {
        let mut page = Page::new();
        let input = page.doc.add(FileInput::new());
        let log = page.log.clone();
        input.on_upload(&mut page.doc, move |_, files| {
            let texts = files.iter().map(|file| format!("[{} {} {}]", file.filename, file.mime_type, file.base64));
            log.lock().unwrap().push(texts.collect());
        });
        let id = page.doc.wire_id(input.id()).unwrap().to_owned();
        let events: Vec<Json> = [("value", value), ("filename", name), ("mime_type", kind)]
            .map(|(attr, new)| json!({"kind": "ModelChanged", "model": {"id": id}, "attr": attr, "new": new}))
            .into();
        page.doc.apply_patch(&json!({ "events": events }), &[], Origin::Peer(1)).unwrap();
        let mut timers = bokeh_document::Timers::default();
        timers.apply(page.doc.take_schedule_changes(), std::time::Duration::ZERO);
        for callback in timers.take_due(std::time::Duration::ZERO) {
            page.doc.run_scheduled(callback);
        }
        assert_eq!(page.log.lock().unwrap().concat(), expected);
    }
}

#[test]
fn messages_are_read_as_their_type() {
    for (data, title, n_failures) in [(json!([3, 4]), "12", 0), (json!("wide"), Document::DEFAULT_TITLE, 1)] {
        let mut doc = Document::new();
        doc.on_message_of("resize", |doc: &mut Document, (width, height): (i64, i64)| {
            doc.set_title(format!("{}", width * height));
        });
        let event = json!({"kind": "MessageSent", "msg_type": "resize", "msg_data": data});
        doc.apply_patch(&json!({ "events": [event] }), &[], Origin::Peer(1)).unwrap();
        assert_eq!((doc.take_failures().len(), doc.title()), (n_failures, title));
    }
}

/// A map as BokehJS writes it; references stay.
fn on_wire(value: &Json) -> Json {
    match value.as_object() {
        Some(map) if !map.contains_key("id") => {
            json!({"type": "map", "entries": map.iter().map(|(key, value)| json!([key, value])).collect::<Vec<_>>()})
        }
        _ => value.clone(),
    }
}

/// The names of all events, sorted.
fn all_names() -> Vec<&'static str> {
    bokeh_schema::events().iter().map(|event| event.name).collect()
}

/// Events belong to the classes that have them.
#[expect(dead_code, reason = "it is enough that it compiles")]
fn classes_have_their_events() {
    fn has<M: Model, E: EventOf<M>>() {}
    has::<Toggle, ButtonClick>();
    has::<CheckboxButtonGroup, ButtonClick>();
    has::<Figure, Tap>();
    has::<GMap, RangesUpdate>();
    has::<PasswordInput, ValueSubmit>();
    has::<DatetimeAxis, AxisClick>();
}
