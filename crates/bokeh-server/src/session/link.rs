//! One connection of a session, and where its copy of the document may differ.

use std::time::Duration;

use bokeh_document::{Announcement, EncodedPatch, Origin, Patches, Place, Published, PublishedEvent};
use bokeh_protocol::{ModelId, PatchEvent};
use rustc_hash::{FxHashMap, FxHashSet};

use super::recent::{Recent, UNSEEN};

/// How long a peer must have left a place alone before it is set right: a slider that is being dragged is not pulled back.
const QUIET: Duration = Duration::from_millis(200);

/// How many messages are kept for a peer that does not read. The rest is lost: they are not part of the document.
const MAX_MESSAGES: usize = 1000;

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
    /// Where its copy may be wrong.
    dirty: FxHashMap<Place, Dirty>,
    /// What it has written lately.
    writes: FxHashMap<Place, Duration>,
    /// What it alone was sent lately.
    told: Recent,
    /// When it was sent the whole document, if it had one before and may have changed it meanwhile.
    whole_at: Option<Duration>,
    /// Models that all others were told of.
    missing: FxHashSet<ModelId>,
    /// Messages that wait until it reads again.
    messages: Vec<PatchEvent>,
}

/// A place that is to be set right.
#[derive(Clone, Copy, Debug)]
struct Dirty {
    due: Duration,
    /// Whether the peer may have dropped models by itself, so that they are to be defined anew.
    anew: bool,
}

/// What is to be sent to set a peer right.
#[derive(Debug, Default)]
pub(super) struct Due {
    /// The places, and whether models in them are to be defined anew.
    pub(super) places: Vec<(Place, bool)>,
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
            dirty: FxHashMap::default(),
            writes: FxHashMap::default(),
            told: Recent::default(),
            whole_at: None,
            missing: FxHashSet::default(),
            messages: Vec::new(),
        }
    }

    /// It is sent the whole document, or has sent it.
    pub(super) fn has_whole(&mut self, had_one_before: bool, now: Duration) {
        self.whole_at = had_one_before.then_some(now);
        self.is_ready = true;
        self.dirty.clear();
        self.missing.clear();
        self.messages.clear();
    }

    /// It has seen the whole document that it was sent.
    pub(super) fn has_seen_whole(&mut self) {
        self.whole_at = None;
    }

    /// Whether it may have written a place without knowing what it was sent.
    pub(super) fn may_conflict(&self, place: &Place, recent: &Recent, now: Duration) -> bool {
        let has_new_whole = self.whole_at.is_some_and(|at| now < at + UNSEEN);
        let is_defined_anew = match place {
            Place::Property(model, _) => self.may_not_have_seen(&Place::Model(*model), recent, now),
            _ => false,
        };
        has_new_whole || is_defined_anew || self.may_not_have_seen(place, recent, now)
    }

    /// Whether it was sent a place so lately that it may not have seen it.
    pub(super) fn may_not_have_seen(&self, place: &Place, recent: &Recent, now: Duration) -> bool {
        recent.may_be_unseen(place, self.origin, now) || self.told.may_be_unseen(place, self.origin, now)
    }

    /// It has taken models out of view, and may have lost some that it was just told to show elsewhere.
    pub(super) fn dropped_models(&mut self, recent: &Recent, leads_to_models: impl Fn(&Place) -> bool, now: Duration) {
        let unseen = recent.unseen(self.origin, now).chain(self.told.unseen(self.origin, now));
        for place in unseen.filter(|place| leads_to_models(place)) {
            self.dirty.insert(place.clone(), Dirty { due: now + QUIET, anew: true });
        }
    }

    /// It has written a place; if `in_doubt`, it may end up with something else than the document.
    pub(super) fn wrote(&mut self, place: Place, in_doubt: bool, now: Duration) {
        if self.writes.len() > 100 {
            self.writes.retain(|_, at| now < *at + QUIET);
        }
        self.writes.insert(place.clone(), now);
        if in_doubt || self.dirty.contains_key(&place) {
            self.dirty.insert(place, Dirty { due: now + QUIET, anew: true });
        }
    }

    /// Its copy of a place is wrong, and is to be set right at the next occasion.
    pub(super) fn is_wrong_about(&mut self, place: Place, now: Duration) {
        self.dirty.insert(place, Dirty { due: now, anew: true });
    }

    /// Whether it is sent what everybody is sent.
    pub(super) fn is_plain(&mut self, now: Duration) -> bool {
        self.writes.retain(|_, at| now < *at + QUIET);
        let is_clean = self.dirty.is_empty() && self.missing.is_empty() && self.messages.is_empty();
        is_clean && !self.is_behind && self.writes.is_empty()
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
        let (origin, own) = (self.origin, self.last_own(published));
        let mut patches = Patches::default();
        for (index, event) in published.events().iter().enumerate().filter(|(_, event)| event.origin != origin) {
            let Some(announcement) = event.announcement_for(origin) else { continue };
            let lacks = !self.missing.is_empty() && mentions(event, announcement, &self.missing);
            let Some(place) = &event.place else {
                if self.is_behind || lacks {
                    self.keep_message(event, announcement);
                } else {
                    patches.push(announcement);
                }
                continue;
            };
            let is_missing = event.event.model().is_some_and(|model| self.missing.contains(&model));
            match &event.event {
                // It never heard of this root.
                PatchEvent::RootRemoved { .. } if is_missing => drop(self.dirty.remove(place)),
                PatchEvent::RootAdded { .. } => self.offer(place, announcement, lacks, &mut patches, now),
                // The definition of the model will have the outcome.
                _ if is_missing => {}
                _ => {
                    let active_until = self.writes.get(place).map(|at| *at + QUIET).filter(|until| now < *until);
                    if own.get(place).is_some_and(|last| *last > index) {
                        self.withhold(place, announcement, now + QUIET, true);
                    } else if let (Some(until), false) = (active_until, is_answer) {
                        self.withhold(place, announcement, until, true);
                    } else if is_answer && is_whole(&event.event) && !lacks && !self.is_behind {
                        patches.push(announcement);
                    } else {
                        self.offer(place, announcement, lacks, &mut patches, now);
                    }
                }
            }
        }
        patches.into_inner()
    }

    /// Sends an event, unless the place is to be set right anyway or cannot be told now.
    fn offer(&mut self, place: &Place, announcement: &Announcement, lacks: bool, patches: &mut Patches, now: Duration) {
        if self.is_behind || lacks || self.dirty.contains_key(place) {
            self.withhold(place, announcement, now, false);
        } else {
            patches.push(announcement);
        }
    }

    fn withhold(&mut self, place: &Place, announcement: &Announcement, due: Duration, anew: bool) {
        self.missing.extend(announcement.defined.iter());
        let dirty = self.dirty.entry(place.clone()).or_insert(Dirty { due, anew });
        dirty.due = dirty.due.max(due);
        dirty.anew |= anew;
    }

    fn keep_message(&mut self, event: &PublishedEvent, announcement: &Announcement) {
        self.missing.extend(announcement.defined.iter());
        if self.messages.len() < MAX_MESSAGES {
            self.messages.push(event.event.clone());
        }
    }

    /// Where in the batch this connection itself has changed each place last: what others did before, it has undone.
    fn last_own<'p>(&self, published: &'p Published) -> FxHashMap<&'p Place, usize> {
        if !published.has_author(self.origin) {
            return FxHashMap::default();
        }
        let own = published.events().iter().enumerate().filter(|(_, event)| event.origin == self.origin);
        own.filter_map(|(index, event)| Some((event.place.as_ref()?, index))).collect()
    }

    /// When something is due next.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let can_be_told = self.is_ready && !self.is_behind;
        self.dirty.values().map(|dirty| dirty.due).min().filter(|_| can_be_told)
    }

    /// Takes what is due.
    pub(super) fn take_due(&mut self, now: Duration) -> Due {
        if !self.is_ready || self.is_behind {
            return Due::default();
        }
        let due = self.dirty.extract_if(|_, dirty| dirty.due <= now);
        let places = due.map(|(place, dirty)| (place, dirty.anew)).collect();
        Due { places, messages: std::mem::take(&mut self.messages) }
    }

    pub(super) fn is_missing(&self, model: ModelId) -> bool {
        self.missing.contains(&model)
    }

    /// It was sent a place, alone, with definitions of these models.
    pub(super) fn is_told(&mut self, place: Option<&Place>, defined: &[ModelId], now: Duration) {
        for model in defined {
            self.missing.remove(model);
            self.told.note(&Place::Model(*model), Origin::Local, now);
        }
        if let Some(place) = place {
            self.told.note(place, Origin::Local, now);
        }
    }

    /// Forgets missing models that nobody is told of any more.
    pub(super) fn retain_missing(&mut self, is_known: impl Fn(ModelId) -> bool) {
        self.missing.retain(|model| is_known(*model));
    }
}

/// Whether an event carries all that its place holds, so that it may come whatever the peer has.
fn is_whole(event: &PatchEvent) -> bool {
    match event {
        PatchEvent::ModelChanged { .. } | PatchEvent::TitleChanged { .. } => true,
        PatchEvent::ColumnDataChanged { cols, .. } => cols.is_none(),
        _ => false,
    }
}
