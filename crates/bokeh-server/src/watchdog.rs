//! Telling of callbacks that take long.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use bokeh_document::CallbackObserver;
use parking_lot::Mutex;
use tracing::{Span, warn};

use crate::metrics::AppMetrics;

/// Looks at all sessions from time to time, and logs the callbacks that take long: while they run, since they may never
/// end, and when they have ended.
#[derive(Debug)]
pub(crate) struct Watchdog {
    limit: Option<Duration>,
    watches: Mutex<Vec<Weak<Watch>>>,
}

/// What runs in one session.
struct Watch {
    limit: Option<Duration>,
    metrics: Arc<AppMetrics>,
    /// What to log under.
    span: Span,
    running: Mutex<Running>,
}

impl Watchdog {
    /// One that tells of what takes longer than the limit, or of nothing.
    pub(crate) fn new(limit: Option<Duration>) -> Self {
        Self { limit, watches: Mutex::default() }
    }

    /// The observer for a session that logs under `span`. It also counts how long callbacks take.
    pub(crate) fn watch(&self, span: Span, metrics: Arc<AppMetrics>) -> Arc<dyn CallbackObserver> {
        let watch = Arc::new(Watch { limit: self.limit, metrics, span, running: Mutex::default() });
        if self.limit.is_some() {
            self.watches.lock().push(Arc::downgrade(&watch));
        }
        watch
    }

    /// Looks for callbacks that still run, for ever.
    pub(crate) async fn run(&self) {
        let Some(limit) = self.limit else { return };
        loop {
            tokio::time::sleep(limit.max(Duration::from_millis(1))).await;
            let mut watches = Vec::new();
            self.watches.lock().retain(|watch| {
                watches.extend(watch.upgrade());
                watch.strong_count() > 0
            });
            watches.iter().for_each(|watch| watch.look(limit));
        }
    }
}

impl Watch {
    fn look(&self, limit: Duration) {
        // The lock is not held while the log is written.
        let slow = self.running.lock().look(Instant::now(), limit);
        if let Some(Run { callback, time }) = slow {
            self.span.in_scope(|| warn!("{callback} has run for {time:.1?} and still does"));
        }
    }
}

impl CallbackObserver for Watch {
    fn began(&self, callback: &Arc<str>) {
        self.running.lock().began(callback.clone(), Instant::now());
    }

    fn ended(&self) {
        let Some(Run { callback, time }) = self.running.lock().ended(Instant::now()) else { return };
        self.metrics.callbacks.record(time);
        if self.limit.is_some_and(|limit| time >= limit) {
            self.span.in_scope(|| warn!("{callback} took {time:.1?}"));
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("limit", &self.limit).finish_non_exhaustive()
    }
}

/// The callbacks that run inside each other, the innermost last.
#[derive(Debug, Default)]
struct Running(Vec<Call>);

#[derive(Debug)]
struct Call {
    callback: Arc<str>,
    began: Instant,
    /// How long it was others that ran inside of it.
    inner: Duration,
    is_told: bool,
}

/// How long a callback runs, without those inside of it.
#[derive(Debug, PartialEq)]
struct Run {
    callback: Arc<str>,
    time: Duration,
}

impl Running {
    fn began(&mut self, callback: Arc<str>, now: Instant) {
        self.0.push(Call { callback, began: now, inner: Duration::ZERO, is_told: false });
    }

    fn ended(&mut self, now: Instant) -> Option<Run> {
        let call = self.0.pop()?;
        let whole = now.saturating_duration_since(call.began);
        if let Some(outer) = self.0.last_mut() {
            outer.inner += whole;
        }
        Some(Run { callback: call.callback, time: whole.saturating_sub(call.inner) })
    }

    /// The innermost callback, once, if it takes long.
    fn look(&mut self, now: Instant, limit: Duration) -> Option<Run> {
        let call = self.0.last_mut().filter(|call| !call.is_told)?;
        let time = now.saturating_duration_since(call.began).saturating_sub(call.inner);
        call.is_told = time >= limit;
        call.is_told.then(|| Run { callback: call.callback.clone(), time })
    }
}
