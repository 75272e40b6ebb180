//! What of a batch of changes a connection is sent.

use std::time::Duration;

use bokeh_document::{Announcement, EncodedPatch, Origin, Patches, Place, Published, PublishedEvent};
use bokeh_protocol::{ModelId, PatchEvent, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Link, QUIET};

impl Link {
    /// What to send of a batch of changes; the rest is noted as missing. `is_answer` says that the batch follows from a message
    /// of this connection; `mentions` whether the announcement refers to one of the models.
    pub(in crate::session) fn select(
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
            let may_have_dropped = own.has_moved_models(index);
            let is_lost = may_have_dropped && names_models(&event.event);
            if is_lost {
                self.loses_named(&event.event, now);
            }
            let is_overtaken = event.place.as_ref().is_some_and(|place| own.has_overtaken(place, index));
            let lacks = lacks || is_lost;
            let candidate = Candidate { event, announcement, is_answer, lacks, may_have_dropped, is_overtaken };
            match (&event.place, self.unsure_until) {
                (None, _) => self.offer_message(&candidate, &mut patches, now),
                (Some(place), Some(until)) if is_answer => {
                    patches.push(announcement);
                    self.has_heard_of(place);
                    self.repairs.put(place.clone(), until);
                    self.doubt_definitions(announcement, until);
                }
                (Some(place), Some(until)) => self.withhold(place, &candidate, until),
                (Some(place), None) if self.has_read_held => {
                    self.withhold(place, &candidate, now);
                    self.doubt_definitions(announcement, now);
                }
                (Some(place), None) => self.offer_change(place, &candidate, &mut patches, now),
            }
        }
        self.has_read_held &= published.events().is_empty();
        patches.into_inner()
    }

    fn offer_message(&mut self, candidate: &Candidate<'_>, patches: &mut Patches, now: Duration) {
        if self.is_behind || candidate.lacks {
            self.misses(candidate, now);
            self.messages.keep(&candidate.event.event, candidate.announcement);
        } else {
            patches.push(candidate.announcement);
        }
    }

    fn offer_change(&mut self, place: &Place, candidate: &Candidate<'_>, patches: &mut Patches, now: Duration) {
        let event = &candidate.event.event;
        let is_missing = event.model().is_some_and(|model| self.missing.contains(&model));
        match event {
            PatchEvent::RootRemoved { .. } if self.repairs.is_unheard_of(place) => self.repairs.remove(place),
            PatchEvent::RootRemoved { .. } => self.offer(place, candidate, is_missing, patches, now),
            PatchEvent::RootAdded { .. } => {
                let is_first = !self.repairs.contains(place);
                let may_lack = candidate.lacks || is_missing || candidate.may_have_dropped;
                self.offer(place, candidate, may_lack, patches, now);
                if is_first {
                    self.repairs.note_new_root(place);
                }
            }
            // The definition of the model will have the outcome.
            _ if is_missing => {}
            _ => self.offer_value(place, candidate, patches, now),
        }
    }

    fn offer_value(&mut self, place: &Place, candidate: &Candidate<'_>, patches: &mut Patches, now: Duration) {
        let active_until = self.writes.get(place).map(|at| *at + QUIET).filter(|until| now < *until);
        match active_until {
            _ if candidate.is_overtaken => self.withhold(place, candidate, now + QUIET),
            Some(until) if !candidate.is_answer => self.withhold(place, candidate, until),
            _ if candidate.is_answer && is_whole(&candidate.event.event) && !candidate.lacks && !self.is_behind => {
                patches.push(candidate.announcement);
            }
            _ => self.offer(place, candidate, candidate.lacks, patches, now),
        }
    }

    /// Sends an event, unless the place is to be set right anyway or cannot be told now.
    fn offer(&mut self, place: &Place, candidate: &Candidate<'_>, lacks: bool, patches: &mut Patches, now: Duration) {
        if self.is_behind || lacks || self.repairs.contains(place) {
            self.withhold(place, candidate, now);
        } else {
            patches.push(candidate.announcement);
        }
    }

    fn withhold(&mut self, place: &Place, candidate: &Candidate<'_>, due: Duration) {
        self.misses(candidate, due);
        self.repairs.put_off(place, due);
    }

    /// It is not sent the definitions that come with an event. What is defined again it may have kept from before.
    fn misses(&mut self, candidate: &Candidate<'_>, due: Duration) {
        let redefined = candidate.event.redefined();
        let is_redefined = |model: &ModelId| redefined.contains(&Place::Model(*model));
        self.missing.extend(candidate.announcement.defined.iter().filter(|model| !is_redefined(model)));
        for place in redefined {
            self.repairs.put(place.clone(), due);
        }
    }

    /// It may have passed over the definitions.
    fn doubt_definitions(&mut self, announcement: &Announcement, due: Duration) {
        for model in announcement.defined.iter() {
            self.repairs.put(Place::Model(*model), due);
        }
    }

    /// It may have lost the models that an event names.
    fn loses_named(&mut self, event: &PatchEvent, now: Duration) {
        let mut named = Vec::new();
        event.for_each_model(&mut |model| named.push(model));
        for model in named {
            self.missing.insert(model);
            self.repairs.put(Place::Model(model), now);
        }
    }
}

/// An event that a connection did not make itself.
struct Candidate<'e> {
    event: &'e PublishedEvent,
    /// As the connection is to be told of it.
    announcement: &'e Announcement,
    /// It follows from a message of the connection.
    is_answer: bool,
    /// The announcement refers to models that the connection lacks.
    lacks: bool,
    /// The connection may have dropped models in what it did later.
    may_have_dropped: bool,
    /// The connection has changed the place later.
    is_overtaken: bool,
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
