use proptest::prelude::*;

use super::*;
use crate::receiver::{Limits, Receiver};

#[test]
fn each_message_has_the_header_and_content_of_its_type() {
    let empty = "{}";
    #[rustfmt::skip]
    let cases = [
        (Message::ack("m1"), r#"{"msgid":"m1","msgtype":"ACK"}"#, empty),
        (Message::pull_doc_req("m1"), r#"{"msgid":"m1","msgtype":"PULL-DOC-REQ"}"#, empty),
        (Message::pull_doc_reply("m1", "r", r#"{"doc":{}}"#, vec![]), r#"{"msgid":"m1","msgtype":"PULL-DOC-REPLY","reqid":"r","num_buffers":0}"#, r#"{"doc":{}}"#),
        (Message::push_doc("m1", r#"{"doc":{}}"#, vec![]), r#"{"msgid":"m1","msgtype":"PUSH-DOC","num_buffers":0}"#, r#"{"doc":{}}"#),
        (Message::patch_doc("m1", []), r#"{"msgid":"m1","msgtype":"PATCH-DOC","num_buffers":0}"#, r#"{"events":[]}"#),
        (Message::server_info_req("m1"), r#"{"msgid":"m1","msgtype":"SERVER-INFO-REQ"}"#, empty),
        (Message::server_info_reply("m1", "r", &info()), r#"{"msgid":"m1","msgtype":"SERVER-INFO-REPLY","reqid":"r"}"#,
            r#"{"version_info":{"bokeh":"3.9.2","server":"0.1.0"}}"#),
        (Message::ok("m1", "r"), r#"{"msgid":"m1","msgtype":"OK","reqid":"r"}"#, empty),
        (Message::error("m1", "r", &ErrorContent::new("no")), r#"{"msgid":"m1","msgtype":"ERROR","reqid":"r"}"#,
            r#"{"text":"no","traceback":null}"#),
    ];
    for (message, header, content) in cases {
        let expected = [header, empty, content].map(|text| Fragment::Text(text.into()));
        assert_eq!(message.fragments().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_patch_joins_its_events_and_shares_their_buffers() {
    let data = Bytes::from(vec![1, 2, 3]);
    let first = EncodedEvent::new(r#"{"n":1}"#, [Buffer::new("a", data.clone()), Buffer::new("\"", "")]);
    let second = EncodedEvent::new(r#"{"n":2}"#, [Buffer::new("b", "x")]);
    let message = Message::patch_doc("m1", [&first, &second]);
    let texts = [r#"{"id":"a"}"#, r#"{"id":"\""}"#, r#"{"id":"b"}"#];
    let fragments: Vec<_> = message.fragments().collect();
    assert_eq!(message.content(), r#"{"events":[{"n":1},{"n":2}]}"#);
    assert_eq!(fragments.len(), 9);
    for (at, text) in [3, 5, 7].into_iter().zip(texts) {
        assert_eq!(fragments[at], Fragment::Text(text.into()));
    }
    assert_eq!(fragments[4].bytes().as_ptr(), data.as_ptr(), "the bytes were copied");
}

#[test]
fn contents_are_read_as_they_were_written() {
    let with_traceback = ErrorContent { traceback: Some("line 1\nline 2".into()), ..ErrorContent::new("no") };
    for error in [ErrorContent::new("é\u{0}\""), with_traceback] {
        let content = serde_json::from_slice(&error.to_content()).unwrap();
        assert_eq!(ErrorContent::parse(&content).unwrap(), error);
    }
    let content = serde_json::from_slice(&info().to_content()).unwrap();
    assert_eq!(ServerInfo::parse(&content).unwrap(), info());
}

#[test]
fn contents_of_another_form_are_refused() {
    for content in ["{}", "[]", "null", r#"{"text":1}"#, r#"{"text":"t","traceback":1}"#] {
        let content = serde_json::from_str(content).unwrap();
        assert!(ErrorContent::parse(&content).is_err(), "{content}");
    }
    for content in ["{}", r#"{"version_info":{"bokeh":"3.9.2"}}"#, r#"{"version_info":"3.9.2"}"#] {
        let content = serde_json::from_str(content).unwrap();
        assert!(ServerInfo::parse(&content).is_err(), "{content}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_received(messages in prop::collection::vec(message(), 0..8)) {
        let mut receiver = Receiver::for_client(Limits::default());
        for message in messages {
            let mut fragments = message.fragments().peekable();
            while let Some(fragment) = fragments.next() {
                let Some(received) = receiver.push(fragment).unwrap() else { continue };
                prop_assert!(fragments.peek().is_none(), "completed too early");
                prop_assert_eq!(&received.header, message.header());
                let content: serde_json::Value = serde_json::from_slice(message.content()).unwrap();
                prop_assert_eq!(received.content, content);
                prop_assert_eq!(received.buffers, message.buffers());
            }
            prop_assert!(!receiver.is_mid_message(), "not completed by the last fragment");
        }
    }
}

fn message() -> impl Strategy<Value = Message> {
    let event = (any::<String>(), buffers()).prop_map(|(title, buffers)| {
        let json = serde_json::json!({"kind": "TitleChanged", "title": title}).to_string();
        EncodedEvent::new(json, buffers)
    });
    let text = any::<String>;
    let doc = || any::<String>().prop_map(|title| serde_json::json!({"doc": {"title": title}}).to_string());
    prop_oneof![
        text().prop_map(Message::ack),
        text().prop_map(Message::pull_doc_req),
        (text(), text(), doc(), buffers())
            .prop_map(|(msgid, reqid, doc, buffers)| Message::pull_doc_reply(msgid, reqid, doc, buffers)),
        (text(), doc(), buffers()).prop_map(|(msgid, doc, buffers)| Message::push_doc(msgid, doc, buffers)),
        (text(), prop::collection::vec(event, 0..4)).prop_map(|(msgid, events)| Message::patch_doc(msgid, &events)),
        text().prop_map(Message::server_info_req),
        (text(), text()).prop_map(|(msgid, reqid)| Message::server_info_reply(msgid, reqid, &info())),
        (text(), text()).prop_map(|(msgid, reqid)| Message::ok(msgid, reqid)),
        (text(), text(), text(), any::<Option<String>>()).prop_map(|(msgid, reqid, text, traceback)| {
            Message::error(msgid, reqid, &ErrorContent { text, traceback })
        }),
    ]
}

fn buffers() -> impl Strategy<Value = Vec<Buffer>> {
    let buffer = (any::<String>(), any::<Vec<u8>>()).prop_map(|(id, data)| Buffer::new(id, data));
    prop::collection::vec(buffer, 0..4)
}

fn info() -> ServerInfo {
    ServerInfo { bokeh: "3.9.2".into(), server: "0.1.0".into() }
}
