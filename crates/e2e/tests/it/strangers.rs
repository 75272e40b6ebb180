//! Requests for WebSockets from those who may not have one.

use bokeh_document::Document;
use bokeh_protocol::{Secret, Signing, Token};
use bokeh_server::{Server, Settings};
use serde_json::json;

use crate::bystander::Bystander;
use crate::client::{Client, ask};
use crate::log;
use crate::server::{app, now, settings, start, token};

#[tokio::test]
async fn a_token_that_is_not_good_opens_nothing() {
    let signing = Signing::Signed(Secret::new("0123456789abcdef0123456789abcdef"));
    let stranger = Signing::Signed(Secret::new("a secret of somebody else's, 32!"));
    let (id, other_id) = (signing.generate_session_id().unwrap(), signing.generate_session_id().unwrap());
    let make =
        |id: &str, secs: i64, signing: &Signing| Token::new(id).expires_at(now() + secs).encode(signing).unwrap();
    let good = make(&id, 300, &signing);
    let (good_part, good_signature) = good.split_once('.').unwrap();
    let other = make(&other_id, 300, &Signing::Unsigned);
    let (invalid, expired) = ("Invalid token or session ID", "Token is expired; reload the page");
    let cases = [
        ("forged with another secret", make(&id, 300, &stranger), 403, invalid),
        (
            "an id forged with another secret",
            make(&stranger.generate_session_id().unwrap(), 300, &signing),
            403,
            invalid,
        ),
        ("an id that is not signed", make("plain", 300, &signing), 403, invalid),
        ("not signed", good_part.to_owned(), 403, invalid),
        ("signed with nothing", format!("{good_part}."), 403, invalid),
        ("signed twice", format!("{good}.{good_signature}"), 403, invalid),
        ("another session under a good signature", format!("{other}.{good_signature}"), 403, invalid),
        ("a signature that was cut", good[..good.len() - 1].to_owned(), 403, invalid),
        ("a signature in other letters", format!("{good_part}.{}", good_signature.to_lowercase()), 403, invalid),
        ("no base64", "@@@@".to_owned(), 403, invalid),
        ("no JSON", "AAAA.AAAA".to_owned(), 403, invalid),
        ("expired, of a session that is not there", make(&other_id, 0, &signing), 403, expired),
        ("expired, and forged", make(&id, -1, &stranger), 403, invalid),
        ("nothing", String::new(), 400, "Sec-WebSocket-Protocol must be bokeh and a token"),
    ];
    let server = start("/signed", Settings { signing: Some(signing.clone()), ..settings() }).await;
    let mut viewer = Client::open_with(server.port(), "/signed", &good).await;
    viewer.message().await;
    let before = viewer.pull().await;
    for (what, token, status, reason) in cases {
        let n_logged = log::lines_with("/signed").len();
        let answer = ask(server.port(), "/signed/ws", &[(PROTOCOL, &format!("bokeh, {token}"))], b"").await;
        let line = answer.head.lines().next().unwrap();
        assert_eq!(line, format!("HTTP/1.1 {status} {reason}"), "{what}");
        assert!(!answer.head.to_lowercase().contains("upgrade"), "{what}: {}", answer.head);
        let logged = log::lines_with("/signed").split_off(n_logged);
        assert!(logged.iter().any(|line| line.contains("WARN") && line.contains(reason)), "{what}: {logged:#?}");
        assert!(!logged.iter().any(|line| line.contains(good_signature)), "{what}: a token is in the log: {logged:#?}");
        assert_eq!(server.sessions("/signed").unwrap().len(), 1, "{what}");
        assert_eq!(viewer.pull().await, before);
    }
    log::assert_no_panic();
}

/// As in Bokeh, a token is bound to a session id and to nothing else.
#[tokio::test]
async fn a_token_of_another_application_opens_a_session_of_its_own() {
    log::start();
    let other = |doc: &mut Document| doc.set_title("the other application");
    let server = Server::builder().settings(settings()).app("/one", app).app("/two", other).start().await.unwrap();
    let mut bystander = Bystander::join(server.port(), "/one", "shared").await;
    let mut visitor = Client::open(server.port(), "/two", "shared").await;
    assert_eq!(visitor.pull().await["doc"]["title"], "the other application");
    let set = json!({"kind": "ModelChanged", "model": {"id": bystander.id("slider")}, "attr": "value", "new": 5});
    for (event, expected) in [(set, "can't resolve reference"), (json!({"kind": "TitleChanged", "title": "mine"}), "")]
    {
        let reply = visitor.request("PATCH-DOC", &json!({ "events": [event] })).await;
        assert!(reply.content["text"].as_str().unwrap_or_default().contains(expected), "{:?}", reply.content);
        bystander.assert_undisturbed().await;
    }
    assert_eq!(visitor.pull().await["doc"]["title"], "mine");
    log::assert_no_panic();
}

#[tokio::test]
async fn a_page_of_another_origin_opens_nothing() {
    let allow_websocket_origin = vec!["friend.example".to_owned()];
    let server = start("/guarded", Settings { allow_websocket_origin, ..settings() }).await;
    let mut bystander = Bystander::join(server.port(), "/guarded", "x").await;
    let token = format!("bokeh, {}", token("x"));
    for (origin, is_allowed) in [
        ("http://friend.example", true),
        ("http://friend.example:80", true),
        ("http://friend.example:81", false),
        ("http://friend.example.evil.example", false),
        ("http://evil.friend.example", false),
        ("http://friend.example@evil.example", false),
        ("http://evil.example/friend.example", false),
        ("http://friend", false),
        ("friend.example", false),
        ("null", false),
        ("", false),
        ("http://", false),
        ("http://127.0.0.1:1", false),
    ] {
        let n_logged = log::lines_with("/guarded").len();
        let answer = ask(server.port(), "/guarded/ws", &[(PROTOCOL, &token), ("Origin", origin)], b"").await;
        let logged = log::lines_with("/guarded").split_off(n_logged).join("\n");
        if is_allowed {
            assert_eq!(answer.status, 101, "{origin}");
            answer.client().await.leave().await;
        } else {
            assert_eq!(answer.status, 403, "{origin}");
            let text = "Cross origin websockets not allowed";
            assert!(logged.contains("WARN") && logged.contains(text), "{origin}: {logged}");
        }
        bystander.assert_undisturbed().await;
    }
    // The log names the origin and the setting that lets it in.
    let advice = log::lines_with("http://evil.friend.example").join("\n");
    assert!(advice.contains("--allow-websocket-origin") && advice.contains("friend.example:80"), "{advice}");
    log::assert_no_panic();
}

#[tokio::test]
async fn an_upgrade_that_is_none_opens_nothing() {
    let server = start("/upgrade", settings()).await;
    let mut bystander = Bystander::join(server.port(), "/upgrade", "x").await;
    let token = format!("bokeh, {}", token("x"));
    let long = format!("bokeh, {}", "x".repeat(1 << 20));
    for (what, headers, status) in [
        ("no upgrade", vec![("Upgrade", "h2c")], 400),
        ("no connection to upgrade", vec![("Connection", "keep-alive")], 400),
        ("an old version", vec![("Sec-WebSocket-Version", "8")], 426),
        ("a token as long as a book", vec![(PROTOCOL, &*long)], 431),
    ] {
        let mut headers = headers;
        if headers[0].0 != PROTOCOL {
            headers.push((PROTOCOL, &token));
        }
        let answer = ask(server.port(), "/upgrade/ws", &headers, b"").await;
        assert_eq!(answer.status, status, "{what}: {}", answer.head);
        bystander.assert_undisturbed().await;
    }
    log::assert_no_panic();
}

const PROTOCOL: &str = "Sec-WebSocket-Protocol";
