use bokeh_protocol::{payload_from_json, payload_to_json};

use super::*;

#[test]
fn a_request_survives_the_token() {
    let request = Request::default()
        .with_argument("a", "1")
        .with_argument("a", "2")
        .with_argument("raw", [0xff, 0x00])
        .with_argument("empty", "")
        .with_header("X-Foo", "é")
        .with_cookie("c", "v");
    assert_eq!(Request::from_payload(&request.to_payload()), request);
}

#[test]
fn a_request_keeps_its_order_in_the_token() {
    let request = Request::default().with_argument("b", "1").with_argument("a", "2").with_argument("b", "3");
    let json = payload_to_json(&request.to_payload());
    let read = Request::from_payload(&payload_from_json(json).unwrap());
    assert_eq!(read.arguments().keys().collect::<Vec<_>>(), ["b", "a"]);
}

#[test]
fn arguments_are_found_by_name() {
    let request = Request::default().with_argument("a", "1").with_argument("a", "2").with_argument("raw", [0xff]);
    for (name, expected) in [("a", Some("1")), ("raw", None), ("none", None)] {
        assert_eq!(request.argument(name), expected, "{name}");
    }
}

#[test]
fn the_session_id_is_no_argument_of_the_application() {
    let request = Request::default().with_argument("bokeh-session-id", "x").with_argument("q", "1");
    let read = Request::from_payload(&request.to_payload());
    assert_eq!(read.arguments().keys().collect::<Vec<_>>(), ["q"]);
}

#[test]
fn a_payload_of_another_form_gives_an_empty_request() {
    for payload in [
        Payload::new(),
        Payload::from([("arguments".to_owned(), "text".into())]),
        Payload::from([("headers".to_owned(), Payload::from([("X".to_owned(), 5.into())]).into())]),
    ] {
        assert_eq!(Request::from_payload(&payload), Request::default(), "{payload:?}");
    }
}
