//! Messages that cannot be read. They end the connection, since nobody can tell where the next message begins.

use bokeh_protocol::Limits;
use bokeh_server::Settings;
use serde_json::{Value as Json, json};

use crate::bystander::Bystander;
use crate::client::{Client, Frame};
use crate::log;
use crate::server::{settings, start};

/// The close codes are RFC 6455's: those of Python's server, 10000 and 10001, are not allowed. Its reasons are kept.
#[tokio::test]
async fn a_message_that_cannot_be_read_ends_its_own_connection_only() {
    let deep = "[".repeat(100_000);
    let buffer = || text(r#"{"id":"b"}"#);
    let oversized = || Frame::binary(vec![0; LIMITS.max_fragment_bytes + 1]);
    // What is wrong, the frames, the code and reason of the Close frame, and what the log says.
    let cases: Vec<(&str, Vec<Frame>, u16, &str, &str)> = vec![
        ("no JSON", vec![text("{")], 1007, "server failed to parse a message", "the header is not valid JSON"),
        ("nothing", vec![text("")], 1007, "server failed to parse a message", "the header is not valid JSON"),
        ("two values", vec![text("{} {}")], 1007, "server failed to parse a message", "the header is not valid JSON"),
        ("a deep header", vec![text(&deep)], 1007, "server failed to parse a message", "the header is not valid JSON"),
        ("a header that is no object", vec![text("[1]")], 1002, "No 'msgtype' in header", "no msgtype"),
        ("no type", vec![text(r#"{"msgid":"1"}"#)], 1002, "No 'msgtype' in header", "no msgtype"),
        ("no id", vec![text(r#"{"msgtype":"PATCH-DOC"}"#)], 1002, "server failed to handle a message", "no msgid"),
        (
            "a type nobody knows",
            vec![text(r#"{"msgid":"1","msgtype":"HELLO"}"#)],
            1002,
            "server failed to parse a message",
            r#"unknown message type "HELLO""#,
        ),
        ("a reply", vec![header("OK", Json::Null)], 1002, "Message 'OK' not expected on server", "takes no OK"),
        ("a greeting", vec![header("ACK", Json::Null)], 1002, "Message 'ACK' not expected on server", "takes no ACK"),
        (
            "a reqid that is no text",
            vec![text(r#"{"msgid":"1","msgtype":"PATCH-DOC","reqid":7}"#)],
            1002,
            "the reqid 7 is not a string",
            "the reqid 7 is not a string",
        ),
        ("fewer than no buffers", vec![patch(-1)], 1002, "num_buffers is -1, which is not a count", "num_buffers"),
        ("half a buffer", vec![patch(0.5)], 1002, "num_buffers is 0.5, which is not a count", "num_buffers"),
        ("many buffers", vec![patch(4)], 1009, "4 buffers exceed the limit of 3", "4 buffers exceed"),
        (
            "more buffers than can be counted",
            vec![patch(u64::MAX)],
            1009,
            "18446744073709551615 buffers exceed the limit of 3",
            "buffers exceed",
        ),
        (
            "binary metadata",
            vec![patch(0), binary()],
            1002,
            "expected text fragment but received binary fragment for _METADATA",
            "the metadata",
        ),
        ("bad metadata", vec![patch(0), text("{]")], 1007, "metadata could not be decoded", "the metadata"),
        ("deep metadata", vec![patch(0), text(&deep)], 1007, "metadata could not be decoded", "the metadata"),
        (
            "binary content",
            vec![patch(0), text("{}"), binary()],
            1002,
            "expected text fragment but received binary fragment for _CONTENT",
            "the content",
        ),
        (
            "bad content",
            vec![patch(0), text("{}"), text(r#"{"events":[NaN]}"#)],
            1007,
            "content could not be decoded",
            "the content is not valid JSON",
        ),
        (
            "deep content",
            vec![patch(0), text("{}"), text(&deep)],
            1009,
            "the content is nested deeper than 20 levels",
            "nested deeper than 20",
        ),
        (
            "a binary header",
            vec![binary()],
            1002,
            "expected text fragment but received binary fragment for _HEADER",
            "expected a text fragment for the header",
        ),
        (
            "a payload without its header",
            vec![patch(1), text("{}"), events(), binary()],
            1002,
            "expected text fragment but received binary fragment for _BUFFER_HEADER",
            "expected a text fragment for the buffer header",
        ),
        (
            "a buffer header that is no JSON",
            vec![patch(1), text("{}"), events(), text("b1")],
            1007,
            "server failed to parse a message",
            "the buffer header is not valid JSON",
        ),
        (
            "a buffer header with more than an id",
            vec![patch(1), text("{}"), events(), text(r#"{"id":"b","x":1}"#)],
            1002,
            r#"Malformed buffer header {"id":"b","x":1}"#,
            "malformed buffer header",
        ),
        (
            "a buffer's id that is no text",
            vec![patch(1), text("{}"), events(), text(r#"{"id":1}"#)],
            1002,
            r#"Malformed buffer header {"id":1}"#,
            "malformed buffer header",
        ),
        (
            "a text payload",
            vec![patch(1), text("{}"), events(), buffer(), text("{}")],
            1002,
            "expected binary fragment but received text fragment for _BUFFER_PAYLOAD",
            "expected a binary fragment for the buffer payload",
        ),
        ("a long fragment", vec![oversized()], 1009, "message too big", "message too big"),
        (
            "a long message",
            vec![patch(3), text("{}"), events(), buffer(), full(), buffer(), full()],
            1009,
            "a message exceeds the limit of 300000 bytes",
            "a message exceeds the limit of 300000 bytes",
        ),
    ];
    let server = start("/app", Settings { message_limits: LIMITS, ..settings() }).await;
    for (n, (what, frames, code, reason, logged)) in cases.into_iter().enumerate() {
        let session = format!("malformed-{n}");
        let mut bystander = Bystander::join(server.port(), "/app", &session).await;
        let mut author = Client::open(server.port(), "/app", &session).await;
        author.send(frames).await;
        assert_eq!(author.closed().await, (code, reason.to_owned()), "{what}");
        bystander.assert_undisturbed().await;
        log::assert_warned(&session, logged);
    }
    log::assert_no_panic();
}

#[tokio::test]
async fn what_breaks_the_rules_of_websockets_ends_its_own_connection_only() {
    let server = start("/app", settings()).await;
    // What is wrong, the bytes, and the code and reason of the Close frame.
    for (n, (what, bytes, code, reason)) in [
        ("text that is not UTF-8", &[0x81, 0x81, 0, 0, 0, 0, 0xff][..], 1007, "text is not UTF-8"),
        ("a frame without a mask", &[0x81, 0x01, b'x'], 1002, ""),
        ("an opcode nobody knows", &[0x83, 0x80, 0, 0, 0, 0], 1002, ""),
        ("a reserved bit", &[0xc1, 0x80, 0, 0, 0, 0], 1002, ""),
        ("a continuation of nothing", &[0x80, 0x80, 0, 0, 0, 0], 1002, ""),
        ("a long ping", &[&[0x89, 0xfe, 0x00, 0x7e, 0, 0, 0, 0], &[0; 126][..]].concat(), 1002, ""),
        ("a frame of an exabyte", &[0x82, 0xff, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1009, "message too big"),
    ]
    .into_iter()
    .enumerate()
    {
        let session = format!("broken-{n}");
        let mut bystander = Bystander::join(server.port(), "/app", &session).await;
        let mut author = Client::open(server.port(), "/app", &session).await;
        author.send_raw(bytes).await;
        let (actual, text) = author.closed().await;
        // The library's own words change from version to version.
        assert!(actual == code && text.contains(reason) && !text.is_empty(), "{what}: {actual} {text}");
        bystander.assert_undisturbed().await;
        log::assert_warned(&session, "a peer broke the rules");
    }
    log::assert_no_panic();
}

#[tokio::test]
async fn a_message_that_never_ends_is_forgotten_with_its_connection() {
    let server = start("/app", settings()).await;
    let mut bystander = Bystander::join(server.port(), "/app", "unfinished").await;
    let content = json!({"events": [{"kind": "TitleChanged", "title": "half"}]});
    for frames in [
        vec![patch(0)],
        vec![patch(0), text("{}")],
        vec![patch(1), text("{}"), text(&content.to_string())],
        vec![patch(1), text("{}"), text(&content.to_string()), text(r#"{"id":"b"}"#)],
    ] {
        let mut author = Client::open(server.port(), "/app", "unfinished").await;
        author.send(frames).await;
        author.leave().await;
        bystander.assert_undisturbed().await;
    }
    log::assert_no_panic();
}

fn text(text: &str) -> Frame {
    Frame::text(text.to_owned())
}

fn binary() -> Frame {
    Frame::binary(vec![1, 2, 3])
}

/// A payload as long as a fragment may be.
fn full() -> Frame {
    Frame::binary(vec![0; LIMITS.max_fragment_bytes])
}

/// A content that would change the title.
fn events() -> Frame {
    text(r#"{"events":[{"kind":"TitleChanged","title":"changed"}]}"#)
}

fn patch(num_buffers: impl Into<Json>) -> Frame {
    header("PATCH-DOC", num_buffers)
}

fn header(msgtype: &str, num_buffers: impl Into<Json>) -> Frame {
    text(&json!({"msgid": "q", "msgtype": msgtype, "num_buffers": num_buffers.into()}).to_string())
}

/// Small ones, but for fragments, so that a deep text is refused for its depth.
const LIMITS: Limits =
    Limits { max_fragment_bytes: 200_000, max_message_bytes: 300_000, max_buffers: 3, max_depth: 20 };
