//! Who is told what, when.

use super::*;

#[test]
fn a_connection_is_told_nothing_before_it_has_the_document() {
    let (doc, slider, _) = slider_and_div();
    let mut session = Session::new(doc);
    let connection = session.core.attach(1);
    assert_eq!(session.sent(), ["1 ACK"]);
    session.run(move |doc| doc.set_value(slider, "value", 2.into()).unwrap());
    assert_eq!(session.sent(), [""; 0]);
    session.request(connection, "PULL-DOC-REQ", json!({}));
    assert_eq!(session.sent(), ["1 PULL-DOC-REPLY"]);
    session.run(move |doc| doc.set_value(slider, "value", 3.into()).unwrap());
    assert_eq!(session.sent(), [r#"1 value=3, text="3""#]);
}

#[test]
fn the_author_gets_what_it_caused_and_not_what_it_said() {
    let (doc, slider, _) = slider_and_div();
    let mut session = Session::new(doc);
    let (one, _) = (session.viewer(), session.viewer());
    session.set(one, slider, "value", 5);
    assert_eq!(session.sent(), [r#"1 text="5""#, r#"2 value=5, text="5""#, "1 OK"]);
    session.set(one, slider, "value", 5);
    assert_eq!(session.sent(), ["1 OK"], "an equal value is no change");
}

#[test]
fn a_failing_callback_undoes_nothing() {
    let (doc, slider, _) = slider_and_div();
    let mut session = Session::new(doc);
    let (one, _) = (session.viewer(), session.viewer());
    session.set(one, slider, "value", 9);
    assert_eq!(session.sent(), [r#"1 text="9""#, r#"2 value=9, text="9""#, "1 ERROR"]);
    assert_eq!(session.log, ["the callback of Slider(m1003).value failed: nine"]);
}

#[test]
fn a_refused_request_is_answered_and_disturbs_nobody() {
    let (doc, slider, _) = slider_and_div();
    let mut session = Session::new(doc);
    let (one, _) = (session.viewer(), session.viewer());
    for (msgtype, content, expected) in [
        ("PATCH-DOC", json!({}), "the field 'events' is missing"),
        ("PATCH-DOC", json!([]), "the field 'events' is missing"),
        (
            "PATCH-DOC",
            json!({"events": [{"kind": "RootAdded", "model": {"id": "zzz"}}]}),
            "can't resolve reference 'zzz'",
        ),
        ("PUSH-DOC", json!({}), "the content has no 'doc'"),
        ("PUSH-DOC", json!({"doc": {"title": "x", "config": null}}), "the document's field 'roots' is missing"),
    ] {
        session.request(one, msgtype, content);
        assert_eq!(session.sent(), ["1 ERROR"], "{expected}");
        let logged = session.log.pop().unwrap();
        assert!(logged.contains(expected), "{logged}");
    }
    session.patch(one, &json!([]));
    assert_eq!(session.sent(), ["1 OK"], "a patch without events is fine");
    session.set(one, slider, "value", 2);
    assert_eq!(session.sent().last().unwrap(), "1 OK", "and so is the next one");
}

#[test]
fn an_error_does_not_send_a_long_id_back() {
    let (doc, ..) = slider_and_div();
    let mut session = Session::new(doc);
    let one = session.viewer();
    session.patch(one, &json!([{"kind": "RootAdded", "model": {"id": "z".repeat(1 << 20)}}]));
    let (_, error) = session.messages().pop().unwrap();
    assert_eq!(error.header().msgtype, MessageType::Error);
    assert!(error.content().len() < 11_000, "{}", error.content().len());
}

#[test]
fn a_lost_connection_is_an_event_of_the_document() {
    let (mut doc, _, _) = slider_and_div();
    doc.on_event(None, "connection_lost", |doc, _| doc.set_title("alone")).unwrap();
    let mut session = Session::new(doc);
    let (one, _) = (session.viewer(), session.viewer());
    session.core.detach(one, session.now);
    assert_eq!(session.sent(), [r#"2 title="alone""#]);
}

#[test]
fn arrays_go_inline_when_a_token_pulls_again() {
    let mut doc = Document::new();
    let data = bokeh_protocol::Map::from_iter([("x", Value::from(bokeh_protocol::Array::from(vec![1.0])))]);
    doc.add_root(object("ColumnDataSource", [("data", data.into())]));
    let mut session = Session::new(doc);
    for (token, n_buffers) in [(1, 1), (2, 1), (1, 0), (3, 0), (3, 0)] {
        if token == 3 {
            session.core.note_other_answer(token);
        }
        let connection = session.core.attach(token);
        session.request(connection, "PULL-DOC-REQ", json!({}));
        let reply = session.messages().pop().unwrap().1;
        assert_eq!(reply.buffers().len(), n_buffers, "token {token}");
        session.request(connection, "PULL-DOC-REQ", json!({}));
        let reply = session.messages().pop().unwrap().1;
        assert_eq!(reply.buffers().len(), n_buffers, "token {token}, the second time on this connection");
        session.core.detach(connection, session.now);
    }
}

#[test]
fn scheduled_callbacks_run_on_time_and_in_order() {
    let mut doc = Document::new();
    let count = |doc: &mut Document, by: &str| {
        let title = format!("{}{by}", doc.title());
        doc.set_title(title);
    };
    doc.set_title("");
    doc.add_next_tick_callback(move |doc| count(doc, "n"));
    doc.add_timeout_callback(Duration::from_millis(25), move |doc| count(doc, "t"));
    doc.add_periodic_callback(Duration::from_millis(10), move |doc| count(doc, "p"));
    let mut session = Session::new(doc);
    assert_eq!(session.core.deadline(), Some(Duration::ZERO));
    for (at_ms, expected) in
        [(0, "n"), (9, "n"), (10, "np"), (20, "npp"), (25, "nppt"), (100, "npptp"), (109, "npptp"), (110, "npptpp")]
    {
        let at = Duration::from_millis(at_ms);
        session.advance(at - session.now);
        assert_eq!(session.core.document().title(), expected, "at {at_ms} ms");
    }
}

#[test]
fn a_callback_that_schedules_itself_lets_others_in() {
    fn again(doc: &mut Document) {
        let title = format!("{}.", doc.title());
        doc.set_title(title);
        doc.add_next_tick_callback(again);
    }
    let mut doc = Document::new();
    doc.set_title("");
    doc.add_next_tick_callback(again);
    let mut session = Session::new(doc);
    for expected in [".", "..", "..."] {
        session.advance(Duration::ZERO);
        assert_eq!(session.core.document().title(), expected);
        assert_eq!(session.core.deadline(), Some(Duration::ZERO), "the next one is due at once");
    }
}

#[test]
fn a_push_is_told_to_the_others() {
    let (doc, _, _) = slider_and_div();
    let mut session = Session::new(doc);
    let (one, _) = (session.viewer(), session.viewer());
    let div = json!({"type": "object", "name": "Div", "id": "c1", "attributes": {"text": "pushed"}});
    session.request(one, "PUSH-DOC", json!({"doc": {"title": "theirs", "config": null, "roots": [div]}}));
    assert_eq!(session.sent(), ["2 RootRemoved, RootRemoved", r#"2 RootAdded, title="theirs""#, "1 OK"]);
    session.run(|doc| {
        let div = doc.model_by_wire_id("c1").unwrap();
        doc.set_value(div, "text", "ours".into()).unwrap();
    });
    assert_eq!(session.sent(), [r#"1 text="ours""#, r#"2 text="ours""#]);
}

#[test]
fn who_does_not_read_is_told_what_holds_when_it_reads_again() {
    let (doc, slider, _) = slider_and_div();
    let mut session = Session::new(doc);
    let (slow, _) = (session.viewer(), session.viewer());
    session.core.fall_behind(slow);
    for value in [2, 3, 4] {
        session.run(move |doc| {
            doc.set_value(slider, "value", value.into()).unwrap();
            let size = if value == 3 { 1 << 20 } else { 1 };
            doc.send_message("count", "x".repeat(size));
        });
    }
    assert!(session.sent().iter().all(|message| message.starts_with("2 ")), "the slow one is told nothing now");
    assert_eq!(session.core.n_dirty(), 2, "two properties");
    session.core.catch_up(slow, session.now);
    assert_eq!(session.core.n_dirty(), 0);
    // Messages are no part of the document: those that are too long are not kept.
    assert_eq!(
        session.sent(),
        ["1 value=4", r#"1 text="4""#, "1 MessageSent", "1 MessageSent"],
        "each place once, however often it has changed"
    );
}

#[test]
fn what_a_peer_is_writing_is_not_pulled_from_under_it() {
    let (doc, slider, _) = slider_and_div();
    let mut session = Session::new(doc);
    let (one, _) = (session.viewer(), session.viewer());
    let quiet = Duration::from_millis(200);
    session.set(one, slider, "value", 5);
    session.sent();
    session.run(move |doc| doc.set_value(slider, "value", 6.into()).unwrap());
    assert_eq!(session.sent(), [r#"1 text="6""#, r#"2 value=6, text="6""#], "the one who drags is not told yet");
    assert_eq!(session.core.n_dirty(), 1);
    session.advance(quiet / 2);
    session.set(one, slider, "value", 7);
    session.sent();
    session.advance(quiet - Duration::from_millis(1));
    assert_eq!(session.sent(), [""; 0]);
    session.advance(Duration::from_millis(1));
    assert_eq!(session.sent(), ["1 value=7"], "what holds, once it is quiet");
}

#[test]
fn a_root_that_a_peer_has_made_one_by_itself_is_removed_like_any_other() {
    let mut doc = Document::new();
    let row = doc.add_root(object("Row", [("children", Value::from_iter([Value::from(object("Div", []))]))]));
    let div = doc.value(row, "children").unwrap().as_list().unwrap()[0].as_model().unwrap();
    let wire_id = doc.wire_id(div).unwrap().to_owned();
    let mut session = Session::new(doc);
    let (slow, _) = (session.viewer(), session.viewer());
    session.core.fall_behind(slow);
    session.run(move |doc| assert_eq!(doc.add_root(div), div));
    session.patch(slow, &json!([{"kind": "RootAdded", "model": {"id": wire_id}}]));
    session.run(move |doc| assert!(doc.remove_root(div)));
    session.sent();
    session.core.catch_up(slow, session.now);
    session.advance(Duration::from_millis(200));
    let sent = session.sent();
    assert!(sent.contains(&"1 RootRemoved".to_owned()), "{sent:?}");
}

#[test]
fn a_model_that_a_peer_may_have_dropped_is_defined_to_it_again() {
    let mut doc = Document::new();
    let full = doc.add_root(object("Row", [("children", Value::from_iter([Value::from(object("Div", []))]))]));
    let empty = doc.add_root(object("Row", []));
    let div = doc.value(full, "children").unwrap().as_list().unwrap()[0].clone();
    let full_id = doc.wire_id(full).unwrap().to_owned();
    let mut session = Session::new(doc);
    let one = session.viewer();
    session.run(move |doc| {
        doc.set_value(empty, "children", Value::from_iter([div])).unwrap();
        assert!(doc.remove_root(full));
    });
    assert_eq!(session.sent(), [r#"1 children=[{"id":"m1004"}], RootRemoved"#]);
    // It has emptied the row before it heard of that, and so did not know the child of the other row any more.
    session.patch(one, &json!([{"kind": "ModelChanged", "model": {"id": full_id}, "attr": "children", "new": []}]));
    assert_eq!(session.sent(), ["1 OK"]);
    session.advance(Duration::from_secs(1));
    let sent = session.sent();
    assert!(sent.contains(&r#"1 children=[{"type":"object","name":"Div","id":"m1004"}]"#.to_owned()), "{sent:?}");
}
