//! The limits as operators set them, seen from outside, for applications in Python and without.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use e2e::Server;
use tokio::process::Command;

use crate::peer::{Peer, open, status};

/// What one more of something is answered with.
#[derive(Clone, Copy, Debug)]
enum OneMore {
    Page(u16),
    /// In the same session as the first.
    Socket(u16),
    /// In another session of the same application.
    SocketElsewhere(u16),
    /// In another application.
    SocketInOtherApp(u16),
    /// Any connection.
    Connection(u16),
    /// Half a request, which is the last that comes.
    HalfARequest,
    /// A message of 5000 bytes, which is answered with this code.
    Message(u16),
}

use OneMore::{Connection, HalfARequest, Message, Page, Socket, SocketElsewhere, SocketInOtherApp};

#[tokio::test]
async fn every_limit_has_an_option() -> Result<()> {
    for (option, expected) in [
        (&["--max-sessions", "1"][..], &[Page(503), Socket(101), SocketElsewhere(503), SocketInOtherApp(503)][..]),
        (&["--max-sessions-per-app", "1"], &[Page(503), Socket(101), SocketElsewhere(503), SocketInOtherApp(101)]),
        (&["--max-connections", "1"], &[Page(200), Socket(503), SocketElsewhere(503), SocketInOtherApp(503)]),
        (&["--max-connections-per-app", "1"], &[Page(200), Socket(503), SocketElsewhere(503), SocketInOtherApp(101)]),
        (
            &["--max-connections-per-session", "1"],
            &[Page(200), Socket(503), SocketElsewhere(101), SocketInOtherApp(101)],
        ),
        (&["--max-sockets", "1"], &[Connection(503)]),
        (&["--request-head-timeout", "1"], &[HalfARequest, Page(200)]),
        (&["--websocket-max-message-size", "4000"], &[Message(1009), Page(200)]),
    ] {
        let server = serve(option).await?;
        let address = server.address()?;
        let (first, socket) = open(address, "/first", "session").await;
        assert_eq!(first, 101, "{option:?}");
        for more in expected {
            check(address, *more).await.with_context(|| format!("{option:?} {more:?}"))?;
        }
        // The server would wait for its goodbye.
        drop(socket);
        server.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn handshakes_that_wait_can_be_limited_to_none() -> Result<()> {
    for option in ["--max-pending-handshakes", "--max-pending-handshakes-per-app"] {
        let server = serve(&[option, "0"]).await?;
        let address = server.address()?;
        assert_eq!(open(address, "/first", "session").await.0, 503, "{option}");
        assert_eq!(status(address, "/first").await, 200, "{option}: a page is no handshake");
        server.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_session_that_takes_too_much_costs_nobody_else() -> Result<()> {
    let options = ["--session-isolation", "process", "--session-memory", "1000", "--session-cpu-time", "1"];
    let server = serve(&[&options[..], &["greedy.py"]].concat()).await?;
    let address = server.address()?;
    let mut greedy = Vec::new();
    for takes in ["memory", "time"] {
        greedy.push(Peer::asking(address, &format!("GET /greedy?takes={takes}"), "Connection: close\r\n").await);
    }
    assert_eq!(status(address, "/greedy").await, 200);
    let mut statuses = Vec::new();
    for mut peer in greedy {
        statuses.push(peer.head().await.status);
    }
    // A script that has no memory fails as any other: its page shows what there is.
    assert_eq!(statuses, [200, 500]);
    assert!(server.log().contains("MemoryError"), "{}", server.log());
    assert_eq!(status(address, "/greedy").await, 200);
    server.stop().await?;
    Ok(())
}

async fn check(address: SocketAddr, more: OneMore) -> Result<()> {
    match more {
        Page(expected) => {
            let mut peer = Peer::asking(address, "GET /first", "Connection: close\r\n").await;
            let head = peer.head().await;
            ensure!(head.status == expected, "{}", head.text);
            ensure!(head.text.contains("\r\nretry-after: 5\r\n") == (expected == 503), "{}", head.text);
        }
        Socket(expected) => assert_eq!(open(address, "/first", "session").await.0, expected),
        SocketElsewhere(expected) => assert_eq!(open(address, "/first", "other").await.0, expected),
        SocketInOtherApp(expected) => assert_eq!(open(address, "/second", "session").await.0, expected),
        Connection(expected) => {
            let answer = Peer::connect(address).await.rest().await;
            ensure!(answer.starts_with(&format!("HTTP/1.1 {expected} ")) && answer.contains("Retry-After: 5"), answer);
        }
        HalfARequest => {
            let mut peer = Peer::connect(address).await;
            peer.send(b"GET /first HTT").await?;
            // Ends only because the server closes the connection.
            ensure!(peer.rest().await.is_empty());
        }
        Message(expected) => {
            let (status, mut peer) = open(address, "/first", "another").await;
            ensure!(status == 101);
            // The head of a text frame of 5000 bytes, masked with zeros.
            peer.send(&[&b"\x81\xfe\x13\x88\0\0\0\0"[..], &[b'a'; 5000]].concat()).await.ok();
            let code = expected.to_be_bytes();
            let rest = peer.rest_bytes().await;
            ensure!(rest.windows(2).any(|bytes| bytes == code), "no {expected} in {rest:?}");
        }
    }
    Ok(())
}

/// Two applications in Python.
async fn serve(options: &[&str]) -> Result<Server> {
    let mut command = Command::new(e2e::built_binary("bokeh-rs")?);
    command
        .args(["serve", "--address", "127.0.0.1", "--port", "0", "--num-procs", "1"])
        .args(options)
        .args(["first.py", "second.py", "--python"])
        .arg(e2e::python()?)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/security/apps"))
        .env("BOKEHJS_DIR", e2e::bokehjs()?)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    Server::start_command("bokeh-rs", command).await
}
