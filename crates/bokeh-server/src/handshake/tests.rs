use axum::http::HeaderName;
use bokeh_protocol::Secret;

use super::*;

#[test]
fn an_upgrade_is_checked_in_order() {
    let (ws, up, v13, key) =
        (("upgrade", "websocket"), ("connection", "keep-alive, Upgrade"), ("sec-websocket-version", "13"), KEY);
    for (method, headers, expected) in [
        ("GET", vec![], Err(400)),
        ("POST", vec![], Err(405)),
        ("GET", vec![("upgrade", "h2c"), up, v13, key], Err(400)),
        ("GET", vec![ws, ("connection", "close"), v13, key], Err(400)),
        ("GET", vec![ws, up, ("origin", "http://evil.com"), ("sec-websocket-version", "8")], Err(403)),
        ("GET", vec![ws, up, ("sec-websocket-version", "8"), key], Err(426)),
        ("GET", vec![ws, up, key], Err(426)),
        ("POST", vec![ws, up, v13, key], Err(405)),
        ("GET", vec![ws, up, v13], Err(400)),
        ("GET", vec![ws, up, v13, key], Ok("dGhlIHNhbXBsZSBub25jZQ==")),
        ("GET", vec![("upgrade", "WebSocket"), up, v13, key], Ok("dGhlIHNhbXBsZSBub25jZQ==")),
        ("GET", vec![ws, up, v13, key, ("origin", "http://localhost:5006")], Ok("dGhlIHNhbXBsZSBub25jZQ==")),
        (
            "GET",
            vec![ws, up, v13, key, ("origin", "http://own.org"), ("host", "own.org")],
            Ok("dGhlIHNhbXBsZSBub25jZQ=="),
        ),
    ] {
        let headers = map(&headers);
        let list = AllowList::new(["localhost:5006"], 5006).unwrap();
        let checked = check_upgrade(&method.parse().unwrap(), &headers, &list);
        let checked = checked.map(|key| key.to_str().unwrap()).map_err(|refusal| refusal.status.as_u16());
        assert_eq!(checked, expected, "{method} {headers:?}");
    }
}

#[test]
fn the_token_is_the_second_of_two_subprotocols() {
    for (lines, expected) in [
        (vec!["bokeh, abc.def"], Some("abc.def")),
        (vec!["bokeh,abc"], Some("abc")),
        (vec!["bokeh", "abc"], Some("abc")),
        (vec![], None),
        (vec!["bokeh"], None),
        (vec!["bokeh, "], None),
        (vec!["abc, bokeh"], None),
        (vec!["bokeh, abc, def"], None),
    ] {
        let headers = map(&lines.iter().map(|line| ("sec-websocket-protocol", *line)).collect::<Vec<_>>());
        assert_eq!(token_text(&headers).ok(), expected, "{lines:?}");
    }
}

#[test]
fn only_tokens_of_this_server_are_opened() {
    let signing = |secret: &str| Signing::Signed(Secret::new(secret.repeat(32)));
    let token = |signing: &Signing, id: &str| Token::new(id).encode(signing).unwrap();
    let signed_id = signing("a").generate_session_id().unwrap();
    for (server, text, is_good) in [
        (Signing::Unsigned, token(&Signing::Unsigned, "x"), true),
        (Signing::Unsigned, token(&Signing::Unsigned, ""), false),
        (Signing::Unsigned, "not a token".to_owned(), false),
        (signing("a"), token(&signing("a"), &signed_id), true),
        (signing("a"), token(&signing("a"), "plain"), false),
        (signing("a"), token(&Signing::Unsigned, &signed_id), false),
        (signing("a"), token(&signing("b"), &signed_id), false),
    ] {
        assert_eq!(open_token(&text, &server).is_ok(), is_good, "{text}");
    }
}

fn map(headers: &[(&str, &str)]) -> HeaderMap {
    let pair =
        |(name, value): &(&str, &str)| (name.parse::<HeaderName>().unwrap(), HeaderValue::try_from(*value).unwrap());
    headers.iter().map(pair).collect()
}

const KEY: (&str, &str) = ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
