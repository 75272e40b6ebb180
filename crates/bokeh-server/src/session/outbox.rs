//! What waits for a socket.

use std::collections::VecDeque;
use std::sync::Arc;

use bokeh_protocol::Message;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::metrics::AppMetrics;

/// How many bytes of changes may wait for a socket. Beyond that, changes are not queued but noted, and sent as the state that
/// the document has when the socket is free again.
pub(crate) const MAX_BACKLOG_BYTES: usize = 8 << 20;

/// What a connection's task is to write.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// A message.
    Message(Message),
    /// A ping, of whose answer the session wants to know.
    Ping,
    /// The end of the connection.
    Close {
        /// A code of RFC 6455.
        code: u16,
        /// A text of at most 123 bytes.
        reason: String,
    },
}

/// A pair of ends: the session's and the connection's.
pub(crate) fn outbox(metrics: Arc<AppMetrics>) -> (Outbox, Outlet) {
    let shared =
        Arc::new(Shared { waiting: Mutex::default(), arrived: Notify::new(), written: Notify::new(), metrics });
    (Outbox(Arc::clone(&shared)), Outlet(shared))
}

/// The session's end. Dropping it lets the connection go.
#[derive(Debug)]
pub(crate) struct Outbox(Arc<Shared>);

/// The connection's end.
#[derive(Debug)]
pub(crate) struct Outlet(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    waiting: Mutex<Waiting>,
    arrived: Notify,
    written: Notify,
    metrics: Arc<AppMetrics>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        let total = self.waiting.get_mut().total;
        self.metrics.outbox_bytes.fall(total.changes + total.state);
    }
}

#[derive(Debug, Default)]
struct Waiting {
    queue: VecDeque<(Outgoing, Weight)>,
    /// What waits, and what was taken and is still being written.
    total: Weight,
    taken: Weight,
    /// Whether the session wants to know when nothing waits any more.
    wants_notice: bool,
    /// The session has let go.
    is_closed: bool,
    /// Nobody writes any more.
    is_abandoned: bool,
}

/// A size in bytes: changes count against the limit, state does not, since it is as large as the document makes it.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    changes: usize,
    state: usize,
}

impl Outbox {
    /// Queues a message. Answers whether too much waits now.
    pub(crate) fn push(&self, outgoing: Outgoing, is_state: bool) -> bool {
        let n_bytes = size(&outgoing);
        let weight =
            if is_state { Weight { changes: 0, state: n_bytes } } else { Weight { changes: n_bytes, state: 0 } };
        let mut waiting = self.0.waiting.lock();
        if waiting.is_abandoned {
            return false;
        }
        waiting.total.changes += weight.changes;
        waiting.total.state += weight.state;
        self.0.metrics.outbox_bytes.rise(n_bytes);
        waiting.queue.push_back((outgoing, weight));
        self.0.arrived.notify_one();
        waiting.total.changes > MAX_BACKLOG_BYTES
    }

    /// Asks for a notice when all is written. Answers `false` when that is the case already.
    pub(crate) fn ask_for_notice(&self) -> bool {
        let mut waiting = self.0.waiting.lock();
        let asked_before = waiting.wants_notice;
        waiting.wants_notice = waiting.total.changes + waiting.total.state > 0;
        if waiting.wants_notice && !asked_before {
            self.0.metrics.repairs.add(1);
        }
        waiting.wants_notice
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        self.0.waiting.lock().is_closed = true;
        self.0.arrived.notify_one();
    }
}

impl Outlet {
    /// The next thing to write; `None` when the session has let go.
    pub(crate) async fn next(&self) -> Option<Outgoing> {
        loop {
            let arrived = self.0.arrived.notified();
            if let Some(outgoing) = self.try_next() {
                return Some(outgoing);
            }
            if self.0.waiting.lock().is_closed {
                return None;
            }
            arrived.await;
        }
    }

    /// The next thing to write, if there is one already.
    pub(crate) fn try_next(&self) -> Option<Outgoing> {
        let mut waiting = self.0.waiting.lock();
        let (outgoing, weight) = waiting.queue.pop_front()?;
        waiting.taken.changes += weight.changes;
        waiting.taken.state += weight.state;
        Some(outgoing)
    }

    /// Everything that was taken is with the system now. Answers whether the session is to be told that nothing waits any more.
    pub(crate) fn is_written(&self) -> bool {
        let mut waiting = self.0.waiting.lock();
        let taken = std::mem::take(&mut waiting.taken);
        waiting.total.changes -= taken.changes;
        waiting.total.state -= taken.state;
        self.0.metrics.outbox_bytes.fall(taken.changes + taken.state);
        self.0.written.notify_waiters();
        waiting.queue.is_empty() && std::mem::take(&mut waiting.wants_notice)
    }

    /// Lets go what waits, as nobody writes any more.
    pub(crate) fn abandon(&self) {
        let mut waiting = self.0.waiting.lock();
        let total = std::mem::take(&mut waiting.total);
        waiting.queue.clear();
        waiting.taken = Weight::default();
        waiting.is_abandoned = true;
        self.0.metrics.outbox_bytes.fall(total.changes + total.state);
        self.0.written.notify_waiters();
    }

    /// Waits until not too much waits: whoever does not read is not listened to either.
    pub(crate) async fn has_room(&self) {
        loop {
            let written = self.0.written.notified();
            let total = self.0.waiting.lock().total;
            if total.changes + total.state <= MAX_BACKLOG_BYTES {
                return;
            }
            written.await;
        }
    }
}

/// How many bytes a message holds, with something for its header and the queue's own place.
fn size(outgoing: &Outgoing) -> usize {
    const OVERHEAD: usize = 256;
    match outgoing {
        Outgoing::Message(message) => {
            OVERHEAD + message.content().len() + message.buffers().iter().map(|buffer| buffer.data.len()).sum::<usize>()
        }
        Outgoing::Ping | Outgoing::Close { .. } => OVERHEAD,
    }
}
