//! What is counted.

mod histogram;
#[cfg(test)]
mod tests;
mod text;

use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use histogram::Histogram;
pub(crate) use text::Text;

/// What is counted of one application.
#[derive(Debug, Default)]
pub(crate) struct AppMetrics {
    pub(crate) sessions_made: Count,
    /// WebSockets that are open.
    pub(crate) connections: Level,
    pub(crate) connections_made: Count,
    pub(crate) messages_received: Count,
    pub(crate) bytes_received: Count,
    pub(crate) messages_sent: Count,
    pub(crate) bytes_sent: Count,
    /// What waits for sockets, in bytes.
    pub(crate) outbox_bytes: Level,
    /// How often a connection fell so far behind that it is repaired from the document instead.
    pub(crate) repairs: Count,
    /// How long callbacks of the application took, without those that they called.
    pub(crate) callbacks: Histogram,
    pub(crate) errors: Errors,
}

/// What went wrong, by kind.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    /// A callback failed or panicked.
    pub(crate) callback: Count,
    /// A message of a peer was refused.
    pub(crate) message: Count,
    /// A session could not be made.
    pub(crate) session: Count,
    /// A WebSocket was refused.
    pub(crate) handshake: Count,
}

/// A number that a program tells beside those of the server, such as how many workers it has.
///
/// ```
/// use bokeh_server::{Metric, Server};
///
/// let server = Server::builder().metrics(|| vec![Metric::new("queue_length", "Jobs that wait.", 3.0).label("queue", "a")]);
/// # let _ = server;
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    pub(crate) name: String,
    pub(crate) help: String,
    pub(crate) value: f64,
    pub(crate) labels: Vec<(String, String)>,
}

impl Metric {
    /// A number that can rise and fall. Prometheus wants names of letters, digits and underscores.
    pub fn new(name: impl Into<String>, help: impl Into<String>, value: f64) -> Self {
        Self { name: name.into(), help: help.into(), value, labels: Vec::new() }
    }

    /// Adds a label. Metrics of one name must differ in theirs.
    #[must_use]
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.push((name.into(), value.into()));
        self
    }
}

/// A number that only rises.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, n: usize) {
        self.0.fetch_add(n as u64, Ordering::Relaxed);
    }

    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A number that rises and falls.
#[derive(Debug, Default)]
pub(crate) struct Level(AtomicU64);

impl Level {
    pub(crate) fn rise(&self, n: usize) {
        self.0.fetch_add(n as u64, Ordering::Relaxed);
    }

    pub(crate) fn fall(&self, n: usize) {
        self.0.fetch_sub(n as u64, Ordering::Relaxed);
    }

    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
