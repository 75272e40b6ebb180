//! What a session is entered with.

#[cfg(test)]
mod tests;

use std::time::{SystemTime, UNIX_EPOCH};

use bokeh_protocol::Token;

use crate::connect::Target;
use crate::{ConnectError, Disconnect};

/// A token, by which the server also knows who comes back.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    pub(crate) token: String,
    /// In seconds since 1970.
    expiry: i64,
}

impl Ticket {
    pub(crate) fn new(target: &Target) -> Self {
        let expiry = unix_secs() + LIFETIME_SECS;
        let token = Token::new(&*target.session_id).expires_at(expiry).encode(&target.options.signing);
        Self { token: token.expect("a token without a payload can be encoded"), expiry }
    }

    /// Whether a new one may do better. Python's server closes connections with a token that has expired, though the session
    /// lives. Ours takes them then, and says so when it does not: a new token would be for another session of that id.
    pub(crate) fn is_too_old(&self, error: &ConnectError, now: i64) -> bool {
        let is_closed =
            matches!(error, ConnectError::NotAcknowledged(Disconnect::ByServer { .. } | Disconnect::Network(_)));
        is_closed && now >= self.expiry
    }
}

pub(crate) fn unix_secs() -> i64 {
    // A clock before 1970 makes a token that has expired, which the server will say.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Like Bokeh's own client.
const LIFETIME_SECS: i64 = 300;
