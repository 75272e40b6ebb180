use std::sync::Arc;

use parking_lot::Mutex;
use tokio::time::Instant;

use super::Lifetimes;
use super::ended::TokenId;
use super::newest::Newest;

/// Who is connected to a session, and since when nobody is.
#[derive(Debug)]
pub(crate) struct Attendance {
    limit: usize,
    state: Mutex<State>,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Departure {
    /// The peer said goodbye, as a browser does when its tab is closed. Also how a session begins, since a page that
    /// never connects says nothing either.
    Goodbye,
    /// The connection broke. A page on the other side will try to come back.
    Lost,
}

/// A connection to a session. Unless [told otherwise](Visit::leave) it counts as lost when dropped.
#[derive(Debug)]
#[must_use = "dropping the visit ends it"]
pub(crate) struct Visit {
    attendance: Arc<Attendance>,
    departure: Departure,
}

/// Why a connection cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum VisitError {
    #[error("the session has ended")]
    Ended,
    #[error("the session has as many connections as it may have")]
    Full,
}

impl Attendance {
    pub(super) fn new(limit: usize, now: Instant) -> Arc<Self> {
        let state = State {
            n_visits: 0,
            empty_since: now,
            departure: Departure::Goodbye,
            is_closed: false,
            tokens: Newest::new(MAX_TOKENS),
            given: Newest::new(MAX_TOKENS),
        };
        Arc::new(Self { limit, state: Mutex::new(state) })
    }

    pub(super) fn enter(this: &Arc<Self>, token: TokenId, now: Instant) -> Result<Visit, VisitError> {
        let mut state = this.state.lock();
        if state.is_closed {
            return Err(VisitError::Ended);
        }
        if state.n_visits >= this.limit {
            return Err(VisitError::Full);
        }
        state.n_visits += 1;
        state.empty_since = now;
        state.tokens.insert(token, ());
        Ok(Visit { attendance: this.clone(), departure: Departure::Lost })
    }

    /// Whether somebody is connected.
    pub(super) fn is_visited(&self) -> bool {
        self.state.lock().n_visits > 0
    }

    /// Begins the lifetime anew: somebody was given a page and will connect.
    pub(super) fn touch(&self, now: Instant) {
        self.state.lock().empty_since = now;
    }

    /// Notes the token of a page that this server has made.
    pub(super) fn give(&self, token: TokenId) {
        self.state.lock().given.insert(token, ());
    }

    /// Whether this server has made the page with this token.
    pub(super) fn has_given(&self, token: TokenId) -> bool {
        self.state.lock().given.get(&token).is_some()
    }

    /// Lets nobody in any more. Returns the tokens that were used.
    pub(super) fn close(&self) -> Vec<TokenId> {
        let mut state = self.state.lock();
        state.is_closed = true;
        state.tokens.keys().collect()
    }

    /// Lets nobody in any more if nobody is there and nobody was for long enough. Tells whether that is so.
    pub(super) fn close_if_unused(&self, now: Instant, lifetimes: Lifetimes) -> bool {
        let mut state = self.state.lock();
        let lifetime = match state.departure {
            Departure::Goodbye => lifetimes.unused,
            Departure::Lost => lifetimes.lost,
        };
        if state.n_visits == 0 && now.duration_since(state.empty_since) > lifetime {
            state.is_closed = true;
        }
        state.is_closed
    }
}

impl Visit {
    /// Ends the visit.
    pub(crate) fn leave(mut self, departure: Departure) {
        self.departure = departure;
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let mut state = self.attendance.state.lock();
        state.n_visits -= 1;
        state.empty_since = Instant::now();
        state.departure = self.departure;
    }
}

#[derive(Debug)]
struct State {
    n_visits: usize,
    empty_since: Instant,
    departure: Departure,
    is_closed: bool,
    /// What the visitors showed, so that those who come back too late can be told so.
    tokens: Newest<TokenId, ()>,
    /// What pages were given here. One that shows another token may have lost its connection to another server.
    given: Newest<TokenId, ()>,
}

/// A session can be shared by many, one after the other.
const MAX_TOKENS: usize = 1000;
