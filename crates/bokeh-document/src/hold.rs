//! Holding changes back for a while.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::{Deref, DerefMut};

use bokeh_protocol::{ModelId, PatchEvent, Text, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::callback::{Key, Notice};
use crate::{Change, Document, Origin, Place};

/// What becomes of several held changes of the same thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HoldPolicy {
    /// Later changes of a property or the title replace earlier ones by the same author, in their place.
    #[default]
    Combine,
    /// All are kept.
    Collect,
}

/// A change that waits, and whom to tell of it.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) change: Option<Change>,
    pub(crate) notice: Option<(Key, Notice)>,
}

#[derive(Debug, Default)]
pub(crate) struct HoldState {
    policy: Option<HoldPolicy>,
    held: Vec<Held>,
    /// Where the changes are that later ones may replace.
    places: HashMap<(Origin, Target), usize>,
    weight: usize,
}

/// What a change sets that replaces earlier ones. Streams and patches of columns replace none.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Target {
    Title,
    Property(ModelId, Text),
}

impl HoldState {
    /// Forgotten holds must not fill the memory. A change weighs 1, and so do each 100 values in it.
    const MAX_WEIGHT: usize = 100_000;

    pub(crate) fn is_on(&self) -> bool {
        self.policy.is_some()
    }

    /// Keeps a change until it is released. Answers whether there is room for more.
    pub(crate) fn push(&mut self, new: Held) -> bool {
        let target = match self.policy {
            Some(HoldPolicy::Combine) => new.change.as_ref().and_then(target),
            _ => None,
        };
        self.weight += weight(&new);
        match target.map(|target| self.places.entry(target)) {
            Some(Entry::Occupied(place)) => {
                let old = std::mem::replace(&mut self.held[*place.get()], new);
                self.weight -= weight(&old);
            }
            vacant => {
                if let Some(Entry::Vacant(vacant)) = vacant {
                    vacant.insert(self.held.len());
                }
                self.held.push(new);
            }
        }
        self.weight < Self::MAX_WEIGHT
    }

    fn release(&mut self) -> Vec<Held> {
        self.policy = None;
        self.places.clear();
        self.weight = 0;
        std::mem::take(&mut self.held)
    }
}

fn weight(held: &Held) -> usize {
    let n_values = match held.change.as_ref().map(|change| &change.event) {
        Some(PatchEvent::ModelChanged { new: value, .. } | PatchEvent::MessageSent { msg_data: value, .. }) => {
            n_values(value)
        }
        Some(PatchEvent::ColumnDataChanged { data, .. } | PatchEvent::ColumnsStreamed { data, .. }) => {
            data.entries().iter().map(|(_, column)| n_values(column)).sum()
        }
        Some(PatchEvent::ColumnsPatched { patches, .. }) => {
            patches.iter().flat_map(|(_, edits)| edits).map(|(_, value)| n_values(value)).sum()
        }
        _ => 0,
    };
    1 + n_values / 100
}

fn n_values(value: &Value) -> usize {
    match value {
        Value::List(items) | Value::Set(items) => 1 + items.iter().map(n_values).sum::<usize>(),
        Value::Map(map) => 1 + map.entries().iter().map(|(_, value)| n_values(value)).sum::<usize>(),
        Value::Array(array) => 1 + array.len(),
        _ => 1,
    }
}

fn target(change: &Change) -> Option<(Origin, Target)> {
    let target = match &change.event {
        PatchEvent::TitleChanged { .. } => Target::Title,
        PatchEvent::ModelChanged { model, attr, .. } => Target::Property(*model, attr.clone()),
        _ => return None,
    };
    Some((change.origin, target))
}

impl Document {
    /// Holds callbacks and change events back until [`unhold`](Self::unhold); values change at once. A document that is
    /// held already stays so with its first policy. A hold that is forgotten ends by itself, when 100 000
    /// changes or ten million values wait.
    pub fn hold(&mut self, policy: HoldPolicy) {
        self.hold.policy.get_or_insert(policy);
    }

    /// Runs the callbacks and reports the changes that were held back, in order. Does nothing when nothing is held.
    pub fn unhold(&mut self) {
        let n_before = self.changes.len();
        // What callbacks have changed meanwhile, and told of already.
        let mut overtaken: FxHashSet<Place> = FxHashSet::default();
        for Held { change, notice } in self.hold.release() {
            if let Some(change) = change {
                match self.place_of(&change.event).filter(|place| overtaken.contains(place)) {
                    // Told late, it would undo what happened since.
                    Some(place) => {
                        self.mark();
                        self.tell_again(&place);
                    }
                    None => self.changes.push(change),
                }
            }
            if let Some((key, notice)) = notice {
                let n_before = self.changes.len();
                self.dispatch(&key, &notice);
                let answers = self.changes.after(n_before);
                overtaken.extend(answers.iter().filter_map(|change| self.place_of(&change.event)));
            }
        }
        self.tell_newest(n_before);
    }

    /// Combined changes keep the place of the first one, so that what another peer did may come last. Then what holds is told
    /// once more.
    fn tell_newest(&mut self, n_before: usize) {
        let mut last: FxHashMap<Place, usize> = FxHashMap::default();
        let released = self.changes.after(n_before);
        for (index, change) in released.iter().enumerate() {
            last.extend(self.place_of(&change.event).map(|place| (place, index)));
        }
        let mut last: Vec<(usize, Place)> = last.into_iter().map(|(place, index)| (index, place)).collect();
        last.sort_by_key(|(index, _)| *index);
        self.mark();
        for (index, place) in last {
            let told = self.changes.after(n_before + index).first().map(|change| &change.event);
            let is_newest = match (told, self.restoring_events(&place).pop()) {
                (Some(PatchEvent::ModelChanged { new: told, .. }), Some(PatchEvent::ModelChanged { new, .. })) => {
                    *told == new
                }
                (Some(PatchEvent::TitleChanged { title: told }), Some(PatchEvent::TitleChanged { title })) => {
                    *told == title
                }
                _ => true,
            };
            if !is_newest {
                self.tell_again(&place);
            }
        }
    }

    /// Tells everybody what a place holds now.
    fn tell_again(&mut self, place: &Place) {
        for event in self.restoring_events(place) {
            self.changes.push(Change { origin: Origin::Local, event });
        }
    }

    /// Holds a change back.
    pub(crate) fn hold_back(&mut self, held: Held) {
        if !self.hold.push(held) {
            self.warnings.push("so much was held back that the hold has ended".to_owned());
            self.unhold();
        }
    }

    /// Whether changes are held back.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.hold.is_on()
    }

    /// Lets held changes of columns carry all columns as they are now. Whoever reads the document before the changes are
    /// released has their rows already, and would append them once more.
    pub(crate) fn settle_held_columns(&mut self) {
        let mut held = std::mem::take(&mut self.hold.held);
        for change in held.iter_mut().filter_map(|held| held.change.as_mut()) {
            if let PatchEvent::ColumnsStreamed { model, attr, .. } | PatchEvent::ColumnsPatched { model, attr, .. } =
                &change.event
                && let Ok(Value::Map(data)) = self.value(*model, attr)
            {
                change.event = PatchEvent::ColumnDataChanged { model: *model, attr: attr.clone(), data, cols: None };
            }
        }
        self.hold.held = held;
    }

    /// Holds changes back for the life of a guard.
    ///
    /// ```
    /// use bokeh_document::{Document, HoldPolicy};
    ///
    /// let mut doc = Document::new();
    /// let mut held = doc.held(HoldPolicy::Combine);
    /// held.set_title("first");
    /// held.set_title("second");
    /// drop(held);
    /// assert_eq!(doc.take_changes().len(), 1);
    /// ```
    pub fn held(&mut self, policy: HoldPolicy) -> Hold<'_> {
        let is_outermost = !self.hold.is_on();
        self.hold(policy);
        Hold { document: self, is_outermost }
    }
}

/// Holds a document's change events back; they are released on drop.
#[derive(Debug)]
#[must_use = "dropping the guard releases the held events"]
pub struct Hold<'doc> {
    document: &'doc mut Document,
    is_outermost: bool,
}

impl Deref for Hold<'_> {
    type Target = Document;
    fn deref(&self) -> &Document {
        self.document
    }
}

impl DerefMut for Hold<'_> {
    fn deref_mut(&mut self) -> &mut Document {
        self.document
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        if self.is_outermost {
            self.document.unhold();
        }
    }
}
