//! Holding changes back for a while.

use std::ops::{Deref, DerefMut};

use bokeh_protocol::{PatchEvent, Text, Value};

use crate::callback::{Key, Notice};
use crate::{Change, Document};

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
}

impl HoldState {
    pub(crate) fn is_on(&self) -> bool {
        self.policy.is_some()
    }

    pub(crate) fn push(&mut self, new: Held) {
        let mergeable = |old: &&mut Held| match (&old.change, &new.change) {
            (Some(old), Some(new)) => old.origin == new.origin && is_same_target(&old.event, &new.event),
            _ => false,
        };
        let old = match self.policy {
            Some(HoldPolicy::Combine) => self.held.iter_mut().rev().find(mergeable),
            _ => None,
        };
        match old {
            Some(old) => *old = new,
            None => self.held.push(new),
        }
    }
}

fn is_same_target(old: &PatchEvent, new: &PatchEvent) -> bool {
    fn property(event: &PatchEvent) -> Option<(bokeh_protocol::ModelId, &Text)> {
        match event {
            PatchEvent::ModelChanged { model, attr, .. } => Some((*model, attr)),
            _ => None,
        }
    }
    match (old, new) {
        (PatchEvent::TitleChanged { .. }, PatchEvent::TitleChanged { .. }) => true,
        (old, new) => property(old).is_some() && property(old) == property(new),
    }
}

impl Document {
    /// Holds callbacks and change events back until [`unhold`](Self::unhold); values change at once. A document that is
    /// held already stays so with its first policy.
    pub fn hold(&mut self, policy: HoldPolicy) {
        self.hold.policy.get_or_insert(policy);
    }

    /// Runs the callbacks and reports the changes that were held back, in order. Does nothing when nothing is held.
    pub fn unhold(&mut self) {
        self.hold.policy = None;
        for Held { change, notice } in std::mem::take(&mut self.hold.held) {
            self.changes.extend(change);
            if let Some((key, notice)) = notice {
                self.dispatch(&key, &notice);
            }
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
