//! What a worker has charge of.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bokeh_application::{CallbackReport, SessionContext};
use parking_lot::Mutex;
use serde_json::{Map, Value};
use tokio::sync::Notify;

use crate::error::CallError;
use crate::forks::Forks;
use crate::frame::Frame;
use crate::session::RemoteSession;
use crate::{log, news};

use super::Worker;

/// The sessions of a worker and the processes that it has forked. What the worker says by itself is for them.
#[derive(Default)]
pub(super) struct Charges {
    /// By their numbers.
    sessions: Mutex<HashMap<u64, Arc<RemoteSession>>>,
    forks: Forks,
    n_children: AtomicUsize,
    /// Sessions and requests that are on their way to the worker.
    n_booked: AtomicUsize,
    changed: Notify,
}

impl Charges {
    /// Adds a session.
    pub(super) fn insert(&self, session: Arc<RemoteSession>) {
        self.sessions.lock().insert(session.number(), session);
        self.changed.notify_waiters();
    }

    /// Removes a session that has ended.
    pub(super) fn remove(&self, number: u64) {
        self.sessions.lock().remove(&number);
        self.changed.notify_waiters();
    }

    /// Removes all sessions.
    pub(super) fn take(&self) -> Vec<Arc<RemoteSession>> {
        let sessions = std::mem::take(&mut *self.sessions.lock());
        self.changed.notify_waiters();
        sessions.into_values().collect()
    }

    pub(super) fn n_sessions(&self) -> usize {
        self.sessions.lock().len()
    }

    pub(super) fn n_children(&self) -> usize {
        self.n_children.load(Ordering::Acquire)
    }

    pub(super) fn n_booked(&self) -> usize {
        self.n_booked.load(Ordering::Acquire)
    }

    pub(super) fn forks(&self) -> &Forks {
        &self.forks
    }

    /// Waits until a session or a process comes or goes.
    pub(super) fn changed(&self) -> impl Future<Output = ()> + Send + '_ {
        self.changed.notified()
    }

    fn find(&self, frame: &Frame) -> Option<Arc<RemoteSession>> {
        let number = frame.fields.get("s")?.as_u64()?;
        self.sessions.lock().get(&number).cloned()
    }

    /// Takes what the worker says by itself.
    pub(super) fn hear(&self, process_id: u32, frame: Frame) {
        let session = self.find(&frame);
        match (frame.fields.get("t").and_then(Value::as_str), session) {
            (Some("changes"), Some(session)) if frame.is_too_deep => session.give_up(&CallError::Unreadable),
            (Some("changes"), Some(session)) => session.hear(news::of_changes(frame.fields, frame.buffers)),
            (Some("begun"), Some(session)) => session.begin(),
            (Some("expire"), Some(session)) => session.context().request_expiration(),
            (Some("took"), Some(session)) => took(session.context(), &frame.fields),
            (Some("exited"), _) => {
                let number = |key: &str| u32::try_from(frame.fields.get(key)?.as_u64()?).ok();
                let status = frame.fields.get("status").and_then(Value::as_str).unwrap_or_default();
                if let Some(process_id) = number("pid") {
                    self.forks.ended(process_id, status.to_owned());
                }
            }
            (Some("log"), _) => log::pass_on(process_id, &frame.fields),
            // A session that has ended.
            (Some("changes" | "begun" | "expire" | "took"), None) => {}
            (kind, _) => tracing::debug!(process_id, ?kind, "a Python worker said something that is not understood"),
        }
    }

    /// How many sessions there are of which application, for the log.
    pub(super) fn describe(&self) -> String {
        let mut counts = BTreeMap::<String, usize>::new();
        for session in self.sessions.lock().values() {
            *counts.entry(session.route().to_owned()).or_default() += 1;
        }
        let counts = counts.into_iter().map(|(route, n)| format!("{n} of {route}"));
        let text = counts.collect::<Vec<_>>().join(", ");
        if text.is_empty() { "none".to_owned() } else { text }
    }
}

/// Passes on how long callbacks took.
fn took(context: &SessionContext, fields: &Map<String, Value>) {
    let secs = fields.get("secs").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_f64);
    let times = secs.filter_map(|secs| Duration::try_from_secs_f64(secs).ok()).collect();
    let n_failed = fields.get("failed").and_then(Value::as_u64).unwrap_or_default();
    context.report_callbacks(&CallbackReport { times, n_failed });
}

/// Counts a process as forked from a worker for as long as it lives.
pub(crate) struct CountedChild(Arc<Charges>);

impl CountedChild {
    pub(super) fn of(parent: &Arc<Charges>) -> Self {
        parent.n_children.fetch_add(1, Ordering::AcqRel);
        Self(parent.clone())
    }
}

impl Drop for CountedChild {
    fn drop(&mut self) {
        self.0.n_children.fetch_sub(1, Ordering::AcqRel);
        self.0.changed.notify_waiters();
    }
}

/// A place for what is on its way to a worker, so that not all who come at the same moment go to the same one.
pub(crate) struct Booking(Arc<Worker>);

impl Booking {
    pub(crate) fn new(worker: Arc<Worker>) -> Self {
        worker.charges.n_booked.fetch_add(1, Ordering::AcqRel);
        Self(worker)
    }

    pub(crate) fn worker(&self) -> &Arc<Worker> {
        &self.0
    }
}

impl Drop for Booking {
    fn drop(&mut self) {
        self.0.charges.n_booked.fetch_sub(1, Ordering::AcqRel);
        self.0.charges.changed.notify_waiters();
    }
}
