//! The WebSocket as messages that come and go.

mod silence;

use std::collections::VecDeque;
use std::future::{pending, poll_fn};
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bokeh_protocol::{Close, Fragment, Limits, Message, RawMessage, Receiver};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message as Frame};

use crate::Disconnect;
use crate::connect::Socket;
use silence::Silence;

/// An open WebSocket. Fragments of a message are written one after the other, as all are written here.
#[derive(Debug)]
pub(crate) struct Connection {
    socket: Socket,
    receiver: Receiver,
    outgoing: VecDeque<Frame>,
    is_flushed: bool,
    silence: Silence,
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

/// What happened to a socket.
enum Event {
    Written(Result<(), tungstenite::Error>),
    Read(Option<Result<Frame, tungstenite::Error>>),
}

impl Connection {
    /// After `keep_alive` without a word the server is asked for one; after as much again it is given up.
    pub(crate) fn new(socket: Socket, limits: Limits, keep_alive: Option<Duration>) -> Self {
        Self {
            socket,
            receiver: Receiver::for_client(limits),
            outgoing: VecDeque::new(),
            is_flushed: true,
            silence: Silence::new(keep_alive, Instant::now()),
            end: None,
        }
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
            let deadline = self.end.as_ref().map(|end| end.deadline).or_else(|| self.silence.deadline());
            let event = tokio::select! {
                event = poll_fn(|context| self.poll_socket(context)) => event,
                () = expiry(deadline) => {
                    self.expired()?;
                    continue;
                }
            };
            let frame = match event {
                Event::Written(result) => {
                    result.map_err(|error| self.ended(error))?;
                    if self.end.as_ref().is_some_and(|end| end.is_agreed) {
                        return Err(self.ended(tungstenite::Error::ConnectionClosed));
                    }
                    return Ok(Progress::Sent);
                }
                Event::Read(frame) => frame,
            };
            acknowledge(self.socket.get_ref().get_ref());
            self.silence.broken(Instant::now());
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

    /// Writes what is queued, and reads while that takes time.
    fn poll_socket(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        if !self.is_flushed
            && let Poll::Ready(result) = self.poll_write(context)
        {
            self.is_flushed = true;
            return Poll::Ready(Event::Written(result));
        }
        self.socket.poll_next_unpin(context).map(Event::Read)
    }

    /// A frame leaves the queue when the socket has taken it.
    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<Result<(), tungstenite::Error>> {
        while !self.outgoing.is_empty() {
            ready!(self.socket.poll_ready_unpin(context))?;
            if let Some(frame) = self.outgoing.pop_front() {
                self.socket.start_send_unpin(frame)?;
            }
        }
        self.socket.poll_flush_unpin(context)
    }

    /// The time is up for the end, or for a word of the server.
    fn expired(&mut self) -> Result<(), Disconnect> {
        if let Some(end) = self.end.take() {
            return Err(end.reason);
        }
        if !self.silence.ask() {
            return Err(Disconnect::Silent(self.silence.lasts(Instant::now())));
        }
        self.outgoing.push_back(Frame::Ping(Vec::new().into()));
        self.is_flushed = false;
        Ok(())
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

/// Tells the other side at once that its data is here.
///
/// Python's server writes each fragment of a message by itself, and its system holds the next one back until the last one
/// is acknowledged, for which ours would take 40 ms. The system forgets this setting, hence after each frame anew. The server
/// crate has a stream of its own for the same purpose: there the WebSocket library is below the HTTP library and has no
/// frames to wait for, here it is at hand, so the two have but this call in common.
fn acknowledge(stream: &TcpStream) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    // Without it the connection is slower, and works all the same.
    stream.set_quickack(true).ok();
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = stream;
}

async fn expiry(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
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
