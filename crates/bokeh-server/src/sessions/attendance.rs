use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::time::Instant;

use super::Lifetimes;
use super::ended::TokenId;
use super::newest::Newest;

/// Who is connected to a session, and who may come back.
#[derive(Debug)]
pub(crate) struct Attendance {
    limit: usize,
    state: Mutex<State>,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Departure {
    /// The peer said goodbye, as a browser does when its tab is closed.
    Goodbye,
    /// The connection broke. A page on the other side will try to come back.
    Lost,
}

/// A connection to a session. Unless [told otherwise](Visit::leave) it counts as lost when dropped.
#[derive(Debug)]
#[must_use = "dropping the visit ends it"]
pub(crate) struct Visit {
    attendance: Arc<Attendance>,
    token: TokenId,
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
            unused_since: now,
            lost: HashMap::new(),
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
        state.unused_since = now;
        state.lost.remove(&token);
        state.tokens.insert(token, ());
        Ok(Visit { attendance: this.clone(), token, departure: Departure::Lost })
    }

    /// Whether somebody is connected.
    pub(super) fn is_visited(&self) -> bool {
        self.state.lock().n_visits > 0
    }

    /// Begins the lifetime anew: somebody was given a page and will connect.
    pub(super) fn touch(&self, now: Instant) {
        self.state.lock().unused_since = now;
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
        state.lost.retain(|_, at| now.duration_since(*at) <= lifetimes.lost);
        let is_awaited = state.n_visits > 0 || !state.lost.is_empty();
        if !is_awaited && now.duration_since(state.unused_since) > lifetimes.unused {
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
        let now = Instant::now();
        match self.departure {
            Departure::Goodbye => {
                state.unused_since = now;
                // A page has two connections while the end of its first one is not noticed.
                state.lost.remove(&self.token);
            }
            // So many are awaited already that one more makes no difference.
            Departure::Lost if state.lost.len() >= MAX_TOKENS => {}
            Departure::Lost => drop(state.lost.insert(self.token, now)),
        }
    }
}

#[derive(Debug)]
struct State {
    n_visits: usize,
    /// When the last page was made, came or said goodbye.
    unused_since: Instant,
    /// Whose connections were lost, and when. They are expected back.
    lost: HashMap<TokenId, Instant>,
    is_closed: bool,
    /// What the visitors showed, so that those who come back too late can be told so.
    tokens: Newest<TokenId, ()>,
    /// What pages were given here. One that shows another token may have lost its connection to another server.
    given: Newest<TokenId, ()>,
}

/// A session can be shared by many, one after the other.
const MAX_TOKENS: usize = 1000;
