//! The connection to a worker: requests and their replies, and what the worker says by itself.

mod passing;
mod queue;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bokeh_protocol::Buffer;
use bytes::{Bytes, BytesMut};
use parking_lot::Mutex;
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::net::unix::OwnedReadHalf;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::error::CallError;
use crate::frame::{EncodeError, Frame, FrameError, FrameReader, Read, encode, ids, named};

use queue::Queue;

/// The sending side of the connection to a worker. Cheap to clone.
///
/// Nothing here waits for the worker but [`call`](Self::call). What the socket does not take at once waits in a queue; replies
/// and what the worker says by itself are passed on by one task, in the order in which they come. Neither waits for the other
/// or for a session, so worker and server never wait for each other.
#[derive(Clone)]
pub(crate) struct Channel(Arc<Shared>);

/// What a worker answers.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) fields: Map<String, Value>,
    pub(crate) buffers: Vec<Bytes>,
}

impl Reply {
    /// The buffers with the names that the reply has for them.
    pub(crate) fn take_buffers(&mut self) -> Vec<Buffer> {
        named(self.fields.get("buffers"), &mut std::mem::take(&mut self.buffers).into_iter())
    }
}

/// Takes the reply to a request, or the error that there will be none.
pub(crate) type OnReply = Box<dyn FnOnce(Result<Reply, CallError>) + Send>;

/// Takes what the worker says by itself. It must not block.
pub(crate) type OnFrame = Box<dyn Fn(Frame) + Send + Sync>;

impl Channel {
    /// Starts the two tasks of a connection. They end when the worker or the [`ChannelEnd`] does.
    pub(crate) fn start(socket: UnixStream, on_frame: OnFrame) -> (Self, ChannelEnd) {
        let (reader, writer) = socket.into_split();
        let channel = Self(Arc::new(Shared {
            queue: Queue::new(writer),
            pending: Mutex::new(Some(HashMap::new())),
            next_id: AtomicU64::new(1),
            closed: CancellationToken::new(),
        }));
        let (write, read) = (channel.clone(), channel.clone());
        tokio::spawn(async move {
            let written = write.0.closed.run_until_cancelled(write.0.queue.write_all()).await;
            if let Some(Err(error)) = written {
                // The reader learns of the worker's end, too, and after everything that the worker has said.
                tracing::debug!(error = &error as &dyn std::error::Error, "a Python worker takes no more messages");
            }
            write.0.queue.close();
        });
        let (ended, end) = oneshot::channel();
        tokio::spawn(async move {
            let read_to_end = read.0.closed.run_until_cancelled(read_all(&read, reader, on_frame)).await;
            read.close();
            // Nobody may want to know.
            ended.send(read_to_end.unwrap_or(Ok(()))).ok();
        });
        (channel.clone(), ChannelEnd { end, channel })
    }

    /// Sends something that has no reply. It is dropped if the worker has ended.
    pub(crate) fn post(&self, kind: &'static str, body: &impl Serialize, buffers: &[Buffer]) -> Result<(), CallError> {
        self.send(kind, None, body, Attached { buffers, file: None })
    }

    /// Sends a request. `on_reply` is called by the task that reads, once, or right here if nothing can be sent.
    pub(crate) fn request(&self, kind: &'static str, body: &impl Serialize, buffers: &[Buffer], on_reply: OnReply) {
        self.request_with_id(kind, body, Attached { buffers, file: None }, on_reply);
    }

    /// Sends a request and waits for its reply, for at most so long. A reply that comes later is dropped.
    pub(crate) async fn call(
        &self,
        kind: &'static str,
        body: &impl Serialize,
        buffers: &[Buffer],
        timeout: Option<Duration>,
    ) -> Result<Reply, CallError> {
        self.call_attached(kind, body, Attached { buffers, file: None }, timeout).await
    }

    /// Like [`call`](Self::call), with a file that the worker gets.
    pub(crate) async fn call_with_file(
        &self,
        kind: &'static str,
        body: &impl Serialize,
        file: OwnedFd,
        timeout: Option<Duration>,
    ) -> Result<Reply, CallError> {
        self.call_attached(kind, body, Attached { buffers: &[], file: Some(file) }, timeout).await
    }

    /// Whether the connection has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.closed.is_cancelled()
    }

    async fn call_attached(
        &self,
        kind: &'static str,
        body: &impl Serialize,
        attached: Attached<'_>,
        timeout: Option<Duration>,
    ) -> Result<Reply, CallError> {
        let (sender, reply) = oneshot::channel();
        let on_reply = Box::new(move |reply| drop(sender.send(reply)));
        let id = self.request_with_id(kind, body, attached, on_reply);
        let _forget_on_drop = Forget { channel: self, id };
        let reply = async { reply.await.unwrap_or(Err(CallError::Gone)) };
        match timeout {
            None => reply.await,
            Some(after) => {
                tokio::time::timeout(after, reply).await.unwrap_or(Err(CallError::TimedOut { request: kind, after }))
            }
        }
    }

    /// The requests that wait for replies; none when the connection has ended.
    #[cfg(test)]
    fn n_pending(&self) -> Option<usize> {
        self.0.pending.lock().as_ref().map(HashMap::len)
    }

    /// The bytes that wait to be written.
    pub(crate) fn n_queued_bytes(&self) -> usize {
        self.0.queue.n_bytes()
    }

    /// Ends the connection: whoever waits for a reply is told so.
    pub(crate) fn close(&self) {
        self.0.closed.cancel();
        self.0.queue.close();
        let pending = self.0.pending.lock().take();
        for on_reply in pending.into_iter().flatten().map(|(_, on_reply)| on_reply) {
            on_reply(Err(CallError::Gone));
        }
    }

    fn request_with_id(
        &self,
        kind: &'static str,
        body: &impl Serialize,
        attached: Attached<'_>,
        on_reply: OnReply,
    ) -> u64 {
        let id = self.0.next_id.fetch_add(1, Ordering::Relaxed);
        let refused = match &mut *self.0.pending.lock() {
            Some(pending) => {
                pending.insert(id, on_reply);
                None
            }
            None => Some((on_reply, CallError::Gone)),
        };
        let refused = refused.or_else(|| {
            let error = self.send(kind, Some(id), body, attached).err()?;
            Some((self.take(id)?, error))
        });
        if let Some((on_reply, error)) = refused {
            on_reply(Err(error));
        }
        id
    }

    fn send(
        &self,
        kind: &'static str,
        id: Option<u64>,
        body: &impl Serialize,
        Attached { buffers, file }: Attached<'_>,
    ) -> Result<(), CallError> {
        let encoded = encode(&Message { t: kind, id, buffers: ids(buffers), body }, buffers);
        let mut encoded = encoded.map_err(|error: EncodeError| CallError::Encode(Box::new(error)))?;
        encoded.file = file;
        if self.0.queue.push(encoded) { Ok(()) } else { Err(CallError::Gone) }
    }

    fn take(&self, id: u64) -> Option<OnReply> {
        self.0.pending.lock().as_mut()?.remove(&id)
    }

    /// Passes a reply on. Nobody may want it any more.
    fn settle(&self, mut frame: Frame) {
        let id = frame.fields.get("id").and_then(Value::as_u64);
        let Some(on_reply) = id.and_then(|id| self.take(id)) else { return };
        if frame.is_too_deep {
            return on_reply(Err(CallError::Unreadable));
        }
        let reply = match frame.fields.remove("error") {
            None | Some(Value::Null) => Ok(Reply { fields: frame.fields, buffers: frame.buffers }),
            // The answer to a patch can be an error and changes at once.
            Some(error) if frame.fields.contains_key("segments") => {
                frame.fields.insert("error".to_owned(), error);
                Ok(Reply { fields: frame.fields, buffers: frame.buffers })
            }
            Some(error) => Err(CallError::refused(&error)),
        };
        on_reply(reply);
    }
}

/// The end of a connection to a worker. Dropping it ends the connection.
pub(crate) struct ChannelEnd {
    end: oneshot::Receiver<Result<(), ReadError>>,
    channel: Channel,
}

impl ChannelEnd {
    /// Waits until the worker has nothing more to say. Everything that it has said is passed on by then.
    pub(crate) async fn wait(&mut self) -> Result<(), ReadError> {
        (&mut self.end).await.unwrap_or(Ok(()))
    }
}

impl Drop for ChannelEnd {
    fn drop(&mut self) {
        self.channel.close();
    }
}

/// Why a worker is not understood any more.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("cannot read from the worker's socket")]
    Io(#[from] io::Error),
    #[error("the worker sent something that is no message")]
    Frame(#[from] FrameError),
}

struct Shared {
    queue: Queue,
    /// None when the connection has ended.
    pending: Mutex<Option<HashMap<u64, OnReply>>>,
    next_id: AtomicU64,
    closed: CancellationToken,
}

/// What travels beside the JSON.
struct Attached<'a> {
    buffers: &'a [Buffer],
    file: Option<OwnedFd>,
}

/// Forgets a request whose caller has gone.
struct Forget<'a> {
    channel: &'a Channel,
    id: u64,
}

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        self.channel.take(self.id);
    }
}

#[derive(Serialize)]
struct Message<'a, T> {
    t: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buffers: Vec<&'a str>,
    #[serde(flatten)]
    body: &'a T,
}

async fn read_all(channel: &Channel, mut reader: OwnedReadHalf, on_frame: OnFrame) -> Result<(), ReadError> {
    let frames = FrameReader::default();
    let mut bytes = BytesMut::new();
    loop {
        match frames.read(&mut bytes)? {
            Read::Needs(n_bytes) => {
                bytes.reserve((n_bytes - bytes.len()).clamp(READ_AHEAD, MAX_RESERVE));
                if reader.read_buf(&mut bytes).await? == 0 {
                    return Ok(());
                }
            }
            Read::Raw(raw) => {
                let frame = match raw.n_json_bytes() {
                    // Parsing takes as long as a hop to another thread.
                    0..LONG_JSON => raw.parse()?,
                    _ => tokio::task::spawn_blocking(|| raw.parse()).await.map_err(io::Error::other)??,
                };
                match frame.fields.get("t").and_then(Value::as_str) {
                    Some("reply") => channel.settle(frame),
                    _ => on_frame(frame),
                }
            }
        }
    }
}

const READ_AHEAD: usize = 1 << 14;
/// A worker that announces much is believed as far as it has sent it.
const MAX_RESERVE: usize = 1 << 24;
const LONG_JSON: usize = 1 << 18;
