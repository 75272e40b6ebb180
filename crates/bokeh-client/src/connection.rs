//! The WebSocket as messages that come and go.

use std::collections::VecDeque;
use std::future::{pending, poll_fn};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bokeh_protocol::{Close, Fragment, Limits, Message, RawMessage, Receiver};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message as Frame};

use crate::Disconnect;
use crate::connect::Socket;

/// An open WebSocket. Fragments of a message are written one after the other, as all are written here.
#[derive(Debug)]
pub(crate) struct Connection {
    sink: SplitSink<Socket, Frame>,
    stream: SplitStream<Socket>,
    receiver: Receiver,
    outgoing: VecDeque<Frame>,
    is_flushed: bool,
    end: Option<End>,
}

/// How a connection that is being closed came to that, and how long the other side may take to agree.
#[derive(Debug)]
struct End {
    reason: Disconnect,
    deadline: Instant,
    /// Whether the server's Close frame is here: when ours is written, too, it is over.
    is_agreed: bool,
}

/// What happened to a connection.
#[derive(Debug)]
pub(crate) enum Progress {
    Received(RawMessage),
    /// Everything that was to be sent was.
    Sent,
}

impl Connection {
    pub(crate) fn new(socket: Socket, limits: Limits) -> Self {
        let (sink, stream) = socket.split();
        let receiver = Receiver::for_client(limits);
        Self { sink, stream, receiver, outgoing: VecDeque::new(), is_flushed: true, end: None }
    }

    /// Queues a message.
    pub(crate) fn send(&mut self, message: &Message) {
        if self.end.is_none() {
            self.outgoing.extend(message.fragments().filter_map(frame));
            self.is_flushed = false;
        }
    }

    /// Queues the end of the connection, for which the other side may take a while.
    pub(crate) fn close(&mut self, close: &Close, reason: Disconnect) {
        if self.end.is_none() {
            self.outgoing
                .push_back(Frame::Close(Some(CloseFrame { code: close.code.into(), reason: close.reason().into() })));
            self.is_flushed = false;
            self.end = Some(End { reason, deadline: Instant::now() + PATIENCE, is_agreed: false });
        }
    }

    /// Whether so much is queued that nothing should be added for now.
    pub(crate) fn is_congested(&self) -> bool {
        self.outgoing.len() > MAX_QUEUED_FRAMES
    }

    /// Writes and reads until there is something to tell. Nothing is lost when the future is dropped before.
    pub(crate) async fn progress(&mut self) -> Result<Progress, Disconnect> {
        loop {
            let frame = tokio::select! {
                written = write(&mut self.sink, &mut self.outgoing), if !self.is_flushed => {
                    written.map_err(|error| self.ended(error))?;
                    self.is_flushed = true;
                    if self.end.as_ref().is_some_and(|end| end.is_agreed) {
                        return Err(self.ended(tungstenite::Error::ConnectionClosed));
                    }
                    return Ok(Progress::Sent);
                }
                frame = self.stream.next() => frame,
                () = expiry(self.end.as_ref()) => None,
            };
            let fragment = match frame {
                Some(Ok(Frame::Text(text))) => Fragment::Text(text.into()),
                Some(Ok(Frame::Binary(bytes))) => Fragment::Binary(bytes),
                Some(Ok(Frame::Close(frame))) => {
                    let (code, reason) = frame.map(|frame| (frame.code.into(), frame.reason.to_string())).unzip();
                    let reason = Disconnect::ByServer { code, reason: reason.unwrap_or_default() };
                    let deadline = Instant::now() + PATIENCE;
                    self.end.get_or_insert(End { reason, deadline, is_agreed: true }).is_agreed = true;
                    // The library has prepared the answer to a Close frame; nothing may be written after it.
                    self.outgoing.clear();
                    self.is_flushed = false;
                    continue;
                }
                Some(Ok(Frame::Ping(_) | Frame::Pong(_) | Frame::Frame(_))) => continue,
                Some(Err(error)) => return Err(self.ended(error)),
                None => return Err(self.ended(tungstenite::Error::ConnectionClosed)),
            };
            // What comes between our farewell and the server's is of no use to anybody.
            if self.end.is_some() {
                continue;
            }
            match self.receiver.push(fragment) {
                Ok(None) => {}
                Ok(Some(message)) => return Ok(Progress::Received(message)),
                Err(error) => {
                    let close = Close::new(error.close().code, "error parsing message from server");
                    self.close(&close, Disconnect::Receive(Arc::new(error)));
                }
            }
        }
    }

    fn ended(&mut self, error: tungstenite::Error) -> Disconnect {
        match self.end.take() {
            Some(end) => end.reason,
            None => Disconnect::Network(match error {
                tungstenite::Error::Io(error) => Arc::new(error),
                tungstenite::Error::ConnectionClosed => Arc::new(io::Error::from(io::ErrorKind::UnexpectedEof)),
                other => Arc::new(other),
            }),
        }
    }
}

/// Writes what is queued. A frame leaves the queue when the socket has taken it, so the future can be dropped any time.
async fn write(sink: &mut SplitSink<Socket, Frame>, queue: &mut VecDeque<Frame>) -> Result<(), tungstenite::Error> {
    while !queue.is_empty() {
        poll_fn(|context| sink.poll_ready_unpin(context)).await?;
        if let Some(frame) = queue.pop_front() {
            sink.start_send_unpin(frame)?;
        }
    }
    sink.flush().await
}

async fn expiry(end: Option<&End>) {
    match end {
        Some(end) => sleep_until(end.deadline).await,
        None => pending().await,
    }
}

fn frame(fragment: Fragment) -> Option<Frame> {
    Some(match fragment {
        // Texts are made of strings and JSON.
        Fragment::Text(text) => Frame::Text(text.try_into().ok()?),
        Fragment::Binary(bytes) => Frame::Binary(bytes),
    })
}

/// For how long the other side may leave a farewell unanswered.
const PATIENCE: Duration = Duration::from_secs(2);
const MAX_QUEUED_FRAMES: usize = 1024;
