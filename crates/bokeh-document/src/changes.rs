//! The changes that the owner of a document has not taken yet.

#[cfg(test)]
mod tests;

use bokeh_protocol::{Map, ModelId, PatchEvent};
use rustc_hash::FxHashMap;

use crate::{Change, Origin};

/// Changes in the order in which they happened.
///
/// An event that tells all columns of a data source can be much larger than the edit behind it. When many happen to the same
/// source, they are drawn together: a short message must not become a thousand times as long on its way to the others.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    list: Vec<Change>,
    sources: FxHashMap<ModelId, Source>,
    pub(crate) is_replica: bool,
}

/// Events that tell all columns of one source.
#[derive(Debug)]
struct Source {
    n_told: usize,
    /// Where the last of them is.
    last: usize,
}

impl Changes {
    /// So often all columns of a source are told.
    const MAX_TOLD: usize = 16;

    pub(crate) fn take(&mut self) -> Vec<Change> {
        self.sources.clear();
        std::mem::take(&mut self.list)
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The changes after the first `n`.
    pub(crate) fn after(&self, n: usize) -> &[Change] {
        self.list.get(n..).unwrap_or_default()
    }

    /// Whether the columns of the source were told so often that the last time is to stand for all that follows.
    pub(crate) fn is_crowded(&self, source: ModelId) -> bool {
        self.sources.get(&source).is_some_and(|source| source.n_told >= Self::MAX_TOLD)
    }

    /// Lets go of the columns of a crowded source, which are about to change: so they need not be copied.
    pub(crate) fn release(&mut self, source: ModelId) {
        if self.is_crowded(source)
            && let Some(data) = self.last_columns(source)
        {
            *data = Map::default();
        }
    }

    pub(crate) fn push(&mut self, change: Change) {
        let PatchEvent::ColumnDataChanged { model, data, .. } = &change.event else {
            return self.list.push(change);
        };
        let model = *model;
        if self.is_crowded(model) {
            let (origin, data) = (change.origin, data.clone());
            if let Some(columns) = self.last_columns(model) {
                *columns = data;
            }
            self.tell_everybody_but(model, origin);
            return;
        }
        let source = self.sources.entry(model).or_insert(Source { n_told: 0, last: 0 });
        source.n_told += 1;
        source.last = self.list.len();
        self.list.push(change);
    }

    fn last_columns(&mut self, source: ModelId) -> Option<&mut Map> {
        let last = self.sources.get(&source)?.last;
        match &mut self.list.get_mut(last)?.event {
            PatchEvent::ColumnDataChanged { data, .. } => Some(data),
            _ => None,
        }
    }

    /// The author of all that an event stands for is not told of it. When there are several, all are, and the primary of a replica if
    /// code on this side is among them.
    fn tell_everybody_but(&mut self, source: ModelId, author: Origin) {
        if let Some(change) = self.sources.get(&source).and_then(|source| self.list.get_mut(source.last)) {
            if change.origin != author {
                let is_local = change.origin == Origin::Local || author == Origin::Local || !self.is_replica;
                change.origin = if is_local { Origin::Local } else { Origin::PRIMARY };
            }
            if let PatchEvent::ColumnDataChanged { cols, .. } = &mut change.event {
                *cols = None;
            }
        }
    }
}
