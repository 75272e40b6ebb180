//! What was sent lately, so that a peer may not have seen it.

use std::time::Duration;

use bokeh_document::{Origin, Place};
use rustc_hash::FxHashMap;

/// When each place was last sent to the peers, and by whom it was changed.
#[derive(Debug, Default)]
pub(super) struct Recent {
    last: FxHashMap<Place, Sent>,
    n_after_pruning: usize,
}

/// Of the last changes of a place, the newest, and the newest by anybody other than its author.
#[derive(Clone, Copy, Debug)]
struct Sent {
    origin: Origin,
    at: Duration,
    by_others_at: Option<Duration>,
}

impl Recent {
    /// Notes that a change by `origin` is sent to everybody else. All have seen what was sent before `horizon`.
    pub(super) fn note(&mut self, place: &Place, origin: Origin, now: Duration, horizon: Duration) {
        match self.last.get_mut(place) {
            Some(sent) if sent.origin == origin => sent.at = now,
            Some(sent) => *sent = Sent { origin, at: now, by_others_at: Some(sent.at) },
            None => {
                self.prune(horizon);
                self.last.insert(place.clone(), Sent { origin, at: now, by_others_at: None });
            }
        }
    }

    /// Whether a peer that has seen what was sent before a moment may have written the place without knowing.
    pub(super) fn may_be_unseen(&self, place: &Place, peer: Origin, seen: Duration) -> bool {
        let sent = self.last.get(place);
        let at = sent.and_then(|sent| if sent.origin == peer { sent.by_others_at } else { Some(sent.at) });
        at.is_some_and(|at| at >= seen)
    }

    /// The places that the peer may not have seen.
    pub(super) fn unseen(&self, peer: Origin, seen: Duration) -> impl Iterator<Item = &Place> {
        self.last.keys().filter(move |place| self.may_be_unseen(place, peer, seen))
    }

    pub(super) fn clear(&mut self) {
        self.last.clear();
    }

    /// Forgets what everybody has seen, whenever the table has doubled.
    fn prune(&mut self, horizon: Duration) {
        if self.last.len() > 2 * self.n_after_pruning.max(32) {
            self.last.retain(|_, sent| sent.at >= horizon);
            self.n_after_pruning = self.last.len();
        }
    }
}
