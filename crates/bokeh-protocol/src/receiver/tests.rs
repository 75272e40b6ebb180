use super::*;
use crate::close::Close;
use Piece::{Binary, Text};

#[test]
fn a_message_without_buffers_takes_three_fragments() {
    let message = receive(&PATCH).unwrap();
    assert_eq!(message.header, Header::new("m1", MessageType::PatchDoc));
    assert_eq!(message.content, serde_json::json!({"events": []}));
    assert_eq!(message.buffers, []);
}

#[test]
fn buffers_are_kept_in_order_and_may_be_empty() {
    let message = receive(&PATCH_WITH_BUFFERS).unwrap();
    assert_eq!(message.header.num_buffers, Some(2));
    assert_eq!(message.buffers, [Buffer::new("b1", &b"\x00\xff"[..]), Buffer::new("b2", &b""[..])]);
}

#[test]
fn every_type_of_message_is_received_by_the_side_it_is_meant_for() {
    for msgtype in MessageType::ALL {
        let header = Header::new("m1", msgtype).to_json();
        let fragments = [Text(&header), Text("{}"), Text("{}")];
        let by_client = run(Receiver::for_client(Limits::default()), &fragments).unwrap();
        assert_eq!(by_client.header.msgtype, msgtype);
        let by_server = receive(&fragments);
        match msgtype.is_request() {
            true => assert_eq!(by_server.unwrap().header.msgtype, msgtype),
            false => assert!(matches!(by_server, Err(ReceiveError::NotARequest(refused)) if refused == msgtype)),
        }
    }
}

#[test]
fn fields_that_are_null_count_as_absent() {
    let header = r#"{"msgid":"m1","msgtype":"PATCH-DOC","reqid":null,"num_buffers":null,"more":1}"#;
    let message = receive(&replace(&PATCH, 0, Text(header))).unwrap();
    assert_eq!(message.header, Header::new("m1", MessageType::PatchDoc));
}

#[test]
fn a_bad_fragment_is_named_and_closes_the_connection_with_a_legal_code() {
    let text_due = |state| format!("expected text fragment but received binary fragment for {state}");
    let unparsed = "server failed to parse a message";
    #[rustfmt::skip]
    let cases = [
        (0, Binary(b"{}"), "expected a text fragment for the header", 1002, text_due("_HEADER")),
        (1, Binary(b"{}"), "expected a text fragment for the metadata", 1002, text_due("_METADATA")),
        (2, Binary(b"{}"), "expected a text fragment for the content", 1002, text_due("_CONTENT")),
        (3, Binary(b"{}"), "expected a text fragment for the buffer header", 1002, text_due("_BUFFER_HEADER")),
        (4, Text("{}"), "expected a binary fragment for the buffer payload", 1002,
            "expected binary fragment but received text fragment for _BUFFER_PAYLOAD".to_owned()),
        (0, Text("nope"), "the header is not valid JSON", 1007, unparsed.to_owned()),
        (1, Text("{"), "the metadata is not valid JSON", 1007, "metadata could not be decoded".to_owned()),
        (2, Text("{} {}"), "the content is not valid JSON", 1007, "content could not be decoded".to_owned()),
        (2, Text("[NaN]"), "the content is not valid JSON", 1007, "content could not be decoded".to_owned()),
        (3, Text("zzz"), "the buffer header is not valid JSON", 1007, unparsed.to_owned()),
        (0, Text(r#"{"msgid":"m1"}"#), "the header has no msgtype", 1002, "No 'msgtype' in header".to_owned()),
        (0, Text("[1]"), "the header has no msgtype", 1002, "No 'msgtype' in header".to_owned()),
        (0, Text(r#"{"msgid":"m1","msgtype":"NOPE"}"#), r#"unknown message type "NOPE""#, 1002, unparsed.to_owned()),
        (0, Text(r#"{"msgid":"m1","msgtype":7}"#), r#"unknown message type "7""#, 1002, unparsed.to_owned()),
        (0, Text(r#"{"msgtype":"PATCH-DOC"}"#), "the header has no msgid", 1002, "server failed to handle a message".to_owned()),
        (0, Text(r#"{"msgid":1,"msgtype":"PATCH-DOC"}"#), "the header has no msgid", 1002, "server failed to handle a message".to_owned()),
        (0, Text(r#"{"msgid":"m1","msgtype":"ACK"}"#), "a server takes no ACK message", 1002, "Message 'ACK' not expected on server".to_owned()),
        (0, Text(r#"{"msgid":"m1","msgtype":"PATCH-DOC","reqid":1}"#), "the reqid 1 is not a string", 1002, "the reqid 1 is not a string".to_owned()),
        (0, Text(r#"{"msgid":"m1","msgtype":"PATCH-DOC","num_buffers":-1}"#), "num_buffers is -1, which is not a count", 1002, "num_buffers is -1, which is not a count".to_owned()),
        (0, Text(r#"{"msgid":"m1","msgtype":"PATCH-DOC","num_buffers":1.5}"#), "num_buffers is 1.5, which is not a count", 1002, "num_buffers is 1.5, which is not a count".to_owned()),
        (3, Text(r#"{"id":"b","x":1}"#), r#"malformed buffer header {"id":"b","x":1}"#, 1002, r#"Malformed buffer header {"id":"b","x":1}"#.to_owned()),
        (3, Text(r#"{"id":1}"#), r#"malformed buffer header {"id":1}"#, 1002, r#"Malformed buffer header {"id":1}"#.to_owned()),
        (3, Text("[]"), "malformed buffer header []", 1002, "Malformed buffer header []".to_owned()),
    ];
    for (at, bad, error, code, reason) in cases {
        let received = receive(&replace(&PATCH_WITH_BUFFERS, at, bad)).unwrap_err();
        assert_eq!(received.to_string(), error);
        assert_eq!(received.close(), Close::new(code, reason), "{error}");
    }
}

#[test]
fn what_exceeds_a_limit_is_refused_and_what_reaches_it_is_not() {
    let sizes = PATCH_WITH_BUFFERS.map(|piece| piece.fragment().bytes().len());
    let (header, whole) = (sizes[0], sizes.iter().sum());
    let fragment = |max_fragment_bytes| Limits { max_fragment_bytes, ..Limits::default() };
    let message = |max_message_bytes| Limits { max_message_bytes, ..Limits::default() };
    let buffers = |max_buffers| Limits { max_buffers, ..Limits::default() };
    let depth = |max_depth| Limits { max_depth, ..Limits::default() };
    for (enough, too_little, error) in [
        (fragment(header), fragment(header - 1), "a fragment of 52 bytes exceeds the limit of 51"),
        (message(whole), message(whole - 1), "a message exceeds the limit of 90 bytes"),
        (buffers(2), buffers(1), "2 buffers exceed the limit of 1"),
        (depth(2), depth(1), "the content is nested deeper than 1 levels"),
    ] {
        run(Receiver::for_server(enough), &PATCH_WITH_BUFFERS).unwrap();
        let received = run(Receiver::for_server(too_little), &PATCH_WITH_BUFFERS).unwrap_err();
        assert_eq!(received.to_string(), error);
        assert_eq!(received.close().code, Close::TOO_BIG);
    }
}

#[test]
fn the_limit_of_a_message_is_counted_anew_for_each_message() {
    let limits = Limits { max_message_bytes: 60, ..Limits::default() };
    let mut receiver = Receiver::for_server(limits);
    for _ in 0..3 {
        let fragments = PATCH.map(|piece| receiver.push(piece.fragment()).unwrap());
        assert!(matches!(fragments, [None, None, Some(_)]));
    }
}

#[test]
fn documents_as_deep_as_the_default_limit_fit_the_stack_of_a_thread() {
    let limit = Limits::default().max_depth;
    for (depth, is_fine) in [(limit, true), (limit + 1, false), (1_000_000, false)] {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let received = receive(&replace(&PATCH, 2, Text(&nested)));
        assert_eq!(received.is_ok(), is_fine, "{depth} levels");
        if let Err(error) = received {
            assert!(matches!(error, ReceiveError::TooDeep { .. }), "{error}");
        }
    }
}

#[test]
fn half_of_a_surrogate_pair_is_replaced_and_whole_pairs_are_not() {
    for (json, text) in [
        (r#""a\ud83d""#, "a\u{fffd}"),
        (r#""\ude00a""#, "\u{fffd}a"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
        (r#""\\ud83d\ude00\"""#, "\\ud83d\u{fffd}\""),
    ] {
        let message = receive(&replace(&PATCH, 2, Text(json))).unwrap();
        assert_eq!(message.content, text, "{json}");
    }
}

#[test]
fn what_a_peer_sent_is_quoted_in_part_only() {
    let long = format!(r#"{{"msgid":"m1","msgtype":"{}"}}"#, "é".repeat(1_000));
    let error = receive(&replace(&PATCH, 0, Text(&long))).unwrap_err();
    assert_eq!(error.to_string(), format!("unknown message type \"{}\"", "é".repeat(200)));
    let id = format!(r#"{{"x":"{}"}}"#, "é".repeat(1_000));
    let error = receive(&replace(&PATCH_WITH_BUFFERS, 3, Text(&id))).unwrap_err();
    assert_eq!(error.close().reason(), format!(r#"Malformed buffer header {{"x":"{}"#, "é".repeat(46)));
}

#[test]
fn after_an_error_the_receiver_is_at_the_start() {
    let mut receiver = Receiver::for_server(Limits::default());
    receiver.push(PATCH[0].fragment()).unwrap();
    assert!(receiver.is_mid_message());
    receiver.push(Binary(b"").fragment()).unwrap_err();
    assert!(!receiver.is_mid_message());
}

/// A fragment that can stand in a table.
#[derive(Clone, Copy, Debug)]
enum Piece<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
}

impl Piece<'_> {
    fn fragment(self) -> Fragment {
        match self {
            Text(text) => Fragment::Text(text.to_owned().into()),
            Binary(bytes) => Fragment::Binary(bytes.to_owned().into()),
        }
    }
}

const PATCH: [Piece<'static>; 3] =
    [Text(r#"{"msgid": "m1", "msgtype": "PATCH-DOC"}"#), Text("{}"), Text(r#"{"events": []}"#)];

const PATCH_WITH_BUFFERS: [Piece<'static>; 7] = [
    Text(r#"{"msgid":"m1","msgtype":"PATCH-DOC","num_buffers":2}"#),
    Text("{}"),
    Text(r#"{"events":[]}"#),
    Text(r#"{"id":"b1"}"#),
    Binary(b"\x00\xff"),
    Text(r#"{"id":"b2"}"#),
    Binary(b""),
];

fn replace<'a>(message: &[Piece<'a>], at: usize, piece: Piece<'a>) -> Vec<Piece<'a>> {
    let mut pieces = message.to_vec();
    pieces[at] = piece;
    pieces
}

/// What a server makes of the pieces of one message.
fn receive(pieces: &[Piece<'_>]) -> Result<RawMessage, ReceiveError> {
    run(Receiver::for_server(Limits::default()), pieces)
}

fn run(mut receiver: Receiver, pieces: &[Piece<'_>]) -> Result<RawMessage, ReceiveError> {
    let mut received = None;
    for piece in pieces {
        assert_eq!(received, None, "a message ended before its last fragment");
        received = receiver.push(piece.fragment())?;
    }
    Ok(received.expect("the last fragment completes the message"))
}
