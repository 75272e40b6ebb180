//! Requests that are larger than any honest one. What is too large inside of a WebSocket is in `tests/it/malformed.rs`.

use crate::peer::Peer;
use crate::target::{Target, settings};

#[tokio::test]
async fn a_head_is_bounded() {
    let target = Target::start(settings()).await;
    let lines = |n: usize| (0..n).map(|n| format!("X-{n}: a\r\n")).collect::<String>();
    let cookies = |n: usize| (0..n).map(|n| format!("c{n}=v; ")).collect::<String>();
    for (what, path, headers, expected) in [
        ("a usual one", "/app".to_owned(), String::new(), 200),
        ("90 headers", "/app".to_owned(), lines(90), 200),
        ("200 headers", "/app".to_owned(), lines(200), 431),
        ("100000 headers", "/app".to_owned(), lines(100_000), 431),
        ("1000 cookies", "/app".to_owned(), format!("Cookie: {}\r\n", cookies(1000)), 200),
        ("100000 cookies", "/app".to_owned(), format!("Cookie: {}\r\n", cookies(100_000)), 431),
        ("a header of 300 kB", "/app".to_owned(), format!("X: {}\r\n", "a".repeat(300_000)), 431),
        ("an address of 10 kB", format!("/app?a={}", "a".repeat(10_000)), String::new(), 200),
        ("an address of 300 kB", format!("/app?a={}", "a".repeat(300_000)), String::new(), 431),
        ("5000 arguments", format!("/app?{}", "a=1&".repeat(5000)), String::new(), 200),
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
        let mut peer = Peer::connect(target.address()).await;
        // The server may answer, and hang up, before it has read all.
        peer.send(request.as_bytes()).await.ok();
        let answer = peer.rest().await;
        // What it answers can be lost with the rest of what it was sent.
        let is_refused = answer.is_empty() || answer.starts_with(&format!("HTTP/1.1 {expected} "));
        let is_as_expected = if expected == 200 { answer.starts_with("HTTP/1.1 200") } else { is_refused };
        assert!(is_as_expected, "{what}: {answer:.300}");
    }
    let mut honest = Peer::asking(target.address(), "GET /app", "").await;
    assert_eq!(honest.head().await.status, 200);
    target.server.stop().await;
}

#[tokio::test]
async fn a_body_is_bounded() {
    let target = Target::start(settings()).await;
    for (request, n_bytes, expected) in [
        ("POST /login", 1000, 200),
        ("POST /login", 10 << 20, 200),
        ("POST /login", (10 << 20) + 1, 413),
        // Whoever asks for a page has nothing to say.
        ("GET /app/metadata", 1000, 200),
        ("POST /app", 1000, 405),
    ] {
        let headers = format!("Content-Length: {n_bytes}\r\nConnection: close\r\n");
        let mut peer = Peer::asking(target.address(), request, &headers).await;
        peer.send(&vec![b'a'; n_bytes]).await.ok();
        assert_eq!(peer.head().await.status, expected, "{request} {n_bytes}");
    }
    target.server.stop().await;
}
