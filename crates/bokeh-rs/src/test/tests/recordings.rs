//! The gestures of the kit send what BokehJS sent when the same was done in a browser.

use std::path::Path;

use bokeh_application::Application;
use bokeh_document::{Document, Origin};
use bokeh_models::models::{
    Button, CheckboxGroup, ColorPicker, DataTable, DatePicker, Dropdown, Figure, MultiSelect, RadioButtonGroup, Select,
    Slider, Spinner, TextInput, Toggle,
};
use bokeh_protocol::{Fragment, Limits, MessageType, RawMessage, Receiver};
use bytes::Bytes;
use serde_json::Value as Json;

use super::super::App;

#[test]
fn a_slider_is_dragged_as_in_the_browser() {
    let mut recording = Recording::read("js_slider_drag");
    let slider = recording.app.find::<Slider>("slider");
    recording.app.drag(slider, 4);
    recording.compare(&[]);
}

#[test]
fn a_button_is_clicked_as_in_the_browser() {
    let mut recording = Recording::read("js_button");
    let button = recording.app.find::<Button>("button");
    recording.app.click(button);
    recording.app.click(button);
    // The recording ends with a script that sets the text of the div.
    recording.compare(&["p1009.text"]);
}

#[test]
fn widgets_are_used_as_in_the_browser() {
    let mut recording = Recording::read("js_widgets");
    let app = &mut recording.app;
    app.click(app.find::<Toggle>("toggle"));
    app.toggle(app.find::<CheckboxGroup>("check"), "b");
    app.choose(app.find::<RadioButtonGroup>("radio"), "b");
    app.choose(app.find::<Select>("select"), "b");
    app.choose_many(app.find::<MultiSelect>("multi"), &["c", "b"]);
    app.enter(app.find::<Spinner>("spin"), 2);
    app.enter(app.find::<DatePicker>("date"), "2024-05-06");
    app.enter(app.find::<ColorPicker>("color"), "#00FF00");
    app.type_text(app.find::<TextInput>("text"), "typed");
    app.submit(app.find::<TextInput>("text"));
    app.click(app.find::<Toggle>("toggle"));
    app.choose(app.find::<Dropdown>("drop"), "Two");
    app.toggle(app.find::<CheckboxGroup>("check"), "a");
    // Scripts set these in the recording, which a user's hand would have dragged or chosen; and a spinner that a script sets
    // has not been left.
    recording.compare(&["p1014.value", "p1019.value", "p1020.value", "p1015.value_throttled"]);
}

#[test]
fn a_table_is_edited_as_in_the_browser() {
    let mut recording = Recording::read("js_table_edit");
    let table = recording.app.find::<DataTable>("tab");
    recording.app.edit_cell(table, 0, "name", "edited");
    recording.app.edit_cell(table, 1, "val", 7.5);
    recording.app.select_rows(recording.app.only(), &[2]);
    recording.compare(&[]);
}

#[test]
fn a_plot_tells_of_the_mouse_as_in_the_browser() {
    let mut recording = Recording::read("js_plot_events");
    let (app, said) = (&mut recording.app, recording.said.clone());
    let plot = app.find::<Figure>("fig");
    // Each gesture, and the first and the last event that it caused in the recording.
    type Gesture<'a> = &'a dyn Fn(&mut App);
    let cases: [(&str, Gesture<'_>, &str, &str); 7] = [
        ("tap", &|app| app.tap(plot, 2, 2), "p1009.indices=[1]", "tap"),
        ("double tap", &|app| app.double_tap(plot, 0.5, 3.5), "p1009.indices=[]", "doubletap"),
        ("box", &|app| app.box_select(plot, (0.6, 3.4), (0.6, 3.2)), "panstart", "panend"),
        ("zoom", &|app| app.zoom(plot, (0.4, 3.6), (0.4, 3.6)), "p1011.start", "rangesupdate"),
        ("press", &|app| app.press(plot, 2, 2), "press", "pressup"),
        ("pan", &|app| app.pan(plot, -0.5, 0.1), "lodstart", "lodend"),
        ("reset", &|app| app.reset(plot), "p1011.start", "reset"),
    ];
    let mut rest = &said[..];
    for (name, gesture, first, last) in cases {
        app.take_said();
        gesture(app);
        let ours: Vec<String> = recording_names(app).into_iter().filter(|event| !is_move(event)).collect();
        let begin = rest.iter().position(|event| event == first).unwrap_or_else(|| panic!("{name}: no {first}"));
        let end = begin + rest[begin..].iter().position(|event| event == last).unwrap();
        let theirs: Vec<String> = rest[begin..=end].iter().filter(|event| !is_move(event)).cloned().collect();
        assert_eq!(collapse(ours), collapse(theirs), "{name}");
        rest = &rest[end + 1..];
    }
}

/// Before and during a gesture a real mouse moves as it likes.
fn is_move(event: &str) -> bool {
    matches!(event, "mousemove" | "mouseenter")
}

/// A recording, and an application whose document is the recorded one.
struct Recording {
    app: App,
    /// The events that the page sent, in short.
    said: Vec<String>,
}

impl Recording {
    fn read(scenario: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../e2e/corpus/{scenario}.jsonl"));
        let lines = std::fs::read_to_string(path).unwrap();
        let lines: Vec<Json> = lines.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
        let received = messages(&lines, "s2c");
        let pulled = received.into_iter().find(|message| message.header.msgtype == MessageType::PullDocReply).unwrap();
        let app = App::open(Application::new(move |doc: &mut Document| fill(doc, &pulled)));
        let patches =
            messages(&lines, "c2s").into_iter().filter(|message| message.header.msgtype == MessageType::PatchDoc);
        let said = patches.flat_map(|patch| names(&patch.content)).collect();
        Recording { app, said }
    }

    /// Compares what both pages have sent: which events, and for properties also what. `not_ours` are events of the
    /// recording that come from something else than the gestures.
    fn compare(mut self, not_ours: &[&str]) {
        let ours: Vec<String> = recording_names(&mut self.app);
        let is_ours = |event: &String| !not_ours.iter().any(|other| event.starts_with(other));
        let theirs: Vec<String> = self.said.iter().filter(|event| is_ours(event)).cloned().collect();
        let ours = ours.into_iter().filter(is_ours).collect();
        assert_eq!(collapse(ours), collapse(theirs));
    }
}

fn fill(doc: &mut Document, pulled: &RawMessage) {
    doc.replace_with(&pulled.content["doc"], &pulled.buffers, Origin::Local).unwrap();
}

/// What the page of the kit has sent, in short.
fn recording_names(app: &mut App) -> Vec<String> {
    let said = app.take_said();
    let (content, _) = super::super::app::steps::encode(app.doc(), &said);
    names(&serde_json::from_slice(&content).unwrap())
}

/// The events of a patch in short: `p1008.value=4`, `p1012 patched {..}`, `tap`.
fn names(content: &Json) -> Vec<String> {
    let name = |event: &Json| {
        let model = event["model"]["id"].as_str().unwrap_or_default();
        match event["kind"].as_str().unwrap() {
            // Sizes and ranges depend on what is drawn.
            "ModelChanged" if event["attr"].as_str().unwrap().ends_with(['h', 't', 'd']) => {
                format!("{model}.{}", event["attr"].as_str().unwrap())
            }
            "ModelChanged" => format!("{model}.{}={}", event["attr"].as_str().unwrap(), event["new"]),
            "ColumnsPatched" => format!("{model} patched {}", event["patches"]),
            "MessageSent" => event["msg_data"]["name"].as_str().unwrap().to_owned(),
            kind => kind.to_owned(),
        }
    };
    content["events"].as_array().unwrap().iter().map(name).collect()
}

/// Leaves one of several changes of a text that follow each other key by key, and of equal events.
fn collapse(events: Vec<String>) -> Vec<String> {
    let mut collapsed: Vec<String> = Vec::new();
    for event in events {
        let is_key = |event: &str| event.contains("value_input=");
        if collapsed.last().is_some_and(|last| *last == event || (is_key(last) && is_key(&event))) {
            collapsed.pop();
        }
        collapsed.push(event);
    }
    collapsed
}

fn messages(lines: &[Json], dir: &str) -> Vec<RawMessage> {
    let mut receiver = match dir {
        "s2c" => Receiver::for_client(Limits::default()),
        _ => Receiver::for_server(Limits::default()),
    };
    let fragments = lines.iter().filter(|line| line["dir"] == dir).filter_map(fragment);
    fragments.filter_map(|fragment| receiver.push(fragment).unwrap()).collect()
}

fn fragment(line: &Json) -> Option<Fragment> {
    use base64::Engine;
    match line["op"].as_str()? {
        "text" => Some(Fragment::Text(Bytes::from(line["text"].as_str()?.to_owned()))),
        "binary" => {
            let bytes = base64::engine::general_purpose::STANDARD.decode(line["b64"].as_str()?).unwrap();
            Some(Fragment::Binary(bytes.into()))
        }
        _ => None,
    }
}
