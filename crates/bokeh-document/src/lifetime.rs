//! Which models are reachable, and which are gone.

use bokeh_protocol::{ModelId, PatchEvent};

use crate::{Build, Change, Document, Origin};

/// What is known of reachability.
#[derive(Debug, Default)]
pub(crate) struct GraphState {
    /// The number of the last walk; models that it reached carry it.
    pub(crate) mark: u64,
    /// How many models it reached.
    n_reached: usize,
    /// Whether roots or references have changed since the last walk.
    pub(crate) is_stale: bool,
    /// Whether there may be models that nothing leads to.
    pub(crate) may_have_garbage: bool,
    /// Models that were reachable and then were not, be it for a moment.
    pub(crate) detached: Vec<ModelId>,
}

impl Document {
    /// The roots in the order in which they were added.
    #[must_use]
    pub fn roots(&self) -> &[ModelId] {
        &self.roots
    }

    /// Makes a model a root: it is shown. Adding a root again changes nothing.
    ///
    /// # Panics
    /// When the model is not in this document.
    #[track_caller]
    pub fn add_root<B: Build>(&mut self, root: B) -> B::Model {
        let model = root.build(self);
        let root: ModelId = model.into();
        assert!(self.contains(root), "the root is not in this document: it was removed, or belongs to another one");
        self.add_root_from(root, Origin::Local);
        model
    }

    /// Takes a root out of the view. Answers whether it was one.
    pub fn remove_root(&mut self, root: impl Into<ModelId>) -> bool {
        self.remove_root_from(root.into(), Origin::Local)
    }

    /// Removes all roots, one after the other.
    pub fn clear(&mut self) {
        while let Some(root) = self.roots.first() {
            self.remove_root(*root);
        }
    }

    /// Gives up a model that was [added](Self::add): it goes with the next [sweep](Self::sweep) unless a root still leads
    /// to it then.
    pub fn remove(&mut self, model: impl Into<ModelId>) {
        let model = model.into();
        if model.document == self.tag
            && let Some(entry) = self.models.get_mut(&model.index)
        {
            entry.is_pinned = false;
            self.graph.may_have_garbage = true;
        }
    }

    /// Gives up a model and everything that it refers to.
    pub fn remove_subtree(&mut self, model: impl Into<ModelId>) {
        let model = model.into();
        let mut reached = rustc_hash::FxHashSet::default();
        let mut open = vec![model];
        while let Some(model) = open.pop() {
            if reached.insert(model) && self.contains(model) {
                open.extend(self.models.get(&model.index).into_iter().flat_map(|entry| entry.linked()));
                self.remove(model);
            }
        }
    }

    /// Forgets the models that neither a root nor a model added by the user leads to, with their callbacks. The owner of the
    /// document calls it after it has passed on the changes, which may still name them.
    ///
    /// Answers whether any were there. While changes are [held](Self::hold) all models stay.
    pub fn sweep(&mut self) -> bool {
        // Changes that are held back still name models, and are told later.
        if self.hold.is_on() {
            return false;
        }
        if !std::mem::take(&mut self.graph.may_have_garbage) && !self.graph.is_stale {
            return false;
        }
        self.mark();
        let kept: Vec<ModelId> = self
            .models
            .iter()
            .filter(|(_, entry)| entry.is_pinned || entry.reached == self.graph.mark)
            .map(|(index, _)| self.id(*index))
            .collect();
        let kept = self.reachable(kept);
        let before = self.models.len();
        let tag = self.tag;
        let (by_wire_id, gone) = (&mut self.by_wire_id, &mut self.ids.gone);
        self.models.retain(|index, entry| {
            let is_kept = kept.contains(&ModelId { document: tag, index: *index });
            // A document that was pushed may have brought a model of the same id.
            if !is_kept && by_wire_id.get(&entry.wire_id) == Some(index) {
                by_wire_id.remove(&entry.wire_id);
                gone.insert(entry.wire_id.clone());
            }
            is_kept
        });
        self.rename_doubles();
        let has_swept = self.models.len() < before;
        if has_swept {
            let models = &self.models;
            self.callbacks.retain_models(|model| models.contains_key(&model.index));
        }
        has_swept
    }

    /// Whether a root leads to the model.
    pub fn is_attached(&mut self, model: ModelId) -> bool {
        self.mark();
        self.was_attached(model)
    }

    /// Whether the last walk from the roots reached the model.
    pub(crate) fn was_attached(&self, model: ModelId) -> bool {
        self.entry(model).is_ok_and(|entry| entry.reached == self.graph.mark)
    }

    /// The models that no root led to at some moment since the last call. A peer that knew them has forgotten them, so that
    /// they are to be defined anew where they occur again.
    pub fn take_detached(&mut self) -> Vec<ModelId> {
        self.mark();
        std::mem::take(&mut self.graph.detached)
    }

    pub(crate) fn add_root_from(&mut self, root: ModelId, origin: Origin) {
        if self.roots.contains(&root) {
            return;
        }
        self.roots.push(root);
        self.graph.is_stale = true;
        self.report(Some(Change { origin, event: PatchEvent::RootAdded { model: root } }), None);
    }

    pub(crate) fn remove_root_from(&mut self, root: ModelId, origin: Origin) -> bool {
        let Some(place) = self.roots.iter().position(|other| *other == root) else { return false };
        self.roots.remove(place);
        self.graph.is_stale = true;
        self.graph.may_have_garbage = true;
        self.report(Some(Change { origin, event: PatchEvent::RootRemoved { model: root } }), None);
        true
    }

    /// Walks from the roots, unless nothing has changed since the last walk.
    pub(crate) fn mark(&mut self) {
        if !std::mem::take(&mut self.graph.is_stale) {
            return;
        }
        let before = self.graph.mark;
        let mark = before + 1;
        self.graph.mark = mark;
        self.graph.may_have_garbage = true;
        let mut n_reached = 0;
        let mut open = self.roots.clone();
        while let Some(model) = open.pop() {
            if let Some(entry) = self.models.get_mut(&model.index)
                && entry.reached != mark
            {
                entry.reached = mark;
                n_reached += 1;
                open.extend(entry.linked());
            }
        }
        // A document that is still being built has no roots, and is not searched each time.
        if std::mem::replace(&mut self.graph.n_reached, n_reached) > 0 {
            let tag = self.tag;
            let detached = self.models.iter().filter(|(_, entry)| entry.reached == before);
            self.graph.detached.extend(detached.map(|(index, _)| ModelId { document: tag, index: *index }));
        }
    }

    /// Gives new ids to models whose id a pushed document has taken over.
    fn rename_doubles(&mut self) {
        let is_double =
            |(index, entry): &(&u32, &crate::model::Entry)| self.by_wire_id.get(&entry.wire_id) != Some(index);
        let doubles: Vec<u32> = self.models.iter().filter(is_double).map(|(index, _)| *index).collect();
        for index in doubles {
            let id = self.new_wire_id();
            self.by_wire_id.insert(id.clone(), index);
            if let Some(entry) = self.models.get_mut(&index) {
                entry.wire_id = id;
            }
        }
    }

    /// Everything that these models lead to, themselves included.
    pub(crate) fn reachable(&self, from: Vec<ModelId>) -> rustc_hash::FxHashSet<ModelId> {
        let mut reached = rustc_hash::FxHashSet::default();
        let mut open = from;
        while let Some(model) = open.pop() {
            if reached.insert(model) {
                open.extend(self.models.get(&model.index).into_iter().flat_map(|entry| entry.linked()));
            }
        }
        reached
    }
}
