//! One connection of a session, and where its copy of the document may differ.

use std::time::Duration;

use bokeh_document::{Announcement, EncodedPatch, Origin, Patches, Place, Published, PublishedEvent};
use bokeh_protocol::{ModelId, PatchEvent, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use super::receipts::Receipts;
use super::recent::Recent;

/// How long a peer must have left a place alone before it is set right: a slider that is being dragged is not pulled back.
const QUIET: Duration = Duration::from_millis(200);

/// How many bytes of messages are kept for a peer that does not read. The rest is lost: they are not part of the document.
const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// What a kept message costs beside its text.
const MESSAGE_OVERHEAD: usize = 256;

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
    dirty: FxHashMap<Place, Dirty>,
    n_dirtied: u64,
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
    messages: Vec<PatchEvent>,
    n_message_bytes: usize,
}

/// A place that is to be set right.
#[derive(Clone, Copy, Debug)]
struct Dirty {
    due: Duration,
    /// The order in which they are set right.
    number: u64,
    /// Whether it is a root that the peer has not been told of yet.
    is_new_root: bool,
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
            dirty: FxHashMap::default(),
            n_dirtied: 0,
            unsure_until: None,
            writes: FxHashMap::default(),
            told: Recent::default(),
            receipts: Receipts::default(),
            whole_at: None,
            missing: FxHashSet::default(),
            lost: Vec::new(),
            messages: Vec::new(),
            n_message_bytes: 0,
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
        self.dirty.clear();
        self.missing.clear();
        self.take_messages();
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
                self.soil(Place::Model(*model), now + QUIET);
            }
        }
        may_lose
    }

    /// It may have lost the models that an event names.
    fn loses_named(&mut self, event: &PatchEvent, now: Duration) {
        let mut named = Vec::new();
        event.for_each_model(&mut |model| named.push(model));
        for model in named {
            self.missing.insert(model);
            self.soil(Place::Model(model), now);
        }
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
            self.soil(root, now + QUIET);
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
            self.soil(place, now + QUIET);
        }
    }

    /// It has written a place; if `in_doubt`, it may end up with something else than the document.
    pub(super) fn wrote(&mut self, place: Place, in_doubt: bool, now: Duration) {
        if self.writes.len() > 100 {
            self.writes.retain(|_, at| now < *at + QUIET);
        }
        self.writes.insert(place.clone(), now);
        self.has_heard_of(&place);
        if in_doubt || self.dirty.contains_key(&place) {
            self.soil(place, now + QUIET);
        }
    }

    /// Its copy of a place is wrong, and is to be set right at the next occasion.
    pub(super) fn is_wrong_about(&mut self, place: Place, now: Duration) {
        self.has_heard_of(&place);
        self.soil(place, now);
    }

    /// It has named a place. A root that it was not told of it now has all the same.
    pub(super) fn has_heard_of(&mut self, place: &Place) {
        if let Some(dirty) = self.dirty.get_mut(place) {
            dirty.is_new_root = false;
        }
    }

    /// In how many places it may be wrong, counting the models that it was not told of.
    pub(super) fn n_dirty(&self) -> usize {
        self.dirty.len() + self.missing.len()
    }

    /// Whether it is sent what everybody is sent.
    pub(super) fn is_plain(&mut self, now: Duration) -> bool {
        self.writes.retain(|_, at| now < *at + QUIET);
        let is_clean = self.dirty.is_empty() && self.missing.is_empty() && self.messages.is_empty();
        is_clean && !self.is_behind && !self.has_read_held && self.writes.is_empty()
    }

    /// What to send of a batch of changes; the rest is noted as missing. `is_answer` says that the batch follows from a message
    /// of this connection; `mentions` whether the announcement refers to one of the models.
    pub(super) fn select(
        &mut self,
        published: &Published,
        is_answer: bool,
        mentions: impl Fn(&PublishedEvent, &Announcement, &FxHashSet<ModelId>) -> bool,
        now: Duration,
    ) -> Vec<EncodedPatch> {
        let (origin, own) = (self.origin, Own::new(published, self.origin));
        let mut patches = Patches::default();
        for (index, event) in published.events().iter().enumerate().filter(|(_, event)| event.origin != origin) {
            let Some(announcement) = event.announcement_for(origin) else { continue };
            let lacks = !self.missing.is_empty() && mentions(event, announcement, &self.missing);
            let is_lost = own.has_moved_models(index) && names_models(&event.event);
            if is_lost {
                self.loses_named(&event.event, now);
            }
            let lacks = lacks || is_lost;
            if let (Some(until), Some(place)) = (self.unsure_until, &event.place) {
                if is_answer {
                    patches.push(announcement);
                    self.has_heard_of(place);
                    self.soil(place.clone(), until);
                    self.soil_models(announcement, until);
                } else {
                    self.withhold(place, event, announcement, until);
                }
                continue;
            }
            if self.has_read_held && event.place.is_some() {
                self.doubt(event, announcement, now);
                continue;
            }
            let Some(place) = &event.place else {
                if self.is_behind || lacks {
                    self.keep_message(event, announcement, now);
                } else {
                    patches.push(announcement);
                }
                continue;
            };
            let is_missing = event.event.model().is_some_and(|model| self.missing.contains(&model));
            match &event.event {
                PatchEvent::RootRemoved { .. } if self.is_unheard_of(place) => drop(self.dirty.remove(place)),
                PatchEvent::RootRemoved { .. } => self.offer(place, event, announcement, is_missing, &mut patches, now),
                PatchEvent::RootAdded { .. } => {
                    let is_first = !self.dirty.contains_key(place);
                    let may_lack = lacks || is_missing || own.has_moved_models(index);
                    self.offer(place, event, announcement, may_lack, &mut patches, now);
                    if let (true, Some(dirty)) = (is_first, self.dirty.get_mut(place)) {
                        dirty.is_new_root = true;
                    }
                }
                // The definition of the model will have the outcome.
                _ if is_missing => {}
                _ => {
                    let active_until = self.writes.get(place).map(|at| *at + QUIET).filter(|until| now < *until);
                    if own.has_overtaken(place, index) {
                        self.withhold(place, event, announcement, now + QUIET);
                    } else if let (Some(until), false) = (active_until, is_answer) {
                        self.withhold(place, event, announcement, until);
                    } else if is_answer && is_whole(&event.event) && !lacks && !self.is_behind {
                        patches.push(announcement);
                    } else {
                        self.offer(place, event, announcement, lacks, &mut patches, now);
                    }
                }
            }
        }
        self.has_read_held &= published.events().is_empty();
        patches.into_inner()
    }

    /// Tells it nothing of an event but what follows from it.
    fn doubt(&mut self, event: &PublishedEvent, announcement: &Announcement, now: Duration) {
        if let Some(place) = &event.place {
            self.withhold(place, event, announcement, now);
        }
        self.soil_models(announcement, now);
    }

    /// It may have passed over the definitions.
    fn soil_models(&mut self, announcement: &Announcement, due: Duration) {
        for model in announcement.defined.iter() {
            self.soil(Place::Model(*model), due);
        }
    }

    /// Sends an event, unless the place is to be set right anyway or cannot be told now.
    fn offer(
        &mut self,
        place: &Place,
        event: &PublishedEvent,
        announcement: &Announcement,
        lacks: bool,
        patches: &mut Patches,
        now: Duration,
    ) {
        if self.is_behind || lacks || self.dirty.contains_key(place) {
            self.withhold(place, event, announcement, now);
        } else {
            patches.push(announcement);
        }
    }

    fn withhold(&mut self, place: &Place, event: &PublishedEvent, announcement: &Announcement, due: Duration) {
        self.misses(event, announcement, due);
        let due = self.dirty.get(place).map_or(due, |dirty| dirty.due.max(due));
        self.soil(place.clone(), due);
    }

    /// It is not sent the definitions that come with an event. What is defined again it may have kept from before.
    fn misses(&mut self, event: &PublishedEvent, announcement: &Announcement, due: Duration) {
        let is_redefined = |model: &ModelId| event.redefined().contains(&Place::Model(*model));
        self.missing.extend(announcement.defined.iter().filter(|model| !is_redefined(model)));
        for place in event.redefined() {
            self.soil(place.clone(), due);
        }
    }

    fn soil(&mut self, place: Place, due: Duration) {
        self.n_dirtied += 1;
        self.dirty.entry(place).or_insert(Dirty { due, number: self.n_dirtied, is_new_root: false }).due = due;
    }

    fn is_unheard_of(&self, root: &Place) -> bool {
        self.dirty.get(root).is_some_and(|dirty| dirty.is_new_root)
    }

    fn keep_message(&mut self, event: &PublishedEvent, announcement: &Announcement, now: Duration) {
        self.misses(event, announcement, now);
        let buffers = announcement.event.buffers.iter().map(|buffer| buffer.data.len());
        let n_bytes = MESSAGE_OVERHEAD + announcement.event.json.len() + buffers.sum::<usize>();
        if self.n_message_bytes + n_bytes <= MAX_MESSAGE_BYTES {
            self.n_message_bytes += n_bytes;
            self.messages.push(event.event.clone());
        }
    }

    fn take_messages(&mut self) -> Vec<PatchEvent> {
        self.n_message_bytes = 0;
        std::mem::take(&mut self.messages)
    }

    /// When something is due next.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let can_be_told = self.is_ready && !self.is_behind;
        let dirty = self.dirty.values().map(|dirty| dirty.due).min().filter(|_| can_be_told);
        dirty.into_iter().chain(self.receipts.deadline()).min()
    }

    /// Takes what is due. What leads to models goes together, so that each is defined in full at last.
    pub(super) fn take_due(&mut self, leads_to_models: impl Fn(&Place) -> bool, now: Duration) -> Due {
        if !self.is_ready || self.is_behind {
            return Due::default();
        }
        self.unsure_until = self.unsure_until.filter(|until| now < *until);
        let moves_models = self.dirty.iter().any(|(place, dirty)| dirty.due <= now && leads_to_models(place));
        let is_due = |place: &Place, dirty: &Dirty| dirty.due <= now || moves_models && leads_to_models(place);
        let mut due: Vec<(Place, Dirty)> = self.dirty.extract_if(|place, dirty| is_due(place, dirty)).collect();
        due.sort_by_key(|(_, dirty)| dirty.number);
        let places = due.into_iter().map(|(place, _)| place);
        let (leading, plain) = places.partition(|place| leads_to_models(place));
        Due { leading, plain, messages: self.take_messages() }
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

/// What a connection itself has done in a batch of changes: it has not seen yet what others did before.
#[derive(Default)]
struct Own<'p> {
    /// The last change of each place.
    last: FxHashMap<&'p Place, usize>,
    /// The last change that may have taken models out of its view.
    last_move: Option<usize>,
}

impl<'p> Own<'p> {
    fn new(published: &'p Published, origin: Origin) -> Self {
        let mut own = Own::default();
        if published.has_author(origin) {
            for (index, event) in published.events().iter().enumerate().filter(|(_, event)| event.origin == origin) {
                own.last.extend(event.place.as_ref().map(|place| (place, index)));
                if may_drop_models(&event.event) {
                    own.last_move = Some(index);
                }
            }
        }
        own
    }

    fn has_overtaken(&self, place: &Place, index: usize) -> bool {
        self.last.get(place).is_some_and(|last| *last > index)
    }

    fn has_moved_models(&self, index: usize) -> bool {
        self.last_move.is_some_and(|last| last > index)
    }
}

fn may_drop_models(event: &PatchEvent) -> bool {
    match event {
        PatchEvent::RootRemoved { .. } => true,
        PatchEvent::ModelChanged { new, .. } => {
            matches!(new, Value::List(_) | Value::Map(_) | Value::Model(_) | Value::Null)
        }
        _ => false,
    }
}

fn names_models(event: &PatchEvent) -> bool {
    let mut has_any = false;
    event.for_each_model(&mut |_| has_any = true);
    has_any
}

/// Whether an event carries all that its place holds, so that it may come whatever the peer has.
fn is_whole(event: &PatchEvent) -> bool {
    match event {
        PatchEvent::ModelChanged { .. } | PatchEvent::TitleChanged { .. } => true,
        PatchEvent::ColumnDataChanged { cols, .. } => cols.is_none(),
        _ => false,
    }
}
