//! Peers that begin and do not go on, to take up places.

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use bokeh_server::{Settings, TlsFiles};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::authority::{Authority, HOST};
use crate::peer::{Peer, status};
use crate::target::{Target, settings};

#[tokio::test]
async fn who_stops_is_let_go_and_keeps_nobody_waiting() {
    let target = Target::start(Settings { request_head_timeout: PATIENCE, max_sockets: FEW, ..settings() }).await;
    let upgrade = "GET /app/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgr";
    let form = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    for (what, sent, expected) in [
        ("nothing at all", String::new(), &[][..]),
        ("half a line", "GE".to_owned(), &[]),
        ("half a head", "GET /app HTTP/1.1\r\nHost: local".to_owned(), &[]),
        ("half an upgrade", upgrade.to_owned(), &[]),
        ("nothing after an answer", "GET /app/metadata HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), &["200"]),
        ("half a body", format!("{form}Content-Length: 100\r\n\r\nname=a"), &["408"]),
        ("half a chunk", format!("{form}Transfer-Encoding: chunked\r\n\r\n64\r\nname=a"), &["408"]),
        ("chunks without an end", format!("{form}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"), &["408"]),
    ] {
        let mut slow = Peer::connect(target.address()).await;
        slow.send(sent.as_bytes()).await.unwrap();
        others_are_served(target.address()).await;
        // Ends only because the server closes the connection.
        let answers = slow.rest().await;
        let statuses: Vec<&str> =
            answers.split("HTTP/1.1 ").skip(1).map(|answer| answer.split(' ').next().unwrap()).collect();
        assert_eq!(statuses, expected, "{what}: {answers}");
    }
    target.server.stop().await;
}

#[tokio::test]
async fn who_trickles_is_let_go() {
    let target = Target::start(Settings { request_head_timeout: PATIENCE, max_sockets: FEW, ..settings() }).await;
    for beginning in ["GET /app HTTP/1.1\r\nX: ", "GET /app/ws HTTP/1.1\r\nUpgrade: websocket\r\nX: "] {
        let mut slow = Peer::connect(target.address()).await;
        slow.send(beginning.as_bytes()).await.unwrap();
        // A byte after each visitor who is served meanwhile.
        while slow.send(b"x").await.is_ok() && !slow.is_closed() {
            others_are_served(target.address()).await;
        }
    }
    target.server.stop().await;
}

#[tokio::test]
async fn a_tls_handshake_that_does_not_end_is_given_up() {
    let (target, authority) = with_tls().await;
    // The beginning of a ClientHello: a handshake, TLS 1.0, of 512 bytes.
    for sent in [&b""[..], b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"] {
        let mut slow = Peer::connect(target.address()).await;
        slow.send(sent).await.unwrap();
        others_are_served_over_tls(&target, &authority).await;
        assert_eq!(slow.rest().await, "", "{sent:?}");
    }
    target.server.stop().await;
}

#[tokio::test]
async fn who_asks_for_nothing_over_tls_is_let_go() {
    let (target, authority) = with_tls().await;
    // What HTTP/2 begins with, and an empty frame of settings.
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    for (version, sent) in [
        (&b"http/1.1"[..], &b""[..]),
        (b"http/1.1", b"GET /app HT"),
        (b"h2", b""),
        (b"h2", &preface[..10]),
        (b"h2", preface),
    ] {
        let mut slow = connect(&target, &authority, version).await;
        slow.write_all(sent).await.unwrap();
        slow.flush().await.unwrap();
        others_are_served_over_tls(&target, &authority).await;
        // Ends only because the server closes the connection, with or without a word.
        slow.read_to_end(&mut Vec::new()).await.ok();
    }
    target.server.stop().await;
}

/// A server that speaks TLS.
async fn with_tls() -> (Target, Authority) {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
    fs::write(&certificate, &authority.certificate).unwrap();
    fs::write(&key, &authority.key).unwrap();
    let tls = Some(TlsFiles::new(certificate).key(key));
    let bounds = Settings { tls, request_head_timeout: PATIENCE, max_sockets: FEW, ..settings() };
    // Files that are gone leave the certificate as it is.
    (Target::start(bounds).await, authority)
}

async fn connect(target: &Target, authority: &Authority, version: &[u8]) -> TlsStream<TcpStream> {
    let stream = TcpStream::connect(target.address()).await.unwrap();
    authority.connector(version).connect(ServerName::try_from(HOST).unwrap(), stream).await.unwrap()
}

async fn others_are_served_over_tls(target: &Target, authority: &Authority) {
    let mut other = connect(target, authority, b"http/1.1").await;
    other.write_all(b"GET /app/metadata HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    other.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

async fn others_are_served(address: SocketAddr) {
    // The place of the one before becomes free a moment after its last byte.
    while status(address, "/app/metadata").await != 200 {}
}

const PATIENCE: Duration = Duration::from_millis(300);
/// One for who is slow, one for everybody else, and two that become free a moment after their last byte. A place that is not
/// given back is missed by the cases that follow.
const FEW: usize = 4;
