//! The known defects of Bokeh 3.9.2, and the places where BokehJS computes otherwise than Python: what happens here instead.
//!
//! Each has a test of its own. Those that need more than the core of a session are elsewhere:
//!
//! | defect | test |
//! |---|---|
//! | 1. the second connection of a session never gets the definition of a new model | [`every_viewer_gets_the_definition_of_a_new_model`] |
//! | 2. changes before a failure are kept, but nobody is told | [`what_was_done_before_a_callback_failed_is_announced`], [`a_refused_patch_changes_nothing`] |
//! | 3. BokehJS does not find the buffers of a pull after a reconnect | `rules::arrays_go_inline_when_a_token_pulls_again` |
//! | 4. an application that fails leaves its session's id hanging | `sessions::tests::an_id_is_free_again_after_a_failure`, `pages::an_application_that_fails_costs_one_page_and_no_more` |
//! | 5. `on_event` on an attached model never fires | [`a_callback_for_events_of_a_model_that_is_shown_already_is_called`] |
//! | 6. ColumnDataChanged with `cols` drops the other columns | [`columns_that_are_not_named_stay`] |
//! | 7. a `connection_lost` callback that changes the document keeps the dead connection | [`a_callback_may_change_the_document_when_a_connection_is_lost`] |
//! | 8. a page of an existing session has the token of the first page | `defects::a_second_page_of_a_session_has_a_token_of_its_own` over HTTP |
//! | 9. async callbacks are not awaited and see another document | `work::spawned_tasks_use_tokio_and_update_the_document` of the server, `work` of the document |
//! | 10. the client throws away what arrives while it waits for a reply | `a_patch_that_arrives_instead_of_the_reply_is_applied` of the client's core |
//! | 11. ids of a pushing client and of the server meet | [`ids_of_the_server_do_not_meet_those_of_a_pushing_client`] |
//! | 12. `hold` keeps callbacks from being scheduled, and `unhold` sends edits back to their author | [`a_callback_is_scheduled_while_changes_are_held`], [`a_held_edit_does_not_come_back_to_its_author`] |
//!
//! The rest is about BokehJS.

use std::collections::BTreeSet;

use bokeh_document::HoldPolicy;
use bokeh_protocol::{Array, Event, Map};

use super::*;

#[test]
fn every_viewer_gets_the_definition_of_a_new_model() {
    let (mut session, one, two) = two_viewers(Document::new());
    session.run(|doc| {
        doc.add_root(object("Div", [("text", "new".into())]));
    });
    let added = json!({"kind": "RootAdded", "model": {
        "type": "object", "name": "Div", "id": "m1003", "attributes": {"text": "new"},
    }});
    assert_eq!(patches(&mut session), [(one, vec![added.clone()]), (two, vec![added])]);
}

#[test]
fn what_was_done_before_a_callback_failed_is_announced() {
    let (doc, slider, _) = slider_and_div();
    let (mut session, one, _) = two_viewers(doc);
    session.set(one, slider, "value", 9);
    assert_eq!(session.sent(), [r#"1 text="9""#, r#"2 value=9, text="9""#, "1 ERROR"]);
}

#[test]
fn a_refused_patch_changes_nothing() {
    let (doc, slider, _) = slider_and_div();
    let (mut session, one, _) = two_viewers(doc);
    let id = wire_id(&session, slider);
    session.patch(
        one,
        &json!([
            {"kind": "TitleChanged", "title": "half"},
            {"kind": "ModelChanged", "model": {"id": id}, "attr": "value", "new": "no number"},
        ]),
    );
    assert_eq!(session.core.document().title(), "Bokeh Application");
    // Its author has changed its copy already.
    assert_eq!(told(&mut session, one), ["ERROR", r#"title="Bokeh Application""#, "value=1"]);
}

#[test]
fn a_callback_for_events_of_a_model_that_is_shown_already_is_called() {
    let mut doc = Document::new();
    let button = doc.add_root(object("Button", []));
    let (mut session, one, _) = two_viewers(doc);
    session.run(move |doc| {
        doc.on_event(Some(button), "button_click", |doc, _| doc.set_title("clicked")).unwrap();
    });
    let subscribed = r#"subscribed_events={"type":"set","entries":["button_click"]}"#;
    assert_eq!(told(&mut session, one), [subscribed], "the browser is told to report clicks");
    let id = wire_id(&session, button);
    let click = json!({"type": "event", "name": "button_click", "values": {
        "type": "map", "entries": [["model", {"id": id}]],
    }});
    session.patch(one, &json!([{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": click}]));
    assert_eq!(session.core.document().title(), "clicked");
}

#[test]
fn columns_that_are_not_named_stay() {
    let (doc, source) = source([("x", list([1, 2])), ("y", list([3, 4]))]);
    let (mut session, one, _) = two_viewers(doc);
    let id = wire_id(&session, source);
    let data = json!({"type": "map", "entries": [["x", [5, 6]]]});
    session.patch(
        one,
        &json!([{"kind": "ColumnDataChanged", "model": {"id": id}, "attr": "data", "data": data, "cols": ["x"]}]),
    );
    assert_eq!(columns(&session, source), [("x", list([5, 6])), ("y", list([3, 4]))]);
}

#[test]
fn a_callback_may_change_the_document_when_a_connection_is_lost() {
    let (mut doc, _, _) = slider_and_div();
    doc.on_event(None, "connection_lost", |doc, _| doc.set_title("lost")).unwrap();
    let (mut session, one, two) = two_viewers(doc);
    session.core.detach(one, session.now);
    assert_eq!(patches(&mut session), [(two, vec![json!({"kind": "TitleChanged", "title": "lost"})])]);
    session.run(|doc| doc.set_title("later"));
    assert_eq!(told(&mut session, one), [""; 0], "nothing is sent to the one that is gone");
}

#[test]
fn ids_of_the_server_do_not_meet_those_of_a_pushing_client() {
    let (mut session, one, _) = two_viewers(Document::new());
    let root = |n: u32| json!({"type": "object", "name": "Div", "id": format!("p{n}")});
    let roots: Vec<Json> = (1001..1030).map(root).collect();
    session.request(one, "PUSH-DOC", json!({"doc": {"title": "theirs", "config": null, "roots": roots}}));
    session.messages();
    session.run(|doc| {
        for _ in 0..30 {
            doc.add_root(object("Div", []));
        }
    });
    let document = session.core.document();
    let ids: BTreeSet<&str> = document.models().filter_map(|model| document.wire_id(model)).collect();
    assert_eq!(ids.len(), document.n_models());
    assert_eq!(document.roots().len(), 29 + 30);
}

#[test]
fn a_callback_is_scheduled_while_changes_are_held() {
    let (doc, slider, _) = slider_and_div();
    let (mut session, one, _) = two_viewers(doc);
    session.run(move |doc| {
        doc.hold(HoldPolicy::Combine);
        doc.set_value(slider, "value", 3.into()).unwrap();
        doc.add_next_tick_callback(Document::unhold);
    });
    assert_eq!(told(&mut session, one), [""; 0]);
    session.advance(Duration::ZERO);
    assert_eq!(told(&mut session, one), [r#"value=3, text="3""#]);
}

#[test]
fn a_held_edit_does_not_come_back_to_its_author() {
    let (doc, slider, _) = slider_and_div();
    let (mut session, one, two) = two_viewers(doc);
    session.run(|doc| doc.hold(HoldPolicy::Collect));
    session.set(one, slider, "value", 5);
    session.messages();
    session.run(Document::unhold);
    let id = wire_id(&session, slider);
    let value = json!({"kind": "ModelChanged", "model": {"id": id}, "attr": "value", "new": 5});
    let patches = patches(&mut session);
    let of = |viewer| patches.iter().filter(move |(number, _)| *number == viewer).flat_map(|(_, events)| events);
    assert!(!of(one).any(|event| *event == value), "{patches:?}");
    assert!(of(two).any(|event| *event == value), "{patches:?}");
}

// Where BokehJS computes otherwise than Python.

/// The author of a change of columns that is refused gets them as they are.
const REFUSED: [&str; 2] = ["ColumnDataChanged", "ERROR"];

#[test]
fn a_rollover_below_one_is_refused() {
    for rollover in [0, -1] {
        let (doc, source) = source([("x", list([1, 2]))]);
        let (mut session, one, _) = two_viewers(doc);
        let (id, data) = (wire_id(&session, source), json!({"type": "map", "entries": [["x", [3]]]}));
        session.patch(
            one,
            &json!([{
                "kind": "ColumnsStreamed", "model": {"id": id}, "attr": "data", "data": data, "rollover": rollover,
            }]),
        );
        assert_eq!(told(&mut session, one), REFUSED, "rollover {rollover}");
        assert_eq!(columns(&session, source), [("x", list([1, 2]))]);
    }
}

#[test]
fn what_browsers_stream_otherwise_is_sent_as_its_outcome() {
    let floats = |values: &[f64]| Value::from(Array::from(values.to_vec()));
    for (old, rows, rollover, new) in [
        // BokehJS keeps a typed column as long as it was.
        (floats(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), floats(&[7.0]), Some(3), floats(&[5.0, 6.0, 7.0])),
        // It cuts floats off to fit into a column of integers.
        (Array::from(vec![1, 2]).into(), floats(&[2.5]), None, floats(&[1.0, 2.0, 2.5])),
    ] {
        let (doc, source) = source([("x", old)]);
        let (mut session, one, two) = two_viewers(doc);
        session.run(move |doc| doc.stream(source, &Map::from_iter([("x", rows)]), rollover).unwrap());
        assert_eq!(columns(&session, source), [("x", new)]);
        for viewer in [one, two] {
            let kinds = kinds(&mut session, viewer);
            assert!(kinds.iter().all(|kind| kind == "ColumnDataChanged"), "{kinds:?}");
        }
    }
}

#[test]
fn what_browsers_stream_as_we_do_is_sent_as_rows() {
    let (doc, source) = source([("x", list([1, 2]))]);
    let (mut session, one, _) = two_viewers(doc);
    session.run(move |doc| doc.stream(source, &Map::from_iter([("x", list([3]))]), Some(3)).unwrap());
    assert_eq!(kinds(&mut session, one), ["ColumnsStreamed"]);
}

#[test]
fn a_slice_takes_as_many_values_as_it_has() {
    let (doc, source) = source([("x", list([1, 2, 3]))]);
    let (mut session, one, _) = two_viewers(doc);
    let id = wire_id(&session, source);
    for (values, answer) in [(json!([8, 9]), &["OK"][..]), (json!([8]), &REFUSED), (json!([8, 9, 9]), &REFUSED)] {
        let slice = json!({"type": "slice", "start": 0, "stop": 2, "step": null});
        let patches = json!({"type": "map", "entries": [["x", [[slice, values]]]]});
        session
            .patch(one, &json!([{"kind": "ColumnsPatched", "model": {"id": id}, "attr": "data", "patches": patches}]));
        assert_eq!(told(&mut session, one), answer, "{values}");
        assert_eq!(columns(&session, source), [("x", list([8, 9, 3]))]);
    }
}

/// Python's own clients send what Python has made of it, without the offset.
#[test]
fn the_offset_of_a_time_counts() {
    let mut doc = Document::new();
    let picker = doc.add_root(object("DatetimeRangeSlider", []));
    let (mut session, one, _) = two_viewers(doc);
    let at = |text: &str| json!(text);
    session.set(one, picker, "value", json!([at("2024-01-01T12:00:00+05:00"), at("2024-01-01T12:00:00Z")]));
    let noon = 1_704_110_400_000.0;
    let value = session.core.document().value(picker, "value").unwrap();
    assert!(value.matches(&list([noon - 5.0 * 3_600_000.0, noon])), "{value:?}");
}

#[test]
fn the_author_of_a_new_model_is_told_of_its_sub_models() {
    let mut doc = Document::new();
    let div = doc.add_root(object("Div", []));
    let (mut session, one, _) = two_viewers(doc);
    session.set(one, div, "tags", json!([{"type": "object", "name": "ColumnDataSource", "id": "js1"}]));
    let source = session.core.document().model_by_wire_id("js1").unwrap();
    let selection = session.core.document().value(source, "selected").unwrap().as_model().unwrap();
    let selection = wire_id(&session, selection);
    let patches = patches(&mut session);
    let is_told = patches.iter().any(|(number, events)| {
        let defines = |event: &Json| {
            event["model"]["id"] == "js1" && event["attr"] == "selected" && event["new"]["id"] == selection.as_str()
        };
        *number == one && events.iter().any(defines)
    });
    assert!(is_told, "{patches:?}");
}

#[test]
fn a_model_that_was_gone_is_defined_in_a_message_of_its_own() {
    let mut doc = Document::new();
    let div = doc.add(object("Div", [("text", "old".into())]));
    doc.add_root(div);
    let (mut session, one, _) = two_viewers(doc);
    session.run(move |doc| {
        doc.remove_root(div);
        doc.set_value(div, "text", "new".into()).unwrap();
        doc.add_root(div);
    });
    let messages: Vec<Vec<Json>> =
        patches(&mut session).into_iter().filter(|(number, _)| *number == one).map(|(_, events)| events).collect();
    let kinds: Vec<Vec<&str>> =
        messages.iter().map(|events| events.iter().map(|event| event["kind"].as_str().unwrap()).collect()).collect();
    assert_eq!(kinds, [["RootRemoved"], ["RootAdded"]]);
    assert_eq!(messages[1][0]["model"]["attributes"]["text"], "new");
}

/// BokehJS knows only one of Bokeh's events as one that servers send, `clear_input`, and passes over the whole PATCH-DOC with
/// any other. Bokeh sends each change by itself, so that nothing else is lost. Here it takes others along, which is wrong.
#[test]
fn an_event_that_browsers_do_not_take_costs_no_other_changes() {
    let mut doc = Document::new();
    let button = doc.add_root(object("Button", []));
    let (mut session, one, _) = two_viewers(doc);
    session.run(move |doc| {
        let values = Map::from_iter([("model", Value::from(button))]);
        doc.send_message("bokeh_event", Value::from(Event { name: "button_click".into(), values }));
        doc.set_title("told");
    });
    let kinds = |events: Vec<Json>| -> Vec<String> {
        events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
    };
    let messages = patches(&mut session).into_iter().filter(|(number, _)| *number == one);
    let messages: Vec<Vec<String>> = messages.map(|(_, events)| kinds(events)).collect();
    assert_eq!(messages, [["MessageSent"], ["TitleChanged"]]);
}

/// A session with two viewers, who have tokens of their own and have seen the document for long.
fn two_viewers(document: Document) -> (Session, ConnectionId, ConnectionId) {
    let mut session = Session::new(document);
    let [one, two] = [1, 2].map(|token| {
        let connection = session.core.attach(token);
        session.request(connection, "PULL-DOC-REQ", json!({}));
        connection
    });
    session.advance(Duration::from_secs(60));
    session.messages();
    (session, one, two)
}

fn source<const N: usize>(columns: [(&str, Value); N]) -> (Document, ModelId) {
    let mut doc = Document::new();
    let source = doc.add_root(object("ColumnDataSource", [("data", Map::from_iter(columns).into())]));
    (doc, source)
}

fn list<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    items.into_iter().map(Into::into).collect()
}

fn wire_id(session: &Session, model: ModelId) -> String {
    session.core.document().wire_id(model).unwrap().to_owned()
}

fn columns(session: &Session, source: ModelId) -> Vec<(&str, Value)> {
    let data = session.core.document().data(source).unwrap();
    let names: Vec<&'static str> = data.keys().map(|name| if name == "x" { "x" } else { "y" }).collect();
    names.into_iter().map(|name| (name, data.get(name).unwrap().clone())).collect()
}

/// The patches since the last call, one entry for each message.
fn patches(session: &mut Session) -> Vec<(ConnectionId, Vec<Json>)> {
    let messages = session.messages().into_iter();
    let patches = messages.filter(|(_, message)| message.header().msgtype == MessageType::PatchDoc);
    let events = |message: &Message| {
        let content: Json = serde_json::from_slice(message.content()).unwrap();
        content["events"].as_array().unwrap().clone()
    };
    patches.map(|(connection, message)| (connection, events(&message))).collect()
}

/// The kinds of the events that a viewer was sent since the last call.
fn kinds(session: &mut Session, viewer: ConnectionId) -> Vec<String> {
    let of_viewer = patches(session).into_iter().filter(|(number, _)| *number == viewer);
    of_viewer.flat_map(|(_, events)| events).map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

/// What a viewer was sent since the last call, in short and sorted.
fn told(session: &mut Session, viewer: ConnectionId) -> Vec<String> {
    let prefix = format!("{} ", viewer.0);
    let mut told: Vec<String> =
        session.sent().iter().filter_map(|text| text.strip_prefix(&prefix)).map(str::to_owned).collect();
    told.sort();
    told
}
