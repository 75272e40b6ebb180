//! Which models are reachable, and which are gone.

#[cfg(test)]
mod tests;

use bokeh_protocol::{ModelId, PatchEvent};
use rustc_hash::FxHashSet;

use crate::model::Links;
use crate::{Build, Change, Document, Origin};

/// What is known of reachability.
#[derive(Debug)]
pub(crate) struct GraphState {
    /// The number of the last walk from the roots; models that it reached carry it, and those that came within reach since.
    pub(crate) mark: u64,
    /// How many models carry it.
    n_reached: usize,
    /// Whether roots or references were taken away since the last walk. Then all is to be walked anew.
    pub(crate) is_stale: bool,
    /// Models that have become roots, or refer to more models than at the last walk.
    grown: Vec<ModelId>,
    /// Whether there may be models that nothing leads to.
    pub(crate) may_have_garbage: bool,
    /// Models that were reachable and then were not, be it for a moment.
    pub(crate) detached: Vec<ModelId>,
    /// How many references were followed so far, to find out what is reachable.
    n_visited: usize,
    /// How many were followed before the last walk.
    n_visited_before: usize,
}

impl Default for GraphState {
    fn default() -> Self {
        GraphState {
            // New models carry 0, and are not reached.
            mark: 1,
            n_reached: 0,
            is_stale: false,
            grown: Vec::new(),
            may_have_garbage: false,
            detached: Vec::new(),
            n_visited: 0,
            n_visited_before: 0,
        }
    }
}

impl GraphState {
    /// Takes notice of what a model refers to now.
    pub(crate) fn note(&mut self, model: ModelId, links: Links) {
        match links {
            Links::Same => {}
            Links::Grown if self.is_stale => {}
            Links::Grown => self.grown.push(model),
            Links::Cut => self.is_stale = true,
        }
    }
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
        self.retain_roots(&FxHashSet::default(), Origin::Local);
    }

    /// Removes the roots that are not among these.
    pub(crate) fn retain_roots(&mut self, kept: &FxHashSet<ModelId>, origin: Origin) {
        let roots = std::mem::take(&mut self.roots).into_iter();
        let (kept, removed): (Vec<ModelId>, Vec<ModelId>) = roots.partition(|root| kept.contains(root));
        self.roots = kept;
        for root in removed {
            self.uproot(root, origin);
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
        let mut reached = FxHashSet::default();
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

    /// About how many references a walk from the roots follows.
    pub(crate) fn n_links(&self) -> usize {
        self.graph.n_visited - self.graph.n_visited_before
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
        let Some(entry) = self.models.get_mut(&root.index) else { return };
        if std::mem::replace(&mut entry.is_root, true) {
            return;
        }
        self.roots.push(root);
        self.graph.note(root, Links::Grown);
        self.report(Some(Change { origin, event: PatchEvent::RootAdded { model: root } }), None);
    }

    pub(crate) fn remove_root_from(&mut self, root: ModelId, origin: Origin) -> bool {
        if !self.entry(root).is_ok_and(|entry| entry.is_root) {
            return false;
        }
        self.roots.retain(|other| *other != root);
        self.uproot(root, origin);
        true
    }

    /// Takes notice that a model is no root any more.
    fn uproot(&mut self, root: ModelId, origin: Origin) {
        if let Some(entry) = self.models.get_mut(&root.index) {
            entry.is_root = false;
        }
        self.graph.is_stale = true;
        self.graph.may_have_garbage = true;
        self.report(Some(Change { origin, event: PatchEvent::RootRemoved { model: root } }), None);
    }

    /// Finds out which models the roots lead to. That costs nothing when nothing has changed, and as much as has come within
    /// reach when nothing was taken away; otherwise it is a walk through the whole graph.
    pub(crate) fn mark(&mut self) {
        if std::mem::take(&mut self.graph.is_stale) {
            self.graph.grown.clear();
            self.walk();
        } else if !self.graph.grown.is_empty() {
            self.follow_growth();
        }
    }

    fn walk(&mut self) {
        let before = self.graph.mark;
        self.graph.mark = before + 1;
        self.graph.may_have_garbage = true;
        self.graph.n_visited_before = self.graph.n_visited;
        let n_reached = std::mem::take(&mut self.graph.n_reached);
        self.reach(self.roots.clone());
        // A document that is still being built has no roots, and is not searched each time.
        if n_reached > 0 {
            let tag = self.tag;
            let detached = self.models.iter().filter(|(_, entry)| entry.reached == before);
            self.graph.detached.extend(detached.map(|(index, _)| ModelId { document: tag, index: *index }));
        }
    }

    fn follow_growth(&mut self) {
        let mut open = Vec::new();
        for model in std::mem::take(&mut self.graph.grown) {
            match self.models.get(&model.index) {
                Some(entry) if entry.reached == self.graph.mark => open.extend(entry.linked()),
                Some(entry) if entry.is_root => open.push(model),
                // What it refers to comes within reach when it does itself.
                _ => {}
            }
        }
        self.reach(open);
    }

    /// Marks these models, and what they lead to.
    fn reach(&mut self, mut open: Vec<ModelId>) {
        let mark = self.graph.mark;
        while let Some(model) = open.pop() {
            self.graph.n_visited += 1;
            if let Some(entry) = self.models.get_mut(&model.index)
                && entry.reached != mark
            {
                entry.reached = mark;
                self.graph.n_reached += 1;
                open.extend(entry.linked());
            }
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
    pub(crate) fn reachable(&self, from: Vec<ModelId>) -> FxHashSet<ModelId> {
        let mut reached = FxHashSet::default();
        let mut open = from;
        while let Some(model) = open.pop() {
            if reached.insert(model) {
                open.extend(self.models.get(&model.index).into_iter().flat_map(|entry| entry.linked()));
            }
        }
        reached
    }
}
