//! WebSockets: the only place that knows the library.

mod compression;
mod inflating;
#[cfg(test)]
mod tests;

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::http::HeaderValue;
use bokeh_protocol::{Close, Fragment, InflateError, Message};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{CloseFrame, Frame as RawFrame};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message as Frame, Utf8Bytes};

use inflating::Inflating;

pub(crate) use compression::{Compression, Compressor};

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
pub(crate) struct Reader<S> {
    stream: SplitStream<WebSocketStream<Inflating<S>>>,
    /// The peer broke the rules, and what else it sends is not understood.
    is_broken: bool,
}

/// Writes to a WebSocket.
pub(crate) struct Writer<S> {
    sink: SplitSink<WebSocketStream<Inflating<S>>, Frame>,
    compression: Option<Compression>,
}

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
    pub(crate) async fn new(upgraded: Upgraded, max_fragment_bytes: usize, compression: Option<Compression>) -> Self {
        Self::over(TokioIo::new(upgraded), max_fragment_bytes, compression).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// Speaks WebSocket over any stream.
    pub(crate) async fn over(stream: S, max_fragment_bytes: usize, compression: Option<Compression>) -> Self {
        let config = WebSocketConfig::default()
            // The default of 128 KiB is allocated at once, for each connection.
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(WRITE_BUFFER_BYTES)
            .max_message_size(Some(max_fragment_bytes))
            .max_frame_size(Some(max_fragment_bytes));
        let stream = match &compression {
            Some(compression) => Inflating::messages(stream, compression.terms(), max_fragment_bytes),
            None => Inflating::nothing(stream),
        };
        let stream = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
        let (sink, stream) = stream.split();
        Self { reader: Reader { stream, is_broken: false }, writer: Writer { sink, compression } }
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
            while !self.reader.is_broken {
                match self.reader.next().await {
                    Incoming::Fragment(_) | Incoming::Pong(_) | Incoming::Broken(_) => {}
                    Incoming::Goodbye | Incoming::Lost => return,
                }
            }
            // What is left of a message too big to be read is thrown away. If it stayed unread, the system would drop the
            // connection at once, and the peer would perhaps never see why.
            if let Ok(mut stream) = self.reader.stream.reunite(self.writer.sink) {
                drain(stream.get_mut().get_mut()).await;
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
            return match self.stream.next().await {
                Some(Ok(Frame::Text(text))) => Incoming::Fragment(Fragment::Text(text.into())),
                Some(Ok(Frame::Binary(bytes))) => Incoming::Fragment(Fragment::Binary(bytes)),
                Some(Ok(Frame::Pong(payload))) => Incoming::Pong(payload),
                // Pings are answered by the library.
                Some(Ok(Frame::Ping(_) | Frame::Frame(_))) => continue,
                Some(Ok(Frame::Close(_))) => Incoming::Goodbye,
                Some(Err(error)) => {
                    let incoming = incoming_error(&error);
                    self.is_broken = matches!(incoming, Incoming::Broken(_));
                    incoming
                }
                None => Incoming::Lost,
            };
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Writer<S> {
    /// Writes a message into the buffer, and answers with the length of what is sent in bytes. [`flush`](Self::flush) sends it.
    pub(crate) async fn feed(&mut self, message: &Message) -> Result<usize, WriteError> {
        let mut deflated = match &self.compression {
            Some(compression) => compression.content_of(message).await,
            None => None,
        };
        let mut n_bytes = 0;
        for (index, fragment) in message.fragments().enumerate() {
            let deflated = deflated.take_if(|_| index == CONTENT);
            n_bytes += deflated.as_ref().unwrap_or(fragment.bytes()).len();
            let frame = match (fragment, deflated) {
                (Fragment::Text(_), Some(deflated)) => compressed(deflated),
                (Fragment::Text(bytes), None) => {
                    Frame::Text(Utf8Bytes::try_from(bytes).map_err(|_not_utf8| WriteError)?)
                }
                (Fragment::Binary(bytes), _) => Frame::Binary(bytes),
            };
            self.sink.feed(frame).await.map_err(|_gone| WriteError)?;
        }
        Ok(n_bytes)
    }

    /// Sends what is in the buffer.
    pub(crate) async fn flush(&mut self) -> Result<(), WriteError> {
        self.sink.flush().await.map_err(|_gone| WriteError)
    }

    /// Queues a ping, which goes out with the next [flush](Self::flush).
    pub(crate) async fn feed_ping(&mut self, payload: String) -> Result<(), WriteError> {
        self.sink.feed(Frame::Ping(Bytes::from(payload))).await.map_err(|_gone| WriteError)
    }

    async fn close(&mut self, close: &Close) -> Result<(), WriteError> {
        let frame = CloseFrame { code: close.code.into(), reason: close.reason().into() };
        self.sink.send(Frame::Close(Some(frame))).await.map_err(|_gone| WriteError)
    }
}

/// The frame of a compressed text.
fn compressed(payload: Bytes) -> Frame {
    let mut frame = RawFrame::message(payload, OpCode::Data(Data::Text), true);
    frame.header_mut().rsv1 = true;
    Frame::Frame(frame)
}

fn incoming_error(error: &Error) -> Incoming {
    match error {
        Error::Io(error) => match error.get_ref().and_then(|cause| cause.downcast_ref::<InflateError>()) {
            Some(error) => Incoming::Broken(error.close()),
            None => Incoming::Lost,
        },
        Error::Capacity(_) => Incoming::Broken(Close::new(Close::TOO_BIG, "message too big")),
        Error::Utf8(_) => Incoming::Broken(Close::new(Close::INVALID_PAYLOAD, "text is not UTF-8")),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Incoming::Lost,
        Error::Protocol(broken) => Incoming::Broken(Close::new(Close::PROTOCOL_ERROR, broken.to_string())),
        _ => Incoming::Lost,
    }
}

/// Says that nothing more will be sent, and reads to the end.
async fn drain<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) {
    if poll_fn(|cx| Pin::new(&mut *stream).poll_shutdown(cx)).await.is_err() {
        return;
    }
    let mut bytes = vec![0; 16 << 10];
    loop {
        let mut buffer = ReadBuf::new(&mut bytes);
        let read = poll_fn(|cx| Pin::new(&mut *stream).poll_read(cx, &mut buffer)).await;
        if read.is_err() || buffer.filled().is_empty() {
            return;
        }
    }
}

/// Which of a message's fragments is its content. The others are short, or binary.
const CONTENT: usize = 2;
const READ_BUFFER_BYTES: usize = 4 << 10;
/// Smaller frames are gathered up to this size; each message is flushed anyway.
const WRITE_BUFFER_BYTES: usize = 16 << 10;
/// How long to wait for a peer's goodbye.
const GOODBYE: Duration = Duration::from_secs(2);
