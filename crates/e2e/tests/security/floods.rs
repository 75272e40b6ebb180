//! More of something than there may be.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use bokeh_document::Document;
use bokeh_server::{BokehJs, Server, Settings};

use crate::peer::{Peer, open, status};
use crate::target::{Target, settings};

#[tokio::test]
async fn connections_beyond_their_number_are_refused_until_others_end() {
    let target = Target::start(Settings { max_sockets: 20, ..settings() }).await;
    let mut flood = Vec::new();
    for _connection in 0..60 {
        flood.push(Peer::connect(target.address()).await);
    }
    for late in flood.drain(20..) {
        let mut late = late;
        let answer = late.rest().await;
        assert!(answer.starts_with("HTTP/1.1 503 Too many connections\r\nRetry-After: 5\r\n"), "{answer}");
    }
    assert!(flood.iter().all(|peer| !peer.is_closed()), "who has a place keeps it");
    drop(flood);
    while status(target.address(), "/app").await != 200 {}
    target.server.stop().await;
}

#[tokio::test]
async fn handshakes_that_wait_for_their_session_are_bounded() {
    for (max_pending_handshakes, max_pending_handshakes_per_app, elsewhere) in [(2, None, 503), (1000, Some(2), 101)] {
        let (release, gate) = mpsc::channel::<()>();
        let (gate, begun) = (Arc::new(Mutex::new(gate)), Arc::new(tokio::sync::Semaphore::new(0)));
        let signal = begun.clone();
        // A session that takes its time: until the test lets it go on.
        let slow = move |_: &mut Document| {
            signal.add_permits(1);
            gate.lock().unwrap().recv().ok();
        };
        let bounds = Settings {
            max_pending_handshakes,
            max_pending_handshakes_per_app,
            bokehjs: BokehJs::Cdn,
            session_threads: 4,
            ..settings()
        };
        let builder = Server::builder().settings(bounds).app("/slow", slow).app("/other", |_: &mut Document| {});
        let server = builder.start().await.unwrap();
        let address = server.addresses()[0];
        let waiting = [
            Peer::upgrading(address, "/slow", "first", "").await,
            Peer::upgrading(address, "/slow", "second", "").await,
        ];
        // The second waits behind the first, or for the lock that the first has.
        begun.acquire_many(2).await.unwrap().forget();
        assert_eq!(open(address, "/slow", "third").await.0, 503);
        assert_eq!(open(address, "/other", "x").await.0, elsewhere);
        drop(release);
        for mut peer in waiting {
            assert_eq!(peer.head().await.status, 101);
        }
        assert_eq!(open(address, "/slow", "third").await.0, 101);
        server.stop().await;
    }
}

#[tokio::test]
async fn sessions_and_websockets_are_bounded_for_each_application_and_all() {
    for (bounds, page, same_app, other_app) in [
        (Settings { max_sessions: 1, ..settings() }, 503, 503, 503),
        (Settings { max_sessions_per_app: Some(1), ..settings() }, 503, 503, 101),
        (Settings { max_connections: 1, ..settings() }, 200, 503, 503),
        (Settings { max_connections_per_app: Some(1), ..settings() }, 200, 503, 101),
        (Settings { max_connections_per_session: 1, ..settings() }, 200, 101, 101),
    ] {
        let text = format!("{bounds:?}");
        let target = Target::start(bounds).await;
        let (first, _socket) = open(target.address(), "/app", "first").await;
        assert_eq!(first, 101, "{text}");
        assert_eq!(status(target.address(), "/app").await, page, "{text}");
        assert_eq!(open(target.address(), "/app", "second").await.0, same_app, "{text}");
        assert_eq!(open(target.address(), "/other", "third").await.0, other_app, "{text}");
        let is_full = text.contains("max_connections_per_session: 1,") || same_app == 503 && page == 200;
        assert_eq!(open(target.address(), "/app", "first").await.0, if is_full { 503 } else { 101 }, "{text}");
        target.server.stop().await;
    }
}
