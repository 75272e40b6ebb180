//! How long a peer may say nothing.

#[cfg(test)]
mod tests;

use std::time::Duration;

use tokio::time::Instant;

/// For how long nothing has come.
#[derive(Debug)]
pub(super) struct Silence {
    since: Instant,
    /// How much of it is suspicious, if any is.
    limit: Option<Duration>,
    /// Whether the other side was asked for a sign of life.
    has_asked: bool,
}

impl Silence {
    pub(super) fn new(limit: Option<Duration>, now: Instant) -> Self {
        Self { since: now, limit, has_asked: false }
    }

    /// When there is something to do about it.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let limit = self.limit?;
        Some(self.since + if self.has_asked { limit * 2 } else { limit })
    }

    /// The deadline is over. Answers whether to ask for a sign of life now; if not, there was none.
    pub(super) fn ask(&mut self) -> bool {
        !std::mem::replace(&mut self.has_asked, true)
    }

    /// Something has come.
    pub(super) fn broken(&mut self, now: Instant) {
        self.since = now;
        self.has_asked = false;
    }

    pub(super) fn lasts(&self, now: Instant) -> Duration {
        now - self.since
    }
}
