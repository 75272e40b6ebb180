//! A server that does as it is told.

use bokeh_protocol::{Fragment, Limits, Message, MessageType, RawMessage, Receiver};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message as Frame};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

pub(crate) struct FakeServer(TcpListener);

/// The server's end of a connection.
pub(crate) struct Peer<S = TcpStream> {
    socket: WebSocketStream<S>,
    receiver: Receiver,
    request: Request,
}

impl FakeServer {
    pub(crate) async fn bind() -> Self {
        Self(TcpListener::bind(("127.0.0.1", 0)).await.unwrap())
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/app", self.0.local_addr().unwrap())
    }

    /// Reads a request and answers it by this text, whatever it is.
    pub(crate) async fn answer(&self, text: &str) {
        let (mut stream, _) = self.0.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(text.as_bytes()).await.unwrap();
    }

    pub(crate) async fn accept(&self) -> Peer {
        let (stream, _) = self.0.accept().await.unwrap();
        Peer::new(stream).await
    }

    /// Accepts a connection and acknowledges it.
    pub(crate) async fn acknowledge(&self) -> Peer {
        let mut peer = self.accept().await;
        peer.send(&Message::ack("s1")).await;
        peer
    }

    /// Takes a connection, before anything is said on it.
    pub(crate) async fn stream(&self) -> TcpStream {
        self.0.accept().await.unwrap().0
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    #[expect(clippy::result_large_err, reason = "the callback's type is the library's")]
    pub(crate) async fn new(stream: S) -> Self {
        let mut request = None;
        let callback = |seen: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
            request = Some(seen.clone());
            response.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("bokeh"));
            Ok(response)
        };
        let socket = accept_hdr_async(stream, callback).await.unwrap();
        Peer { socket, receiver: Receiver::for_server(Limits::default()), request: request.unwrap() }
    }

    /// The request that opened the connection.
    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    pub(crate) async fn send(&mut self, message: &Message) {
        for fragment in message.fragments() {
            let frame = match fragment {
                Fragment::Text(text) => Frame::Text(text.try_into().unwrap()),
                Fragment::Binary(bytes) => Frame::Binary(bytes),
            };
            self.socket.send(frame).await.unwrap();
        }
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.socket.send(Frame::text(text)).await.unwrap();
    }

    pub(crate) async fn close(&mut self, farewell: Option<(u16, &str)>) {
        let frame = farewell.map(|(code, reason)| CloseFrame { code: code.into(), reason: reason.into() });
        self.socket.close(frame).await.unwrap();
        self.farewell().await;
    }

    pub(crate) async fn next(&mut self) -> RawMessage {
        loop {
            let fragment = match self.socket.next().await.unwrap().unwrap() {
                Frame::Text(text) => Fragment::Text(text.into()),
                Frame::Binary(bytes) => Fragment::Binary(bytes),
                other => panic!("{other:?} instead of a message"),
            };
            if let Some(message) = self.receiver.push(fragment).unwrap() {
                return message;
            }
        }
    }

    /// The next message must be of this type. Answers its id.
    pub(crate) async fn expect(&mut self, msgtype: MessageType) -> String {
        let header = self.next().await.header;
        assert_eq!(header.msgtype, msgtype);
        header.msgid
    }

    /// Answers the next request, a pull, by a document with the slider `p1`.
    pub(crate) async fn give_slider(&mut self, value: i64) {
        let request = self.expect(MessageType::PullDocReq).await;
        let attributes = format!(r#"{{"start":0,"end":10,"value":{value}}}"#);
        let slider = format!(r#"{{"type":"object","name":"Slider","id":"p1","attributes":{attributes}}}"#);
        let content = format!(r#"{{"doc":{{"version":"3.9.2","title":"t","config":null,"roots":[{slider}]}}}}"#);
        self.send(&Message::pull_doc_reply("s2", request, content, vec![])).await;
    }

    /// Reads to the end of the connection. Answers how the client closed it, if it did.
    pub(crate) async fn farewell(&mut self) -> Option<(u16, String)> {
        let mut farewell = None;
        while let Some(Ok(frame)) = self.socket.next().await {
            if let Frame::Close(frame) = frame {
                farewell = frame.map(|frame| (frame.code.into(), frame.reason.to_string()));
            }
        }
        farewell
    }
}

/// The address of a port that was free a moment ago.
pub(crate) async fn url_nobody_listens_at() -> String {
    FakeServer::bind().await.url()
}
