//! Somebody who sends what they like, byte by byte.

use std::io;
use std::net::SocketAddr;

use bokeh_protocol::{Signing, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection to a server.
pub(crate) struct Peer(TcpStream);

/// The head of an answer.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// In lower case.
    pub(crate) text: String,
}

impl Peer {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    /// Connects and sends a request without a body, of which `headers` are whole lines.
    pub(crate) async fn asking(address: SocketAddr, request: &str, headers: &str) -> Self {
        let mut peer = Self::connect(address).await;
        let host = if headers.contains("Host:") { String::new() } else { format!("Host: {address}\r\n") };
        peer.send(format!("{request} HTTP/1.1\r\n{host}{headers}\r\n").as_bytes()).await.unwrap();
        peer
    }

    /// Connects and asks for a WebSocket of a session.
    pub(crate) async fn upgrading(address: SocketAddr, route: &str, session: &str, headers: &str) -> Self {
        let token = Token::new(session).expires_at(i64::MAX).encode(&Signing::Unsigned).unwrap();
        let upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        let headers = format!("{upgrade}Sec-WebSocket-Protocol: bokeh, {token}\r\n{headers}");
        Self::asking(address, &format!("GET {route}/ws"), &headers).await
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes).await
    }

    /// The head of the next answer.
    pub(crate) async fn head(&mut self) -> Head {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            bytes.push(self.0.read_u8().await.expect("a head ends with an empty line"));
        }
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Head { status, text }
    }

    /// Everything until the server closes the connection.
    pub(crate) async fn rest(&mut self) -> String {
        String::from_utf8_lossy(&self.rest_bytes().await).into_owned()
    }

    pub(crate) async fn rest_bytes(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // A connection that is reset is closed, too.
        self.0.read_to_end(&mut bytes).await.ok();
        bytes
    }

    /// Whether the server has closed the connection, without an answer.
    pub(crate) fn is_closed(&self) -> bool {
        match self.0.try_read(&mut [0]) {
            Ok(n) => n == 0,
            Err(error) => error.kind() != io::ErrorKind::WouldBlock,
        }
    }
}

/// The status of the answer to a request for a page.
pub(crate) async fn status(address: SocketAddr, path: &str) -> u16 {
    Peer::asking(address, &format!("GET {path}"), "Connection: close\r\n").await.head().await.status
}

/// The status of the answer to a request for a WebSocket, and the connection, which may be one.
pub(crate) async fn open(address: SocketAddr, route: &str, session: &str) -> (u16, Peer) {
    let mut peer = Peer::upgrading(address, route, session, "").await;
    let head = peer.head().await;
    assert_eq!(head.text.contains("\r\nretry-after: 5\r\n"), head.status == 503, "{}", head.text);
    (head.status, peer)
}
