//! Recorded handshakes, and how our answers differ on purpose.
//!
//! Python's server accepts most of what it does not want and hangs up, with an empty Close frame or none. Ours answers
//! with a status that says why; its clients see a connection that could not be opened either way.

use bokeh_protocol::{MessageType, Secret, Signing};
use bokeh_server::Settings;

use crate::client::ask;
use crate::recording::upgrades;
use crate::server::{settings, start};

#[tokio::test]
async fn recorded_handshakes_are_answered_as_before_or_with_a_status() {
    replay(
        "py_handshake",
        &Signing::Unsigned,
        &[
            ("good", "ACK", "ACK"),
            ("no subprotocol", "closed", "400 Sec-WebSocket-Protocol must be bokeh and a token"),
            ("only 'bokeh'", "closed", "400 Sec-WebSocket-Protocol must be bokeh and a token"),
            ("three subprotocols", "closed", "400 Sec-WebSocket-Protocol must be bokeh and a token"),
            ("order swapped", "closed", "400 Sec-WebSocket-Protocol must be bokeh and a token"),
            ("first is not bokeh", "closed", "400 Sec-WebSocket-Protocol must be bokeh and a token"),
            ("expired token", "closed", "403 Token is expired; reload the page"),
            ("token without session_expiry", "closed", "403 Token is expired; reload the page"),
            ("token without session_id", "closed", "403 Invalid token or session ID"),
            ("empty session id", "closed", "403 Invalid token or session ID"),
            ("garbage token", "closed", "403 Invalid token or session ID"),
            ("signed-looking token on an unsigned server", "ACK", "ACK"),
            ("foreign origin, server allows *", "ACK", "ACK"),
            ("wrong path", "404", "404 Not Found"),
            ("path with a trailing slash", "404", "404 Not Found"),
            ("query string is accepted", "ACK", "ACK"),
        ],
    )
    .await;
}

#[tokio::test]
async fn recorded_handshakes_with_a_server_that_signs_are_too() {
    replay(
        "py_handshake_signed",
        &Signing::Signed(Secret::new("0123456789abcdef0123456789abcdef")),
        &[
            ("good", "ACK", "ACK"),
            ("unsigned token, signed id", "closed", "403 Invalid token or session ID"),
            ("signed token, unsigned id", "closed", "403 Invalid token or session ID"),
            ("tampered signature", "closed", "403 Invalid token or session ID"),
            ("wrong key", "closed", "403 Invalid token or session ID"),
        ],
    )
    .await;
}

/// Sends the requests of a recording. `expected` holds what each is about, what Python answered, and what we do.
async fn replay(name: &str, signing: &Signing, expected: &[(&str, &str, &str)]) {
    let allow_websocket_origin = vec!["*".to_owned()];
    let signing_setting = Some(signing.clone());
    let server = start("/small", Settings { allow_websocket_origin, signing: signing_setting, ..settings() }).await;
    let mut answers = Vec::new();
    for upgrade in upgrades(name, signing) {
        let headers: Vec<_> = upgrade.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let answer = ask(server.port(), &upgrade.path, &headers, b"").await;
        let ours = match answer.status {
            101 => {
                assert!(answer.head.to_lowercase().contains("sec-websocket-protocol: bokeh\r\n"), "{}", answer.head);
                let greeting = answer.client().await.message().await.header.msgtype;
                assert_eq!(greeting, MessageType::Ack);
                greeting.to_string()
            }
            _ => answer.head.lines().next().unwrap().trim_start_matches("HTTP/1.1 ").to_owned(),
        };
        answers.push((upgrade.about, upgrade.answer, ours));
    }
    let answers: Vec<_> = answers.iter().map(|(about, theirs, ours)| (&**about, &**theirs, &**ours)).collect();
    assert_eq!(answers, expected);
}
