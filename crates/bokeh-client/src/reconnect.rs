//! Coming back after a connection was lost.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use bokeh_protocol::RawMessage;
use tokio::time::sleep;
use tracing::debug;

use crate::connect::Target;
use crate::connection::Connection;
use crate::ticket::{Ticket, unix_secs};
use crate::{ConnectError, Disconnect};

/// How to come back when the connection is lost: to the same session, again and again until it works or the server refuses.
///
/// Meanwhile requests fail, the document can be read and changed, and its scheduled callbacks run. The document's callbacks
/// of the events `connection_lost` and `client_reconnected` are called on this side, and
/// [`ClientSession::state`](crate::ClientSession::state) says how far it is.
///
/// ```
/// use bokeh_client::{ConnectOptions, Reconnect};
///
/// let options = ConnectOptions { reconnect: Some(Reconnect::default()), ..ConnectOptions::default() };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconnect {
    /// Whose document counts afterwards.
    pub resume: Resume,
    /// How long to wait before the first attempt. The time doubles with each attempt that fails. The default is 100 ms.
    ///
    /// Of each time, a random part of up to a half is left out: a server that comes up again is not met by all its clients at
    /// the same moment.
    pub first_delay: Duration,
    /// The longest time between attempts. The default is 10 s.
    pub max_delay: Duration,
    /// After how many attempts in a row the session ends. `None`, the default, is never.
    pub max_attempts: Option<u32>,
}

/// Whose document counts after a connection was lost, when it was the document of both before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resume {
    /// The server's. What this side has changed meanwhile, or a moment before, is lost if the server has not got it. Handles
    /// and callbacks of models stay valid if the server still has the models; callbacks are told of what has changed.
    ///
    /// When the session has ended meanwhile, this side's ends, too, if the server says so. Python's does not: it makes a new
    /// session of the same id.
    #[default]
    Pull,
    /// This side's: it is pushed, also to a session that is new since the server has forgotten the old one.
    Push,
}

impl Default for Reconnect {
    fn default() -> Self {
        Self {
            resume: Resume::Pull,
            first_delay: Duration::from_millis(100),
            max_delay: Duration::from_secs(10),
            max_attempts: None,
        }
    }
}

/// The attempts since the session was last all right.
#[derive(Clone, Debug)]
pub(crate) struct Attempts {
    policy: Reconnect,
    ticket: Ticket,
    n_made: u32,
}

impl Attempts {
    /// `ticket` is what the session was entered with.
    pub(crate) fn new(policy: Reconnect, ticket: Ticket) -> Self {
        Self { policy, ticket, n_made: 0 }
    }

    pub(crate) fn resume(&self) -> Resume {
        self.policy.resume
    }

    /// The session is all right again.
    pub(crate) fn succeeded(&mut self) {
        self.n_made = 0;
    }

    /// How long to wait before the next attempt; `None` when there were enough.
    fn next(&mut self) -> Option<Duration> {
        if self.policy.max_attempts.is_some_and(|max| self.n_made >= max) {
            return None;
        }
        let factor = 1_u32.checked_shl(self.n_made).unwrap_or(u32::MAX);
        self.n_made = self.n_made.saturating_add(1);
        Some(self.policy.first_delay.saturating_mul(factor).min(self.policy.max_delay))
    }
}

/// A way back: the connection with its ACK, or why there is none.
pub(crate) struct Returned {
    pub(crate) attempts: Attempts,
    pub(crate) outcome: Result<(Box<Connection>, RawMessage), Disconnect>,
}

/// A time without a part of up to a half of it.
fn shorten(delay: Duration, random: u32) -> Duration {
    delay.mul_f64(1.0 - f64::from(random) / f64::from(u32::MAX) / 2.0)
}

fn rand_u32() -> u32 {
    // The system's source of randomness only fails where nothing else works either; then the whole time is waited.
    getrandom::u32().unwrap_or(0)
}

/// Connects again, as often as it takes. `lost` is how it was lost.
pub(crate) async fn come_back(target: Arc<Target>, mut attempts: Attempts, mut lost: Disconnect) -> Returned {
    let outcome = loop {
        let Some(delay) = attempts.next() else { break Err(lost) };
        sleep(shorten(delay, rand_u32())).await;
        // Who pushes takes a new session, too.
        if attempts.policy.resume == Resume::Push {
            attempts.ticket = Ticket::new(&target);
        }
        match target.connect(&attempts.ticket.token).await {
            Ok(connected) => break Ok(connected),
            Err(error) if attempts.ticket.is_too_old(&error, unix_secs()) => attempts.ticket = Ticket::new(&target),
            Err(error) if is_final(&error) => break Err(Disconnect::Refused(Arc::new(error))),
            Err(error) => {
                debug!("attempt {} to come back: {error}", attempts.n_made);
                lost = Disconnect::NotBack { n_attempts: attempts.n_made, source: Arc::new(error) };
            }
        }
    };
    Returned { attempts, outcome }
}

/// Whether the server has answered, and will answer the same next time.
fn is_final(error: &ConnectError) -> bool {
    match error {
        ConnectError::Network { .. } | ConnectError::Timeout(_) | ConnectError::Random(_) => false,
        // A proxy before a server that is starting; too many sessions for now.
        ConnectError::Refused { status, .. } => *status < 500,
        // A server that stops says so at any moment.
        ConnectError::NotAcknowledged(Disconnect::ByServer { code, .. }) => {
            !matches!(code, Some(GOING_AWAY | RESTART | TRY_AGAIN_LATER))
        }
        ConnectError::NotAcknowledged(Disconnect::Network(_) | Disconnect::Silent(_)) => false,
        // A proxy again, or somebody else who has taken the port for now.
        ConnectError::Handshake { .. } => false,
        _ => true,
    }
}

const GOING_AWAY: u16 = 1001;
const RESTART: u16 = 1012;
const TRY_AGAIN_LATER: u16 = 1013;
