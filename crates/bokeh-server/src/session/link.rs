//! One connection of a session, and where its copy of the document may differ.

mod kept;
mod repairs;
mod select;

use std::time::Duration;

use bokeh_document::{Origin, Place};
use bokeh_protocol::{ModelId, PatchEvent};
use rustc_hash::{FxHashMap, FxHashSet};

use super::receipts::Receipts;
use super::recent::Recent;

use kept::KeptMessages;
use repairs::Repairs;

/// How long a peer must have left a place alone before it is set right: a slider that is being dragged is not pulled back.
const QUIET: Duration = Duration::from_millis(200);

/// What a session knows of a connection.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) origin: Origin,
    /// A hash of its token.
    pub(super) token: u64,
    /// Whether it has pulled or pushed the document: before that, patches would mean nothing to it.
    pub(super) is_ready: bool,
    /// Whether more waits for its socket than is good: then changes only mark what it misses.
    pub(super) is_behind: bool,
    /// Whether it has read the document while changes were held back: it has what they say, and would take them twice.
    pub(super) has_read_held: bool,
    /// Where its copy may be wrong.
    repairs: Repairs,
    /// Until when it may lack any model that is named to it.
    unsure_until: Option<Duration>,
    /// What it has written lately.
    writes: FxHashMap<Place, Duration>,
    /// What it alone was sent lately.
    told: Recent,
    /// What it has seen of that, and of what all were sent.
    pub(super) receipts: Receipts,
    /// When it was sent the whole document, if it had one before and may have changed it meanwhile.
    whole_at: Option<Duration>,
    /// Models that all others were told of.
    missing: FxHashSet<ModelId>,
    /// Those of them that its last message has defined.
    lost: Vec<ModelId>,
    /// Messages that wait until it reads again.
    messages: KeptMessages,
}

/// What is to be sent to set a peer right.
#[derive(Debug, Default)]
pub(super) struct Due {
    /// Places that lead to models.
    pub(super) leading: Vec<Place>,
    /// The others.
    pub(super) plain: Vec<Place>,
    /// Messages that had to wait.
    pub(super) messages: Vec<PatchEvent>,
}

impl Link {
    pub(super) fn new(origin: Origin, token: u64) -> Self {
        Link {
            origin,
            token,
            is_ready: false,
            is_behind: false,
            has_read_held: false,
            repairs: Repairs::default(),
            unsure_until: None,
            writes: FxHashMap::default(),
            told: Recent::default(),
            receipts: Receipts::default(),
            whole_at: None,
            missing: FxHashSet::default(),
            lost: Vec::new(),
            messages: KeptMessages::default(),
        }
    }

    /// It is sent the whole document, or has sent it.
    pub(super) fn has_whole(&mut self, had_one_before: bool, now: Duration) {
        self.whole_at = had_one_before.then_some(now);
        if had_one_before {
            self.receipts.note_sent(now);
        } else {
            self.receipts.begin(now);
        }
        self.is_ready = true;
        self.repairs.clear();
        self.missing.clear();
        self.messages.take();
    }

    /// It has seen the whole document that it was sent.
    pub(super) fn has_seen_whole(&mut self) {
        self.whole_at = None;
    }

    /// Whether it may have written a place without knowing what it was sent.
    pub(super) fn may_conflict(&self, place: &Place, recent: &Recent, now: Duration) -> bool {
        let is_defined_anew = match place {
            Place::Property(model, _) => self.may_not_have_seen(&Place::Model(*model), recent, now),
            _ => false,
        };
        self.has_new_whole(now) || is_defined_anew || self.may_not_have_seen(place, recent, now)
    }

    /// Notes models that it has defined, if it may lose them again to a whole document that it was sent. Answers whether.
    pub(super) fn loses_models(&mut self, defined: &[ModelId], now: Duration) -> bool {
        let may_lose = self.has_new_whole(now);
        self.lost.clear();
        if may_lose {
            self.lost.extend(defined);
            self.missing.extend(defined);
            for model in defined {
                self.repairs.put(Place::Model(*model), now + QUIET);
            }
        }
        may_lose
    }

    fn has_new_whole(&self, now: Duration) -> bool {
        self.whole_at.is_some_and(|at| at >= self.receipts.seen(now))
    }

    /// Whether it adds a root only because the whole document that it was sent had it, after which it was removed.
    pub(super) fn shows_again_what_is_gone(&self, root: &Place, recent: &Recent, now: Duration) -> bool {
        self.has_new_whole(now) && recent.may_be_unseen(root, self.origin, self.receipts.seen(now))
    }

    /// It has made a model a root that is one already. If that came about after it was sent the whole document, the document that it
    /// takes over does not have it.
    pub(super) fn shows_again(&mut self, root: Place, recent: &Recent, now: Duration) {
        self.has_heard_of(&root);
        let whole_at = self.whole_at.filter(|_| self.has_new_whole(now));
        if whole_at.is_some_and(|at| recent.may_be_unseen(&root, self.origin, at)) {
            self.repairs.put(root, now + QUIET);
        }
    }

    /// Whether it was sent a place so lately that it may not have seen it.
    fn may_not_have_seen(&self, place: &Place, recent: &Recent, now: Duration) -> bool {
        let seen = self.receipts.seen(now);
        recent.may_be_unseen(place, self.origin, seen) || self.told.may_be_unseen(place, self.origin, seen)
    }

    /// It has taken models into view, and may have passed over definitions of them; if it `drops_any`, what it was just sent may
    /// also have named models that it has no more, and one such event loses all others of its message.
    pub(super) fn moved_models(&mut self, drops_any: bool, recent: &Recent, now: Duration) {
        let seen = self.receipts.seen(now);
        let unseen = recent.unseen(self.origin, seen).chain(self.told.unseen(self.origin, seen));
        let in_doubt: Vec<Place> =
            unseen.filter(|place| drops_any || matches!(place, Place::Model(_))).cloned().collect();
        if !in_doubt.is_empty() {
            self.unsure_until = Some(now + QUIET);
        }
        for place in in_doubt {
            self.repairs.put(place, now + QUIET);
        }
    }

    /// It has written a place; if `in_doubt`, it may end up with something else than the document.
    pub(super) fn wrote(&mut self, place: Place, in_doubt: bool, now: Duration) {
        if self.writes.len() > 100 {
            self.writes.retain(|_, at| now < *at + QUIET);
        }
        self.writes.insert(place.clone(), now);
        self.has_heard_of(&place);
        if in_doubt || self.repairs.contains(&place) {
            self.repairs.put(place, now + QUIET);
        }
    }

    /// Its copy of a place is wrong, and is to be set right at the next occasion.
    pub(super) fn is_wrong_about(&mut self, place: Place, now: Duration) {
        self.has_heard_of(&place);
        self.repairs.put(place, now);
    }

    /// It has named a place. A root that it was not told of it now has all the same.
    pub(super) fn has_heard_of(&mut self, place: &Place) {
        self.repairs.has_heard_of(place);
    }

    /// In how many places it may be wrong, counting the models that it was not told of.
    pub(super) fn n_dirty(&self) -> usize {
        self.repairs.len() + self.missing.len()
    }

    /// Whether it is sent what everybody is sent.
    pub(super) fn is_plain(&mut self, now: Duration) -> bool {
        self.writes.retain(|_, at| now < *at + QUIET);
        let is_clean = self.repairs.len() == 0 && self.missing.is_empty() && self.messages.is_empty();
        is_clean && !self.is_behind && !self.has_read_held && self.writes.is_empty()
    }

    /// When something is due next.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let can_be_told = self.is_ready && !self.is_behind;
        let repair = self.repairs.deadline().filter(|_| can_be_told);
        repair.into_iter().chain(self.receipts.deadline()).min()
    }

    /// Takes what is due. What leads to models goes together, so that each is defined in full at last.
    pub(super) fn take_due(&mut self, leads_to_models: impl Fn(&Place) -> bool, now: Duration) -> Due {
        if !self.is_ready || self.is_behind {
            return Due::default();
        }
        self.unsure_until = self.unsure_until.filter(|until| now < *until);
        let (leading, plain) = self.repairs.take_due(leads_to_models, now);
        Due { leading, plain, messages: self.messages.take() }
    }

    pub(super) fn is_missing(&self, model: ModelId) -> bool {
        self.missing.contains(&model)
    }

    /// It was sent a place, alone, with definitions of these models.
    pub(super) fn is_told(&mut self, place: Option<&Place>, defined: &[ModelId], now: Duration) {
        let horizon = self.receipts.seen(now);
        for model in defined {
            self.told.note(&Place::Model(*model), Origin::Local, now, horizon);
        }
        if let Some(place) = place {
            self.told.note(place, Origin::Local, now, horizon);
        }
        self.receipts.note_sent(now);
    }

    /// Whether it may have lost a model again that its last message has defined.
    pub(super) fn may_have_lost(&self, model: ModelId) -> bool {
        self.lost.contains(&model)
    }

    /// It has the definitions of these models now.
    pub(super) fn has_got(&mut self, models: &[ModelId]) {
        for model in models {
            self.missing.remove(model);
        }
    }

    /// Forgets missing models that nobody is told of any more.
    pub(super) fn retain_missing(&mut self, is_known: impl Fn(ModelId) -> bool) {
        self.missing.retain(|model| is_known(*model));
    }
}
