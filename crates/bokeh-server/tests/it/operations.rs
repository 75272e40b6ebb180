//! What those see who run the server.

use bokeh_document::Document;
use bokeh_server::{Exposure, Metric, RunningServer, Server, ServerBuilder, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::exposition;
use crate::sockets::{Client, good_token, settings};

#[tokio::test]
async fn the_server_says_whether_it_takes_sessions() {
    let server = builder(settings()).start().await.unwrap();
    let answers = async |expected: [u16; 4]| {
        for (path, status) in ["/healthz", "/readyz", "/app", "/app?bokeh-session-id=known"].iter().zip(expected) {
            let answer = get(&server, path, "").await;
            assert_eq!(answer.status, status, "{path}");
            assert_eq!(answer.head.contains("retry-after: 5"), status == 503, "{path}: {}", answer.head);
        }
    };
    answers([200, 200, 200, 200]).await;
    server.drain();
    answers([200, 503, 503, 200]).await;
    server.stop().await;
}

#[tokio::test]
async fn pages_are_told_that_the_service_restarts() {
    let server = builder(settings()).start().await.unwrap();
    let mut page = Client::open(&server, &good_token("x")).await.unwrap();
    server.drain();
    page.request("PULL-DOC-REQ").await;
    assert_eq!(page.message().await["msgtype"], "ACK");
    assert_eq!(page.message().await["msgtype"], "PULL-DOC-REPLY", "open pages go on");
    let (close, ()) = tokio::join!(page.close(), server.stop());
    assert_eq!(close, Some((1012, "the server is shutting down".to_owned())));
}

#[tokio::test]
async fn what_happens_is_counted() {
    let server = builder(settings()).metrics(|| vec![Metric::new("jobs", "Jobs.", 2.0).label("kind", "a")]);
    let server = server.start().await.unwrap();
    let mut page = Client::open(&server, &good_token("x")).await.unwrap();
    page.request("PULL-DOC-REQ").await;
    page.message().await;
    page.message().await;
    page.request("PATCH-DOC").await;
    assert_eq!(page.message().await["msgtype"], "ERROR");
    assert!(Client::open(&server, "no token").await.is_err());
    server.session("/app", "x").unwrap().document().unwrap().update(|doc| doc.set_title("new")).await.unwrap();
    page.message().await;
    let text = get(&server, "/metrics", "").await.body;
    for line in [
        "# TYPE bokeh_sessions gauge",
        r#"bokeh_sessions{app="/app"} 1"#,
        r#"bokeh_sessions{app="/other"} 0"#,
        r#"bokeh_sessions_made_total{app="/app"} 1"#,
        r#"bokeh_connections{app="/app"} 1"#,
        r#"bokeh_connections_made_total{app="/app"} 1"#,
        r#"bokeh_messages_received_total{app="/app"} 2"#,
        r#"bokeh_messages_sent_total{app="/app"} 4"#,
        r#"bokeh_errors_total{app="/app",kind="message"} 1"#,
        r#"bokeh_errors_total{app="/app",kind="handshake"} 1"#,
        r#"bokeh_callback_seconds_count{app="/app"} 1"#,
        r#"bokeh_outbox_bytes{app="/app"} 0"#,
        r#"bokeh_waiting_commands{app="/app"} 0"#,
        r#"bokeh_dirty_places{app="/app"} 0"#,
        "bokeh_ready 1",
        r#"jobs{kind="a"} 2"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    drop(page);
    server.stop().await;
}

#[tokio::test]
async fn the_numbers_keep_the_rules_of_prometheus() {
    let others =
        || vec![Metric::new("jobs", "Jobs.", 2.0).label("kind", "a\"b"), Metric::counter("runs_total", "Runs.", 1.0)];
    let server = builder(settings()).metrics(others).start().await.unwrap();
    Client::open(&server, &good_token("x")).await.unwrap().message().await;
    let answer = get(&server, "/metrics", "").await;
    assert!(answer.head.contains("content-type: text/plain; version=0.0.4"), "{}", answer.head);
    let families = exposition::families(&answer.body);
    assert!(families.len() > 15, "{}", answer.body);
    for family in families {
        family.check();
    }
    server.stop().await;
}

#[tokio::test]
async fn numbers_are_for_those_who_may_see_them() {
    let proxied = "X-Forwarded-For: 192.0.2.1\r\n";
    for (metrics, headers, expected) in [
        (Exposure::Local, "", 200),
        (Exposure::Local, proxied, 404),
        (Exposure::Everybody, proxied, 200),
        (Exposure::Nobody, "", 404),
    ] {
        let server = builder(Settings { metrics, ..settings() }).start().await.unwrap();
        assert_eq!(get(&server, "/metrics", headers).await.status, expected, "{metrics:?} {headers}");
        assert_eq!(get(&server, "/healthz", headers).await.status, 200);
    }
}

#[tokio::test]
async fn an_application_takes_the_place_of_an_address_for_machines() {
    let server = builder(settings()).app("/metrics", |_: &mut Document| {}).start().await.unwrap();
    assert!(get(&server, "/metrics", "").await.body.contains("<html"));
    let below = builder(Settings { prefix: "/p".to_owned(), ..settings() }).start().await.unwrap();
    assert_eq!(get(&below, "/readyz", "").await.body, "ready\n");
}

/// What a server answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) async fn get(server: &RunningServer, path: &str, headers: &str) -> Answer {
    let mut stream = TcpStream::connect(server.addresses()[0]).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_lowercase(), body: body.to_owned() }
}

pub(crate) fn builder(settings: Settings) -> ServerBuilder {
    let empty = |_: &mut Document| {};
    Server::builder().settings(settings).app("/app", empty).app("/other", empty)
}
