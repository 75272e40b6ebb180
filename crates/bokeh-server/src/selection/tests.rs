use axum::http;
use bokeh_protocol::Secret;

use super::*;
use crate::settings::Passed;

#[test]
fn the_session_is_named_by_argument_header_or_token() {
    let token = Token::new("from-token").encode(&Signing::Unsigned).unwrap();
    for (query, header, expected) in [
        ("bokeh-session-id=abc", None, "abc"),
        ("bokeh-session-id=a%20b%2Bc+d", None, "a b+c d"),
        ("bokeh-session-id=a&bokeh-session-id=%20b%20", None, "b"),
        ("", Some("from-header"), "from-header"),
        (&format!("bokeh-token={token}"), None, "from-token"),
    ] {
        assert_eq!(selected(&Signing::Unsigned, query, header).unwrap().session_id, expected, "{query}");
    }
}

#[test]
fn a_request_that_names_none_gets_a_new_session() {
    for signing in [Signing::Unsigned, signed()] {
        let id = selected(&signing, "q=1", None).unwrap().session_id;
        assert!(signing.check_session_id(&id));
        assert_ne!(selected(&signing, "q=1", None).unwrap().session_id, id);
    }
}

#[test]
fn contradictions_and_forgeries_are_refused() {
    let external = Signing::ExternalSigned(Secret::new("0123456789abcdef0123456789abcdef"));
    let unsigned = Token::new("x").encode(&Signing::Unsigned).unwrap();
    for (signing, query, header, reason) in [
        (&Signing::Unsigned, "bokeh-session-id=a", Some("b"), "session ID was provided as an argument and header"),
        (&Signing::Unsigned, "bokeh-session-id=a&bokeh-token=b", None, "Both token and session ID were provided"),
        (&Signing::Unsigned, "bokeh-token=b", Some("a"), "Both token and session ID were provided"),
        (&Signing::Unsigned, "bokeh-token=a&bokeh-token=b", None, "Invalid token or session ID"),
        (&Signing::Unsigned, "bokeh-session-id=", None, "Invalid token or session ID"),
        (&signed(), "bokeh-session-id=plain", None, "Invalid token or session ID"),
        (&signed(), &format!("bokeh-token={unsigned}"), None, "Invalid token or session ID"),
        (&external, "", None, "No bokeh-session-id provided"),
    ] {
        let refusal = selected(signing, query, header).unwrap_err();
        assert_eq!((refusal.status, refusal.text()), (StatusCode::FORBIDDEN, reason), "{query}");
    }
}

#[test]
fn what_is_no_text_names_nothing() {
    for query in ["bokeh-session-id=%ff", "bokeh-token=%ff"] {
        assert_eq!(selected(&Signing::Unsigned, query, None).unwrap_err().status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[test]
fn sessions_see_only_what_is_passed_on() {
    let only = |names: &[&str]| Passed::Only(names.iter().map(|name| (*name).to_owned()).collect());
    let except = |names: &[&str]| Passed::Except(names.iter().map(|name| (*name).to_owned()).collect());
    for (headers, cookies, expected_headers, expected_cookies) in [
        (Passed::All, Passed::All, vec!["X-Foo"], vec!["a", "b"]),
        (except(&["x-foo"]), Passed::All, vec![], vec!["a", "b"]),
        (only(&["X-Foo"]), only(&["a"]), vec!["X-Foo"], vec!["a"]),
        (only(&["Cookie"]), except(&["a"]), vec!["Cookie"], vec!["b"]),
        (Passed::All, only(&[]), vec!["X-Foo"], vec![]),
        (Passed::All, except(&["a", "b"]), vec!["X-Foo"], vec![]),
    ] {
        let settings = Settings { headers, cookies, ..Settings::default() };
        let selection = select(&request("", None), &settings, &Signing::Unsigned).unwrap();
        let request = Request::from_payload(&selection.payload);
        assert_eq!(request.headers().keys().collect::<Vec<_>>(), expected_headers, "{settings:?}");
        assert_eq!(request.cookies().keys().collect::<Vec<_>>(), expected_cookies, "{settings:?}");
    }
}

#[test]
fn arguments_are_bytes_and_keep_their_order() {
    let selection = selected(&Signing::Unsigned, "raw=%ff&a=1&empty&b=%C3%A9&a=2", None).unwrap();
    let request = Request::from_payload(&selection.payload);
    let values: Vec<_> = request.arguments().iter().map(|(name, values)| (name.as_str(), values.concat())).collect();
    let expected: [(&str, &[u8]); 4] = [("raw", b"\xff"), ("a", b"12"), ("empty", b""), ("b", "é".as_bytes())];
    assert_eq!(values, expected.map(|(name, value)| (name, value.to_vec())));
}

#[test]
fn the_application_sees_the_request_as_it_arrived() {
    let settings = Settings { headers: Passed::Only(Vec::new()), ..Settings::default() };
    let request = select(&request("n=5", None), &settings, &Signing::Unsigned).unwrap().request.unwrap();
    assert_eq!(request.argument("n"), Some("5"));
    assert!(request.headers().is_empty());
    let http = request.http();
    assert_eq!((http.method.as_str(), http.path(), http.query()), ("GET", "/app", "n=5"));
    assert_eq!(http.header("X-FOO"), Some("1"));
}

fn selected(signing: &Signing, query: &str, header: Option<&str>) -> Result<Selection, Refusal> {
    select(&request(query, header), &Settings::default(), signing)
}

fn request(query: &str, session_id: Option<&str>) -> Parts {
    let mut request = http::Request::get(format!("/app?{query}")).header("x-foo", "1").header("cookie", "a=1; b=\"2\"");
    if let Some(id) = session_id {
        request = request.header("Bokeh-Session-Id", id);
    }
    request.body(()).unwrap().into_parts().0
}

fn signed() -> Signing {
    Signing::Signed(Secret::new("0123456789abcdef0123456789abcdef"))
}
