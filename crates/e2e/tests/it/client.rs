//! A peer that can send anything.

use std::time::Duration;

use bokeh_protocol::{Fragment, Limits, MessageType, RawMessage, Receiver};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error;
pub(crate) use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::server::token;

/// What a server answered to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    /// The stream after the head.
    stream: TcpStream,
}

/// A WebSocket.
pub(crate) struct Client {
    stream: WebSocketStream<TcpStream>,
    receiver: Receiver,
}

impl Client {
    /// Opens a WebSocket for a session, and takes the acknowledgement.
    pub(crate) async fn open(port: u16, route: &str, session_id: &str) -> Client {
        let mut client = Self::open_with(port, route, &token(session_id)).await;
        assert_eq!(client.message().await.header.msgtype, MessageType::Ack);
        client
    }

    /// Opens a WebSocket with any token.
    pub(crate) async fn open_with(port: u16, route: &str, token: &str) -> Client {
        let protocol = format!("bokeh, {token}");
        let answer = ask(port, &format!("{route}/ws"), &[("Sec-WebSocket-Protocol", &protocol)], b"").await;
        assert_eq!(answer.status, 101, "{}", answer.head);
        answer.client().await
    }

    /// The next message.
    pub(crate) async fn message(&mut self) -> RawMessage {
        loop {
            let fragment = match self.next().await {
                Some(Ok(Frame::Text(text))) => Fragment::Text(text.into()),
                Some(Ok(Frame::Binary(bytes))) => Fragment::Binary(bytes),
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => continue,
                other => panic!("the connection ended: {other:?}"),
            };
            if let Some(message) = self.receiver.push(fragment).unwrap() {
                return message;
            }
        }
    }

    /// Sends a request without buffers and takes the next message.
    pub(crate) async fn request(&mut self, msgtype: &str, content: &Json) -> RawMessage {
        self.send(message(msgtype, content)).await;
        self.message().await
    }

    /// The document, as the server has it.
    pub(crate) async fn pull(&mut self) -> Json {
        let reply = self.request("PULL-DOC-REQ", &json!({})).await;
        assert_eq!(reply.header.msgtype, MessageType::PullDocReply);
        reply.content
    }

    /// Sends frames, as far as the server takes them.
    pub(crate) async fn send(&mut self, frames: Vec<Frame>) {
        for frame in frames {
            if self.stream.send(frame).await.is_err() {
                return;
            }
        }
    }

    /// Sends bytes past the WebSocket's rules.
    pub(crate) async fn send_raw(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).await.unwrap();
    }

    /// Passes over messages until the Close frame, and answers its code and reason.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.next().await {
                Some(Ok(Frame::Close(Some(close)))) => return (close.code.into(), close.reason.as_str().to_owned()),
                Some(Ok(Frame::Text(_) | Frame::Binary(_) | Frame::Ping(_))) => {}
                other => panic!("no Close frame with a code: {other:?}"),
            }
        }
    }

    /// Closes as a tab does that is closed, and waits for the server's answer.
    pub(crate) async fn leave(mut self) {
        self.stream.close(None).await.unwrap();
        while let Some(Ok(_)) = self.next().await {}
    }

    async fn next(&mut self) -> Option<Result<Frame, Error>> {
        timeout(PATIENCE, self.stream.next()).await.expect("the server says something")
    }
}

impl Answer {
    /// The rest of what the server sends.
    pub(crate) async fn body(mut self) -> String {
        let mut body = Vec::new();
        self.stream.read_to_end(&mut body).await.unwrap();
        String::from_utf8_lossy(&body).into_owned()
    }

    /// The connection as a WebSocket.
    pub(crate) async fn client(self) -> Client {
        let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let stream = WebSocketStream::from_raw_socket(self.stream, Role::Client, Some(config)).await;
        Client { stream, receiver: Receiver::for_client(Limits::default()) }
    }
}

/// Asks for a WebSocket. `headers` replace those that every client sends, and `early` goes out with them.
pub(crate) async fn ask(port: u16, path: &str, headers: &[(&str, &str)], early: &[u8]) -> Answer {
    let mut lines = vec![
        ("Host", format!("127.0.0.1:{port}")),
        ("Upgrade", "websocket".to_owned()),
        ("Connection", "Upgrade".to_owned()),
        ("Sec-WebSocket-Version", "13".to_owned()),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==".to_owned()),
    ];
    lines.retain(|(name, _)| !headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)));
    lines.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
    get(port, path, &lines, early).await
}

/// Asks for a page.
pub(crate) async fn page(port: u16, path: &str) -> (u16, String) {
    let lines = [("Host", format!("127.0.0.1:{port}")), ("Connection", "close".to_owned())];
    let answer = get(port, path, &lines, b"").await;
    (answer.status, answer.body().await)
}

/// The frames of a message without buffers.
pub(crate) fn message(msgtype: &str, content: &Json) -> Vec<Frame> {
    let header = json!({ "msgid": "q", "msgtype": msgtype });
    [header.to_string(), "{}".to_owned(), content.to_string()].map(Frame::text).into()
}

async fn get(port: u16, path: &str, headers: &[(&str, String)], early: &[u8]) -> Answer {
    let mut request = format!("GET {path} HTTP/1.1\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(&[request.as_bytes(), early].concat()).await.unwrap();
    // Byte by byte: what follows the head is for somebody else.
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a head ends with an empty line"));
    }
    let head = String::from_utf8(head).unwrap();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a head begins with a status");
    Answer { status, head, stream }
}

/// Shorter than the time after which a server pings a connection that is silent.
const PATIENCE: Duration = Duration::from_secs(30);
