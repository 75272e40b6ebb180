//! What is counted.

mod histogram;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bokeh_application::CallbackReport;

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
    /// What connections may hold wrongly at the moment: properties, roots, titles and models.
    pub(crate) dirty_places: Level,
    /// How often a connection fell so far behind that it is repaired from the document instead.
    pub(crate) repairs: Count,
    /// How long callbacks of the application took, without those that they called.
    pub(crate) callbacks: Histogram,
    pub(crate) errors: Errors,
}

impl AppMetrics {
    /// Counts callbacks that have run in another process.
    pub(crate) fn count_callbacks(&self, report: &CallbackReport) {
        report.times.iter().for_each(|time| self.callbacks.record(*time));
        self.errors.callback.add(usize::try_from(report.n_failed).unwrap_or(usize::MAX));
    }
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
    pub(crate) kind: &'static str,
    pub(crate) value: f64,
    pub(crate) labels: Vec<(String, String)>,
}

impl Metric {
    /// A number that can rise and fall. Names are of letters, digits and underscores; what else is in them becomes underscores.
    pub fn new(name: impl Into<String>, help: impl Into<String>, value: f64) -> Self {
        Self { name: safe(&name.into()), help: help.into(), kind: "gauge", value, labels: Vec::new() }
    }

    /// A number that only rises. Prometheus wants its name to end in `_total`.
    pub fn counter(name: impl Into<String>, help: impl Into<String>, value: f64) -> Self {
        Self { kind: "counter", ..Self::new(name, help, value) }
    }

    /// Adds a label. Metrics of one name must differ in theirs.
    #[must_use]
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.push((safe(&name.into()), value.into()));
        self
    }
}

/// A name as Prometheus reads it.
fn safe(name: &str) -> String {
    let is_good = |(at, c): (usize, char)| c == '_' || c.is_ascii_alphabetic() || at > 0 && c.is_ascii_digit();
    let safe: String = name.chars().enumerate().map(|place| if is_good(place) { place.1 } else { '_' }).collect();
    if safe.is_empty() { "_".to_owned() } else { safe }
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

/// What one session has of [`AppMetrics::dirty_places`], until it ends.
#[derive(Debug)]
pub(crate) struct DirtyPlaces {
    metrics: Arc<AppMetrics>,
    n: usize,
}

impl DirtyPlaces {
    pub(crate) fn new(metrics: Arc<AppMetrics>) -> Self {
        Self { metrics, n: 0 }
    }

    pub(crate) fn set(&mut self, n: usize) {
        let level = &self.metrics.dirty_places;
        if n > self.n {
            level.rise(n - self.n);
        } else {
            level.fall(self.n - n);
        }
        self.n = n;
    }
}

impl Drop for DirtyPlaces {
    fn drop(&mut self) {
        self.set(0);
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
