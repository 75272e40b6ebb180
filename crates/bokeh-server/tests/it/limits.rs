//! There is only so much of everything.

use std::time::Duration;

use bokeh_document::Document;
use bokeh_server::{RunningServer, Server, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::operations::{builder, get};
use crate::sockets::{Client, good_token, settings, status};

#[tokio::test]
async fn what_is_too_much_is_refused_until_there_is_room() {
    for (bounds, second, elsewhere) in [
        (Settings { max_connections: 1, ..settings() }, 503, 200),
        (Settings { max_connections_per_app: Some(1), ..settings() }, 503, 200),
        (Settings { max_sessions: 1, ..settings() }, 503, 503),
        (Settings { max_sessions_per_app: Some(1), ..settings() }, 503, 200),
        (settings(), 101, 200),
    ] {
        let text = format!("{bounds:?}");
        let server = builder(bounds).start().await.unwrap();
        let first = Client::open(&server, &good_token("first")).await.unwrap();
        let outcome = Client::open(&server, &good_token("second")).await;
        assert_eq!(status(&outcome), second, "{text}");
        if let Err(tokio_tungstenite::tungstenite::Error::Http(response)) = outcome {
            assert_eq!(response.headers()["retry-after"], "5");
        }
        assert_eq!(get(&server, "/other", "").await.status, elsewhere, "{text}");
        drop(first);
        server.stop().await;
    }
}

#[tokio::test]
async fn handshakes_wait_in_bounded_number() {
    for bounds in [
        Settings { max_pending_handshakes: 0, ..settings() },
        Settings { max_pending_handshakes_per_app: Some(0), ..settings() },
    ] {
        let server = builder(bounds).start().await.unwrap();
        assert_eq!(status(&Client::open(&server, &good_token("x")).await), 503);
        assert_eq!(get(&server, "/app", "").await.status, 200, "pages are no handshakes");
    }
}

#[tokio::test]
async fn a_connection_too_many_is_told_so() {
    let server = builder(Settings { max_sockets: 1, ..settings() }).start().await.unwrap();
    let first = TcpStream::connect(server.addresses()[0]).await.unwrap();
    let mut second = TcpStream::connect(server.addresses()[0]).await.unwrap();
    let mut answer = String::new();
    second.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 Too many connections\r\nRetry-After: 5\r\n"), "{answer}");
    drop(first);
}

#[tokio::test]
async fn a_websocket_takes_up_a_connection() {
    let server = builder(Settings { max_sockets: 1, ..settings() }).start().await.unwrap();
    let socket = Client::open(&server, &good_token("x")).await.unwrap();
    // Once what has led to the WebSocket is over.
    server.session("/app", "x").unwrap().document().unwrap().update(|_| {}).await.unwrap();
    let mut answer = String::new();
    TcpStream::connect(server.addresses()[0]).await.unwrap().read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    drop(socket);
    while get(&server, "/app", "").await.status != 200 {}
}

#[tokio::test]
async fn who_does_not_finish_the_head_of_a_request_is_dropped() {
    let bounds = Settings { request_head_timeout: Duration::from_millis(50), ..settings() };
    let server = builder(bounds).start().await.unwrap();
    for beginning in ["", "GET /app HTTP/1.1\r\nHost: local"] {
        let mut stream = TcpStream::connect(server.addresses()[0]).await.unwrap();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        // Ends only because the server closes the connection.
        stream.read_to_end(&mut rest).await.unwrap();
        assert!(rest.is_empty(), "{rest:?}");
    }
}

#[tokio::test]
async fn a_peer_that_asked_for_more_than_it_read_is_let_go_when_it_is_gone() {
    let app = |doc: &mut Document| doc.set_title("x".repeat(3 << 20));
    let server = Server::builder().settings(settings()).app("/app", app).start().await.unwrap();
    let mut greedy = Client::open(&server, &good_token("x")).await.unwrap();
    for _request in 0..16 {
        greedy.request("PULL-DOC-REQ").await;
    }
    // Until nothing moves any more.
    let mut before = [0, 0];
    loop {
        let now = [number(&server, "bokeh_outbox_bytes").await, number(&server, "bokeh_messages_received_total").await];
        if now[0] > 8 << 20 && now == before {
            break;
        }
        before = now;
    }
    drop(greedy);
    let gone = async { while number(&server, "bokeh_connections").await > 0 {} };
    tokio::time::timeout(Duration::from_secs(10), gone).await.expect("nobody is connected");
}

/// What the server counts of its only application.
async fn number(server: &RunningServer, name: &str) -> u64 {
    let text = get(server, "/metrics", "").await.body;
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(r#"{app="/app"} "#));
    value.unwrap().parse().unwrap()
}
