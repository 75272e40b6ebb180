//! WebSockets: the only place that knows the library.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::http::HeaderValue;
use bokeh_protocol::{Close, Fragment, Message};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message as Frame, Utf8Bytes};

/// The value of `Sec-WebSocket-Accept` that answers this `Sec-WebSocket-Key`.
pub(crate) fn accept_key(key: &HeaderValue) -> HeaderValue {
    HeaderValue::try_from(derive_accept_key(key.as_bytes())).expect("base64 is good in a header")
}

/// The server's end of a WebSocket.
pub(crate) struct Socket<S> {
    reader: Reader<S>,
    writer: Writer<S>,
}

/// Reads from a WebSocket, and answers pings.
pub(crate) struct Reader<S>(SplitStream<WebSocketStream<S>>);

/// Writes to a WebSocket.
pub(crate) struct Writer<S>(SplitSink<WebSocketStream<S>, Frame>);

/// What arrived.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// A part of a message.
    Fragment(Fragment),
    /// The answer to a ping.
    Pong(Bytes),
    /// The peer closes the WebSocket. The library answers.
    Goodbye,
    /// The connection broke.
    Lost,
    /// The peer broke the rules of WebSockets, or sent too much at once.
    Broken(Close),
}

/// The connection broke while something was written.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the connection broke")]
pub(crate) struct WriteError;

impl Socket<TokioIo<Upgraded>> {
    /// Takes over a connection that has been upgraded.
    pub(crate) async fn new(upgraded: Upgraded, max_fragment_bytes: usize) -> Self {
        Self::over(TokioIo::new(upgraded), max_fragment_bytes).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// Speaks WebSocket over any stream.
    pub(crate) async fn over(stream: S, max_fragment_bytes: usize) -> Self {
        let config = WebSocketConfig::default()
            // The default of 128 KiB is allocated at once, for each connection.
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(WRITE_BUFFER_BYTES)
            .max_message_size(Some(max_fragment_bytes))
            .max_frame_size(Some(max_fragment_bytes));
        let stream = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
        let (writer, reader) = stream.split();
        Self { reader: Reader(reader), writer: Writer(writer) }
    }

    /// Both halves, for reading and writing at the same time.
    pub(crate) fn halves(&mut self) -> (&mut Reader<S>, &mut Writer<S>) {
        (&mut self.reader, &mut self.writer)
    }

    /// Says goodbye and waits a little for the peer to have heard it.
    pub(crate) async fn close(mut self, close: &Close) {
        let goodbye = async {
            if self.writer.close(close).await.is_err() {
                return;
            }
            loop {
                match self.reader.next().await {
                    Incoming::Fragment(_) | Incoming::Pong(_) => {}
                    Incoming::Goodbye | Incoming::Lost => return,
                    Incoming::Broken(_) => break,
                }
            }
            // What is left of a message too big to be read is thrown away. If it stayed unread, the system would drop the
            // connection at once, and the peer would perhaps never see why.
            if let Ok(mut stream) = self.reader.0.reunite(self.writer.0) {
                drain(stream.get_mut()).await;
            }
        };
        // A peer that does not answer has had its chance.
        tokio::time::timeout(GOODBYE, goodbye).await.ok();
    }

    /// Sends what the library still wants to send, such as the answer to a Close frame.
    pub(crate) async fn finish(mut self) {
        tokio::time::timeout(GOODBYE, async { while !matches!(self.reader.next().await, Incoming::Lost) {} })
            .await
            .ok();
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Reader<S> {
    /// The next thing that arrives. Can be dropped and called again without loss.
    pub(crate) async fn next(&mut self) -> Incoming {
        loop {
            return match self.0.next().await {
                Some(Ok(Frame::Text(text))) => Incoming::Fragment(Fragment::Text(text.into())),
                Some(Ok(Frame::Binary(bytes))) => Incoming::Fragment(Fragment::Binary(bytes)),
                Some(Ok(Frame::Pong(payload))) => Incoming::Pong(payload),
                // Pings are answered by the library.
                Some(Ok(Frame::Ping(_) | Frame::Frame(_))) => continue,
                Some(Ok(Frame::Close(_))) => Incoming::Goodbye,
                Some(Err(error)) => incoming_error(&error),
                None => Incoming::Lost,
            };
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Writer<S> {
    /// Writes a message into the buffer, and answers with its length in bytes. [`flush`](Self::flush) sends it.
    pub(crate) async fn feed(&mut self, message: &Message) -> Result<usize, WriteError> {
        let mut n_bytes = 0;
        for fragment in message.fragments() {
            n_bytes += fragment.bytes().len();
            let frame = match fragment {
                Fragment::Text(bytes) => Frame::Text(Utf8Bytes::try_from(bytes).map_err(|_not_utf8| WriteError)?),
                Fragment::Binary(bytes) => Frame::Binary(bytes),
            };
            self.0.feed(frame).await.map_err(|_gone| WriteError)?;
        }
        Ok(n_bytes)
    }

    /// Sends what is in the buffer.
    pub(crate) async fn flush(&mut self) -> Result<(), WriteError> {
        self.0.flush().await.map_err(|_gone| WriteError)
    }

    /// Queues a ping, which goes out with the next [flush](Self::flush).
    pub(crate) async fn feed_ping(&mut self, payload: String) -> Result<(), WriteError> {
        self.0.feed(Frame::Ping(Bytes::from(payload))).await.map_err(|_gone| WriteError)
    }

    async fn close(&mut self, close: &Close) -> Result<(), WriteError> {
        let frame = CloseFrame { code: close.code.into(), reason: close.reason().into() };
        self.0.send(Frame::Close(Some(frame))).await.map_err(|_gone| WriteError)
    }
}

fn incoming_error(error: &Error) -> Incoming {
    match error {
        Error::Capacity(_) => Incoming::Broken(Close::new(Close::TOO_BIG, "message too big")),
        Error::Utf8(_) => Incoming::Broken(Close::new(Close::INVALID_PAYLOAD, "text is not UTF-8")),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Incoming::Lost,
        Error::Protocol(broken) => Incoming::Broken(Close::new(Close::PROTOCOL_ERROR, broken.to_string())),
        _ => Incoming::Lost,
    }
}

/// Reads to the end.
async fn drain<S: AsyncRead + Unpin>(stream: &mut S) {
    let mut bytes = vec![0; 16 << 10];
    loop {
        let mut buffer = ReadBuf::new(&mut bytes);
        let read = std::future::poll_fn(|cx: &mut Context<'_>| -> Poll<std::io::Result<()>> {
            Pin::new(&mut *stream).poll_read(cx, &mut buffer)
        });
        if read.await.is_err() || buffer.filled().is_empty() {
            return;
        }
    }
}

const READ_BUFFER_BYTES: usize = 4 << 10;
/// Smaller frames are gathered up to this size; each message is flushed anyway.
const WRITE_BUFFER_BYTES: usize = 16 << 10;
/// How long to wait for a peer's goodbye.
const GOODBYE: Duration = Duration::from_secs(2);
