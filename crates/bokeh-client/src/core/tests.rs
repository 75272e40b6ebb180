use bokeh_protocol::{Header, Object, Value};
use serde_json::json;

use super::*;

type Ask = fn(&mut ClientCore) -> RequestId;

const NOW: Duration = Duration::ZERO;

#[test]
fn nothing_is_sent_before_the_ack() {
    let mut client = Client::new();
    client.core.connected();
    let pull = client.core.pull();
    assert_eq!(client.sent(), [] as [&str; 0]);
    client.receive(MessageType::Ack, "", json!({}));
    assert_eq!(client.sent(), ["PULL-DOC-REQ {}"]);
    client.reply(&pull, MessageType::PullDocReply, document("t", &slider(1)));
    assert_eq!(client.outcome(&pull), "Ok(Done)");
}

#[test]
fn a_server_that_does_not_begin_with_ack_is_left() {
    for msgtype in MessageType::ALL.into_iter().filter(|msgtype| *msgtype != MessageType::Ack) {
        let mut client = Client::new();
        client.core.connected();
        client.receive(msgtype, "", json!({}));
        let effects = client.core.take_effects();
        assert!(
            matches!(&effects[..], [Effect::Disconnect(Disconnect::NoAck(other))] if *other == msgtype),
            "{effects:?}"
        );
    }
}

#[test]
fn what_the_server_changes_is_not_sent_back() {
    let mut client = Client::pulled();
    client.patch(&json!([change("value", 5), {"kind": "TitleChanged", "title": "new"}]));
    client.patch(&json!([{"kind": "RootAdded", "model": div("p7")}, {"kind": "RootRemoved", "model": {"id": "p7"}}]));
    assert_eq!(client.value("value"), Value::Int(5));
    assert_eq!(client.core.document().title(), "new");
    assert_eq!(client.sent(), [] as [&str; 0]);
}

#[test]
fn what_a_callback_does_about_it_is_sent() {
    let mut client = Client::pulled();
    let slider = client.slider();
    client.run(move |doc| {
        doc.on_change(slider, "value", move |doc, change| doc.set_value(slider, "step", change.new.clone())).unwrap();
    });
    client.patch(&json!([change("value", 5)]));
    assert_eq!(
        client.sent(),
        [r#"PATCH-DOC {"events":[{"kind":"ModelChanged","model":{"id":"p1"},"attr":"step","new":5}]}"#]
    );
}

#[test]
fn a_new_model_is_defined_once() {
    let mut client = Client::pulled();
    let div = Object { name: "Div".into(), id: Some("mine".into()), attributes: vec![] };
    let div = client.run(|doc| doc.add_root(div));
    client.run(|doc| doc.set_value(div, "text", "x".into()).unwrap());
    assert_eq!(
        client.sent(),
        [
            r#"PATCH-DOC {"events":[{"kind":"RootAdded","model":{"type":"object","name":"Div","id":"mine"}}]}"#,
            r#"PATCH-DOC {"events":[{"kind":"ModelChanged","model":{"id":"mine"},"attr":"text","new":"x"}]}"#,
        ],
    );
}

#[test]
fn changes_stay_here_until_the_document_is_the_same() {
    let mut client = Client::new();
    client.acknowledge();
    client.run(|doc| doc.set_title("local"));
    client.patch(&json!([change("value", 5)]));
    assert_eq!(client.sent(), [] as [&str; 0]);
}

#[test]
fn a_patch_that_arrives_instead_of_the_reply_is_applied() {
    let mut client = Client::pulled();
    let roundtrip = client.core.roundtrip();
    client.patch(&json!([change("value", 7)]));
    client.reply(&roundtrip, MessageType::ServerInfoReply, json!({}));
    assert_eq!(client.value("value"), Value::Int(7));
    assert_eq!(client.outcome(&roundtrip), "Ok(Done)");
}

#[test]
fn a_change_during_a_pull_outlasts_it() {
    let mut client = Client::pulled();
    let slider = client.slider();
    let pull = client.core.pull();
    client.run(move |doc| doc.set_value(slider, "value", 3.into()).unwrap());
    assert_eq!(client.sent().len(), 2);
    client.reply(&pull, MessageType::PullDocReply, document("t", &slider_json(1, 9)));
    assert_eq!((client.value("value"), client.value("end")), (Value::Int(3), Value::Int(9)));
    assert_eq!(client.sent(), [] as [&str; 0], "the server has the change already");
}

#[test]
fn a_push_does_not_take_the_document_apart() {
    let mut client = Client::pulled();
    let slider = client.slider();
    let push = client.core.push();
    client.patch(&json!([{"kind": "RootRemoved", "model": {"id": "p1"}}]));
    client.patch(&json!([{"kind": "RootRemoved", "model": {"id": "unheard-of"}}]));
    client.patch(&json!([{"kind": "RootAdded", "model": slider_json(1, 10)}]));
    client.patch(&json!([change("value", 8)]));
    client.reply(&push, MessageType::Ok, json!({}));
    assert_eq!(client.outcome(&push), "Ok(Done)");
    assert_eq!(client.core.document().value(slider, "value").unwrap(), Value::Int(8), "the handle is void");
    client.patch(&json!([{"kind": "RootRemoved", "model": {"id": "p1"}}]));
    assert!(client.core.document().roots().is_empty(), "a root that is removed later stays");
}

#[test]
fn an_error_is_the_outcome_of_its_request() {
    let requests: [(Ask, &str); 4] = [
        (ClientCore::pull, "the server refused the PULL-DOC-REQ: no way"),
        (ClientCore::push, "the server refused the PUSH-DOC: no way"),
        (ClientCore::server_info, "the server refused the SERVER-INFO-REQ: no way"),
        (ClientCore::roundtrip, "the server refused the SERVER-INFO-REQ: no way"),
    ];
    for (request, expected) in requests {
        let mut client = Client::pulled();
        let id = request(&mut client.core);
        client.reply(&id, MessageType::Error, json!({"text": "no way", "traceback": null}));
        assert_eq!(client.outcome(&id), expected);
    }
}

#[test]
fn a_change_that_was_refused_fails_the_next_roundtrip_only() {
    let mut client = Client::pulled();
    client.run(|doc| doc.set_title("a"));
    client.run(|doc| doc.set_title("b"));
    let patches = client.sent_ids();
    client.receive(MessageType::Error, &patches[0], json!({"text": "first"}));
    client.receive(MessageType::Error, &patches[1], json!({"text": "second"}));
    for expected in ["the server answered a change with an error: first", "Ok(Done)"] {
        let roundtrip = client.core.roundtrip();
        client.reply(&roundtrip, MessageType::ServerInfoReply, json!({}));
        assert_eq!(client.outcome(&roundtrip), expected);
    }
}

#[test]
fn an_answer_that_is_none_fails_its_request() {
    let requests: [(Ask, MessageType, Json, &str); 5] = [
        (ClientCore::pull, MessageType::Ok, json!({}), "the server answered PULL-DOC-REQ by OK"),
        (ClientCore::push, MessageType::PullDocReply, json!({}), "the server answered PUSH-DOC by PULL-DOC-REPLY"),
        (ClientCore::pull, MessageType::PullDocReply, json!({}), "the server's document cannot be read"),
        (
            ClientCore::pull,
            MessageType::PullDocReply,
            json!({"doc": {"title": 1}}),
            "the server's document cannot be read",
        ),
        (ClientCore::server_info, MessageType::ServerInfoReply, json!({}), "the server's answer cannot be read"),
    ];
    for (request, answer, content, expected) in requests {
        let mut client = Client::pulled();
        let id = request(&mut client.core);
        client.reply(&id, answer, content);
        assert_eq!(client.outcome(&id), expected);
        assert_eq!(client.value("value"), Value::Int(1), "something was applied");
    }
}

#[test]
fn what_makes_no_sense_is_passed_over() {
    let strange = [
        (MessageType::Ack, "", json!({})),
        (MessageType::PullDocReq, "", json!({})),
        (MessageType::Ok, "unasked", json!({})),
        (MessageType::Error, "", json!({"text": "nothing"})),
    ];
    for (msgtype, reqid, content) in strange {
        let mut client = Client::pulled();
        client.receive(msgtype, reqid, content.clone());
        let effects = client.core.take_effects();
        assert!(matches!(&effects[..], [Effect::Warning(_)]), "{msgtype} {content}: {effects:?}");
        assert_eq!(client.value("value"), Value::Int(1), "something was applied");
    }
}

#[test]
fn a_patch_that_cannot_be_applied_has_the_document_pulled_anew() {
    for events in [
        json!([change("value", 2), {"kind": "Nonsense"}]),
        json!([change("value", "text")]),
        // Python's server defines a new model to one of its connections, and only names it to the others.
        json!([{"kind": "RootAdded", "model": {"id": "p9"}}]),
        json!([change("tags", json!([{"id": "p9"}]))]),
    ] {
        let mut client = Client::pulled();
        let slider = client.slider();
        client.patch(&events);
        let warning = client.warnings().join(", ");
        assert!(warning.contains("so its document is pulled anew: "), "{events}: {warning}");
        assert_eq!(client.value("value"), Value::Int(1), "something was applied");

        let pulls = client.sent_ids();
        assert_eq!(pulls.len(), 1, "{events}");
        client.patch(&events);
        assert!(client.core.take_effects().is_empty(), "the document that is under way has this, too");
        client.run(move |doc| doc.set_value(slider, "step", 3.into()).unwrap());
        client.receive(MessageType::PullDocReply, &pulls[0], document("anew", &slider_json(5, 9)));
        let values = ["value", "end", "step"].map(|property| client.value(property));
        assert_eq!(values, [5, 9, 3].map(Value::Int));
        assert_eq!(client.slider(), slider, "the handle is void");
        client.patch(&json!([change("value", 6)]));
        assert_eq!(client.value("value"), Value::Int(6));
        assert_eq!(client.warnings(), [] as [&str; 0]);
    }
}

#[test]
fn a_server_that_does_not_give_its_document_anew_is_complained_of() {
    let refusing = (MessageType::Error, json!({"text": "no way", "traceback": null}));
    let broken = (MessageType::PullDocReply, json!({}));
    for (msgtype, answer) in [refusing, broken] {
        let mut client = Client::pulled();
        client.patch(&json!([{"kind": "RootAdded", "model": {"id": "p9"}}]));
        let pulls = client.sent_ids();
        client.receive(msgtype, &pulls[0], answer);
        assert!(client.warnings()[0].contains("cannot be pulled anew"));
        assert_eq!(client.value("value"), Value::Int(1));
        client.patch(&json!([{"kind": "RootAdded", "model": {"id": "p9"}}]));
        assert_eq!(client.sent(), ["PULL-DOC-REQ {}"], "the next chance is not taken");
    }
}

#[test]
fn the_end_of_a_root_that_this_side_never_had_is_no_news() {
    let mut client = Client::pulled();
    client.patch(&json!([{"kind": "RootRemoved", "model": {"id": "p9"}}, change("value", 2)]));
    assert_eq!(client.value("value"), Value::Int(2));
    assert!(client.core.take_effects().is_empty());
}

#[test]
fn a_root_that_comes_and_goes_in_one_patch_is_gone() {
    let mut client = Client::pulled();
    client.patch(&json!([
        {"kind": "RootAdded", "model": div("p9")},
        {"kind": "RootRemoved", "model": {"id": "p9"}},
    ]));
    assert_eq!(client.core.document().roots(), [client.slider()]);
}

#[test]
fn a_definition_of_a_model_that_is_held_by_a_handle_counts() {
    let mut client = Client::pulled();
    let slider = client.slider();
    client.run(move |doc| doc.add(slider));
    client.patch(&json!([{"kind": "RootRemoved", "model": {"id": "p1"}}]));
    client.run(move |doc| doc.set_value(slider, "step", 3.into()).unwrap());
    client.patch(&json!([{"kind": "RootAdded", "model": slider_json(7, 10)}]));
    assert_eq!(client.slider(), slider);
    assert_eq!((client.value("value"), client.value("step")), (Value::Int(7), Value::Int(1)));
    client.run(move |doc| doc.set_value(slider, "value", 8.into()).unwrap());
    assert_eq!(
        client.sent(),
        [r#"PATCH-DOC {"events":[{"kind":"ModelChanged","model":{"id":"p1"},"attr":"value","new":8}]}"#]
    );
}

#[test]
fn a_model_that_is_made_during_a_pull_stays() {
    let mut client = Client::pulled();
    let pull = client.core.pull();
    let div = client.run(|doc| doc.add_root(Object { name: "Div".into(), id: None, attributes: vec![] }));
    client.core.take_effects();
    client.reply(&pull, MessageType::PullDocReply, document("t", &slider(1)));
    assert_eq!(client.core.document().roots(), [client.slider(), div]);
    client.run(move |doc| doc.set_value(div, "text", "x".into()).unwrap());
    assert_eq!(client.sent().len(), 1);
}

#[test]
fn the_echo_of_a_push_does_not_undo_what_came_after() {
    let mut client = Client::pulled();
    let slider = client.slider();
    let push = client.core.push();
    client.run(move |doc| doc.set_value(slider, "value", 5.into()).unwrap());
    client.patch(&json!([{"kind": "RootRemoved", "model": {"id": "p1"}}]));
    client.patch(&json!([{"kind": "RootAdded", "model": slider_json(1, 10)}]));
    client.reply(&push, MessageType::Ok, json!({}));
    assert_eq!(client.value("value"), Value::Int(5));
}

#[test]
fn a_server_is_asked_for_its_version_once_for_each_connection() {
    let info = json!({"version_info": {"bokeh": "3.9.2", "server": "1"}});
    let mut client = Client::pulled();
    for _ in 0..2 {
        let first = client.core.server_info();
        client.reply(&first, MessageType::ServerInfoReply, info.clone());
        let expected = r#"Ok(ServerInfo(ServerInfo { bokeh: "3.9.2", server: "1" }))"#;
        assert_eq!(client.outcome(&first), expected);
        let second = client.core.server_info();
        assert_eq!(client.outcome(&second), expected);
        assert_eq!(client.sent(), [] as [&str; 0]);
        client.core.disconnected(&Disconnect::Closed);
        client.acknowledge();
    }
}

#[test]
fn a_session_that_is_resumed_by_a_pull_keeps_handles_and_callbacks() {
    let mut client = Client::pulled();
    let slider = client.slider();
    client.run(move |doc| {
        doc.on_change(slider, "value", |doc, change| doc.set_title(format!("{:?}", change.new))).unwrap();
    });
    client.core.disconnected(&Disconnect::Closed);
    client.run(move |doc| doc.set_value(slider, "end", 20.into()).unwrap());
    client.core.connected();
    let resumed = client.core.resume(Resume::Pull).unwrap();
    client.receive(MessageType::Ack, "", json!({}));
    assert_eq!(client.sent(), ["PULL-DOC-REQ {}"]);
    client.reply(&resumed, MessageType::PullDocReply, document("t", &slider_json(9, 10)));
    assert_eq!((client.value("value"), client.value("end")), (Value::Int(9), Value::Int(10)));
    assert_eq!(client.slider(), slider);
    assert_eq!(
        client.sent(),
        [r#"PATCH-DOC {"events":[{"kind":"TitleChanged","title":"Int(9)"}]}"#],
        "what the callback did"
    );
}

#[test]
fn a_session_that_is_resumed_by_a_push_brings_what_was_done_meanwhile() {
    let mut client = Client::pulled();
    client.core.disconnected(&Disconnect::Closed);
    client.run(|doc| doc.set_title("meanwhile"));
    client.core.connected();
    let resumed = client.core.resume(Resume::Push).unwrap();
    client.receive(MessageType::Ack, "", json!({}));
    let sent = client.sent();
    assert!(matches!(&sent[..], [push] if push.starts_with("PUSH-DOC ") && push.contains("meanwhile")), "{sent:?}");
    client.reply(&resumed, MessageType::Ok, json!({}));
    assert_eq!(client.outcome(&resumed), "Ok(Done)");
}

#[test]
fn what_was_not_shared_is_not_resumed() {
    let mut client = Client::new();
    client.acknowledge();
    client.core.disconnected(&Disconnect::Closed);
    client.core.connected();
    assert_eq!(client.core.resume(Resume::Pull), None);
}

#[test]
fn the_end_of_the_connection_fails_what_waits_and_leaves_the_document() {
    let mut client = Client::pulled();
    let pull = client.core.pull();
    client.run(|doc| doc.set_title("sent"));
    client.core.take_effects();
    client.core.disconnected(&Disconnect::Closed);
    assert_eq!(client.outcome(&pull), "the connection has ended");
    client.run(|doc| doc.set_title("local"));
    assert_eq!(client.core.document().title(), "local");
    assert_eq!(client.sent(), [] as [&str; 0]);
    let late = client.core.pull();
    assert_eq!(client.outcome(&late), "the connection has ended");
}

#[test]
fn scheduled_callbacks_run_when_their_time_has_come() {
    let mut client = Client::pulled();
    let second = Duration::from_secs(1);
    client.run(move |doc| {
        doc.add_timeout_callback(second, |doc| doc.set_title("late"));
    });
    assert_eq!(client.core.deadline(), Some(second));
    client.core.tick(second / 2);
    assert_eq!(client.sent(), [] as [&str; 0]);
    client.core.tick(second);
    assert_eq!(client.sent(), [r#"PATCH-DOC {"events":[{"kind":"TitleChanged","title":"late"}]}"#]);
    assert_eq!(client.core.deadline(), None);
}

/// A client core, and the server's part of the conversation.
struct Client {
    core: ClientCore,
}

impl Client {
    fn new() -> Self {
        Client { core: ClientCore::new(Document::new(), "c") }
    }

    /// A client that has pulled a document with one slider, `p1`, at 1 of 0 to 10.
    fn pulled() -> Self {
        let mut client = Client::new();
        client.acknowledge();
        let pull = client.core.pull();
        client.reply(&pull, MessageType::PullDocReply, document("t", &slider(1)));
        client.core.take_effects();
        client
    }

    fn acknowledge(&mut self) {
        self.core.connected();
        self.receive(MessageType::Ack, "", json!({}));
        self.core.take_effects();
    }

    fn receive(&mut self, msgtype: MessageType, reqid: &str, content: Json) {
        let header = Header::new("s", msgtype);
        let header = if reqid.is_empty() { header } else { header.in_reply_to(reqid) };
        self.core.receive(RawMessage { header, content, buffers: vec![] }, NOW);
    }

    fn reply(&mut self, request: &RequestId, msgtype: MessageType, content: Json) {
        self.receive(msgtype, &request.0, content);
    }

    fn patch(&mut self, events: &Json) {
        self.receive(MessageType::PatchDoc, "", json!({ "events": events }));
    }

    fn run<T>(&mut self, job: impl FnOnce(&mut Document) -> T) -> T {
        self.core.run(job, NOW)
    }

    fn slider(&self) -> ModelId {
        self.core.document().model_by_wire_id("p1").unwrap()
    }

    fn value(&self, property: &str) -> Value {
        self.core.document().value(self.slider(), property).unwrap()
    }

    /// The warnings since the last look; other effects stay.
    fn warnings(&mut self) -> Vec<String> {
        let (warnings, others) =
            self.core.take_effects().into_iter().partition(|effect| matches!(effect, Effect::Warning(_)));
        self.core.effects = others;
        let text = |effect| match effect {
            Effect::Warning(text) => Some(text),
            _ => None,
        };
        Vec::into_iter(warnings).filter_map(text).collect()
    }

    /// Type and content of what was sent since the last look.
    fn sent(&mut self) -> Vec<String> {
        let describe =
            |message: &Message| format!("{} {}", message.header().msgtype, str::from_utf8(message.content()).unwrap());
        self.take_sent().iter().map(describe).collect()
    }

    fn sent_ids(&mut self) -> Vec<String> {
        self.take_sent().iter().map(|message| message.header().msgid.clone()).collect()
    }

    fn take_sent(&mut self) -> Vec<Message> {
        let sent = |effect| match effect {
            Effect::Send(message) => Some(message),
            _ => None,
        };
        self.core.take_effects().into_iter().filter_map(sent).collect()
    }

    fn outcome(&mut self, request: &RequestId) -> String {
        let outcome = self.core.take_effects().into_iter().find_map(|effect| match effect {
            Effect::Done(id, outcome) if id == *request => Some(outcome),
            _ => None,
        });
        match outcome.expect("the request has no outcome") {
            Ok(reply) => format!("Ok({reply:?})"),
            Err(error) => error.to_string(),
        }
    }
}

fn document(title: &str, root: &Json) -> Json {
    let config = json!({"type": "object", "name": "DocumentConfig", "id": "p2"});
    json!({"doc": {"version": "3.9.2", "title": title, "config": config, "roots": [root]}})
}

fn slider(value: i64) -> Json {
    slider_json(value, 10)
}

fn slider_json(value: i64, end: i64) -> Json {
    json!({"type": "object", "name": "Slider", "id": "p1", "attributes": {"start": 0, "end": end, "value": value}})
}

fn div(id: &str) -> Json {
    json!({"type": "object", "name": "Div", "id": id})
}

fn change(attr: &str, new: impl Into<Json>) -> Json {
    json!({"kind": "ModelChanged", "model": {"id": "p1"}, "attr": attr, "new": new.into()})
}
