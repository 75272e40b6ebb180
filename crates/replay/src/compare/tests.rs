use bokeh_protocol::{Buffer, Header};

use super::*;

#[test]
fn what_says_the_same_in_other_words_is_the_same() {
    for (theirs, ours) in [
        (json!([]), json!([])),
        (json!([text("p1", "a")]), json!([text("m1", "a")])),
        (json!([text("p1", "a"), text("p2", "b")]), json!([text("m2", "b"), text("m1", "a")])),
        (json!([added("p3", json!({"text": "x"}))]), json!([added("m9", json!({"text": "x", "width": null}))])),
        (
            json!([added("p3", json!({"tags": [{"id": "p1"}]})), text("p3", "a")]),
            json!([added("m9", json!({"tags": [{"id": "m1"}]})), text("m9", "a")]),
        ),
        (
            json!([set("p1", "tags", json!([new("p3"), {"id": "p3"}]))]),
            json!([set("m1", "tags", json!([new("m9"), {"id": "m9"}]))]),
        ),
        (
            json!([set("p1", "tags", json!([{"id": "p3"}])), added("p3", json!({}))]),
            json!([set("m1", "tags", json!([new("m9")])), {"kind": "RootAdded", "model": {"id": "m9"}}]),
        ),
        (
            json!([set("p1", "tags", map(&[("a", 1), ("b", 2)]))]),
            json!([set("m1", "tags", map(&[("b", 2), ("a", 1)]))]),
        ),
    ] {
        assert_eq!(compared(&theirs, &ours), [""; 0], "{theirs} and {ours}");
    }
}

#[test]
fn what_differs_is_named() {
    for (theirs, ours, expected) in [
        (json!([text("p1", "a")]), json!([text("m1", "b")]), r#"Div(one).text: "a" | "b""#),
        (json!([text("p1", "a")]), json!([text("m2", "a")]), r#"Div(one).text "a" | nothing"#),
        (json!([text("p1", "a")]), json!([]), r#"Div(one).text "a" | nothing"#),
        (json!([]), json!([text("m1", "a")]), r#"nothing | Div(one).text "a""#),
        (
            json!([text("p1", "a"), text("p1", "b")]),
            json!([text("m1", "b"), text("m1", "a")]),
            r#"nothing | Div(one).text "b""#,
        ),
        (json!([set("p1", "width", json!(1))]), json!([set("m1", "width", json!(1.0))]), "Div(one).width: 1 | 1.0"),
        (
            json!([set("p1", "tags", json!([{"id": "p1"}]))]),
            json!([set("m1", "tags", json!([{"id": "m2"}]))]),
            "Div(one).tags[0]: Div(one) | Div(two), another model",
        ),
        (
            json!([set("p1", "tags", json!([new("p3")]))]),
            json!([set("m1", "tags", json!([{"id": "m9"}]))]),
            "Div(one).tags[0]: the definition of Div | a reference",
        ),
        (json!([added("p3", json!({"text": "x"}))]), json!([added("m9", json!({}))]), r#"Div.text: "x" | nothing"#),
        (
            json!([{"kind": "TitleChanged", "title": "a"}]),
            json!([{"kind": "TitleChanged", "title": "b"}]),
            r#"title: "a" | "b""#,
        ),
    ] {
        assert_eq!(compared(&theirs, &ours).first().map(String::as_str), Some(expected), "{theirs} and {ours}");
    }
}

#[test]
fn bytes_are_compared_wherever_they_are() {
    let patch = |id: &str, bytes: &'static [u8]| {
        let array = json!({"type": "bytes", "data": {"id": id}});
        let content = json!({"events": [{"kind": "MessageSent", "msg_type": "m", "msg_data": array}]});
        RawMessage { header: header(MessageType::PatchDoc, None), content, buffers: vec![Buffer::new(id, bytes)] }
    };
    for (ours, n_differences) in [(&b"abc"[..], 0), (b"abd", 1)] {
        let mut comparison = Comparison::default();
        comparison.theirs(1, &patch("p7", b"abc"));
        comparison.ours(1, &patch("b1", ours));
        assert_eq!(comparison.finish().len(), n_differences);
    }
}

#[test]
fn replies_cut_events_into_segments() {
    let reply = |msgtype, reqid: &str| RawMessage {
        header: header(msgtype, Some(reqid)),
        content: json!({}),
        buffers: Vec::new(),
    };
    let mut comparison = started();
    comparison.note("a note");
    comparison.theirs(1, &patch(&json!([text("p1", "a")])));
    comparison.theirs(1, &reply(MessageType::Ok, "1"));
    comparison.ours(1, &reply(MessageType::Ok, "1"));
    comparison.ours(1, &patch(&json!([text("m1", "a")])));
    comparison.theirs(1, &reply(MessageType::Ok, "2"));
    comparison.ours(1, &reply(MessageType::Error, "2"));
    comparison.theirs_closed(1, Some(1000), "");
    comparison.ours_closed(1, Some(1001), "");
    let found: Vec<String> =
        comparison.finish().into_iter().map(|found| format!("{}: {}", found.place, found.what)).collect();
    assert_eq!(
        found,
        [
            r#"1: a note: Div(one).text "a" | nothing"#,
            r#"1: a note: nothing | Div(one).text "a""#,
            "1: a note: OK to 2 | ERROR to 2",
            "1: a note: closed.code: 1000 | 1001",
        ]
    );
}

#[test]
fn ids_of_a_recorded_peer_become_ours() {
    let mut comparison = started();
    let mut content = json!([{"id": "p1"}, new("made by the peer"), {"type": "bytes", "data": {"id": "p1"}}]);
    comparison.translate(&mut content);
    assert_eq!(content, json!([{"id": "m1"}, new("made by the peer"), {"type": "bytes", "data": {"id": "p1"}}]));
}

/// The differences between the events of two patches, in a session whose models `one` and `two` both know.
fn compared(theirs: &Json, ours: &Json) -> Vec<String> {
    let mut comparison = started();
    comparison.theirs(1, &patch(theirs));
    comparison.ours(1, &patch(ours));
    comparison.finish().into_iter().map(|difference| difference.what).collect()
}

fn started() -> Comparison {
    let pull = |one: &str, two: &str| {
        let div = |id, name| json!({"type": "object", "name": "Div", "id": id, "attributes": {"name": name}});
        let content = json!({"doc": {"roots": [div(one, "one"), div(two, "two")]}});
        RawMessage { header: header(MessageType::PullDocReply, Some("1")), content, buffers: Vec::new() }
    };
    let mut comparison = Comparison::default();
    comparison.theirs(1, &pull("p1", "p2"));
    comparison.ours(1, &pull("m1", "m2"));
    comparison
}

fn header(msgtype: MessageType, reqid: Option<&str>) -> Header {
    let mut header = Header::new("1", msgtype);
    header.reqid = reqid.map(Into::into);
    header
}

fn patch(events: &Json) -> RawMessage {
    RawMessage {
        header: header(MessageType::PatchDoc, None),
        content: json!({ "events": events }),
        buffers: Vec::new(),
    }
}

fn set(id: &str, attr: &str, new: impl Into<Json>) -> Json {
    let new = new.into();
    json!({"kind": "ModelChanged", "model": {"id": id}, "attr": attr, "new": new})
}

fn text(id: &str, text: &str) -> Json {
    set(id, "text", json!(text))
}

fn new(id: &str) -> Json {
    json!({"type": "object", "name": "Div", "id": id})
}

fn added(id: &str, attributes: impl Into<Json>) -> Json {
    let attributes = attributes.into();
    json!({"kind": "RootAdded", "model": {"type": "object", "name": "Div", "id": id, "attributes": attributes}})
}

fn map(entries: &[(&str, i64)]) -> Json {
    json!({"type": "map", "entries": entries})
}
