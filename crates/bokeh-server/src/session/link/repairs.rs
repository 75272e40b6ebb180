//! Where a copy may be wrong.

use std::time::Duration;

use bokeh_document::Place;
use rustc_hash::FxHashMap;

/// The places of a copy that are to be set right, and when.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    dirty: FxHashMap<Place, Dirty>,
    n_dirtied: u64,
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

impl Repairs {
    /// Sets a place right at this time, whatever was planned before.
    pub(super) fn put(&mut self, place: Place, due: Duration) {
        self.n_dirtied += 1;
        self.dirty.entry(place).or_insert(Dirty { due, number: self.n_dirtied, is_new_root: false }).due = due;
    }

    /// Sets a place right at this time, but not sooner than was planned.
    pub(super) fn put_off(&mut self, place: &Place, due: Duration) {
        let due = self.dirty.get(place).map_or(due, |dirty| dirty.due.max(due));
        self.put(place.clone(), due);
    }

    /// There is nothing to set right at this place any more.
    pub(super) fn remove(&mut self, place: &Place) {
        self.dirty.remove(place);
    }

    pub(super) fn clear(&mut self) {
        self.dirty.clear();
    }

    pub(super) fn contains(&self, place: &Place) -> bool {
        self.dirty.contains_key(place)
    }

    pub(super) fn len(&self) -> usize {
        self.dirty.len()
    }

    /// The place, if it is here, is a root that the peer has not been told of.
    pub(super) fn note_new_root(&mut self, place: &Place) {
        if let Some(dirty) = self.dirty.get_mut(place) {
            dirty.is_new_root = true;
        }
    }

    /// The peer has named the place. A root that it was not told of it now has all the same.
    pub(super) fn has_heard_of(&mut self, place: &Place) {
        if let Some(dirty) = self.dirty.get_mut(place) {
            dirty.is_new_root = false;
        }
    }

    /// Whether it is a root that the peer has never been told of.
    pub(super) fn is_unheard_of(&self, root: &Place) -> bool {
        self.dirty.get(root).is_some_and(|dirty| dirty.is_new_root)
    }

    /// When something is due next.
    pub(super) fn deadline(&self) -> Option<Duration> {
        self.dirty.values().map(|dirty| dirty.due).min()
    }

    /// Takes what is due: the places that lead to models, and the others. What leads to models goes together, so that each is
    /// defined in full at last.
    pub(super) fn take_due(
        &mut self,
        leads_to_models: impl Fn(&Place) -> bool,
        now: Duration,
    ) -> (Vec<Place>, Vec<Place>) {
        let moves_models = self.dirty.iter().any(|(place, dirty)| dirty.due <= now && leads_to_models(place));
        let is_due = |place: &Place, dirty: &Dirty| dirty.due <= now || moves_models && leads_to_models(place);
        let mut due: Vec<(Place, Dirty)> = self.dirty.extract_if(|place, dirty| is_due(place, dirty)).collect();
        due.sort_by_key(|(_, dirty)| dirty.number);
        due.into_iter().map(|(place, _)| place).partition(|place| leads_to_models(place))
    }
}
