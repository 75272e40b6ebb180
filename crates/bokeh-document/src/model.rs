//! One model: its class, its id on the wire, its attributes.

use bokeh_protocol::{ModelId, Text, Value};
use rustc_hash::FxHashSet;

use crate::class::Class;

/// The index of a property within its class.
pub(crate) type Attr = u16;

#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) class: Class,
    pub(crate) wire_id: Text,
    /// Whether the user holds a handle to it: it stays until it is removed.
    pub(crate) is_pinned: bool,
    pub(crate) is_root: bool,
    /// The last walk from the roots that reached the model.
    pub(crate) reached: u64,
    /// What was set, in the order of the class's properties.
    attributes: Vec<(Attr, Value)>,
    /// The models to which an attribute refers, for the attributes that refer to any.
    links: Vec<(Attr, Vec<ModelId>)>,
}

impl Entry {
    pub(crate) fn new(class: Class, wire_id: Text) -> Self {
        Entry {
            class,
            wire_id,
            is_pinned: false,
            is_root: false,
            reached: 0,
            attributes: Vec::new(),
            links: Vec::new(),
        }
    }

    pub(crate) fn get(&self, attr: Attr) -> Option<&Value> {
        self.place(attr).ok().map(|place| &self.attributes[place].1)
    }

    pub(crate) fn get_mut(&mut self, attr: Attr) -> Option<&mut Value> {
        let place = self.place(attr).ok()?;
        Some(&mut self.attributes[place].1)
    }

    /// Stores a value. Answers what became of the models that the attribute refers to.
    pub(crate) fn put(&mut self, attr: Attr, value: Value) -> Links {
        match self.place(attr) {
            Ok(place) => self.attributes[place].1 = value,
            Err(place) => self.attributes.insert(place, (attr, value)),
        }
        self.relink(attr)
    }

    /// Lets an attribute have its default again. Answers what became of the models that it referred to.
    pub(crate) fn unset(&mut self, attr: Attr) -> Links {
        if let Ok(place) = self.place(attr) {
            self.attributes.remove(place);
        }
        self.relink(attr)
    }

    /// Notes anew to which models an attribute refers. Answers what became of them.
    pub(crate) fn relink(&mut self, attr: Attr) -> Links {
        let mut models = Vec::new();
        if let Some(value) = self.get(attr) {
            value.for_each_model(&mut |model| models.push(model));
        }
        let old = self.links.iter().position(|(linked, _)| *linked == attr);
        match (old, models.is_empty()) {
            (None, true) => Links::Same,
            (None, false) => {
                self.links.push((attr, models));
                Links::Grown
            }
            (Some(place), true) => {
                self.links.swap_remove(place);
                Links::Cut
            }
            (Some(place), false) => {
                let links = Links::between(&self.links[place].1, &models);
                self.links[place].1 = models;
                links
            }
        }
    }

    pub(crate) fn attributes(&self) -> &[(Attr, Value)] {
        &self.attributes
    }

    /// Whether an attribute refers to models.
    pub(crate) fn is_linked(&self, attr: Attr) -> bool {
        self.links.iter().any(|(linked, _)| *linked == attr)
    }

    /// The models to which an attribute refers.
    pub(crate) fn linked_by(&self, attr: Attr) -> &[ModelId] {
        self.links.iter().find(|(linked, _)| *linked == attr).map_or(&[], |(_, models)| models)
    }

    pub(crate) fn linked(&self) -> impl Iterator<Item = ModelId> {
        self.links.iter().flat_map(|(_, models)| models.iter().copied())
    }

    fn place(&self, attr: Attr) -> Result<usize, usize> {
        self.attributes.binary_search_by_key(&attr, |(attr, _)| *attr)
    }
}

/// What became of the models to which an attribute refers.
#[must_use = "the graph is to be told"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Links {
    Same,
    /// There are more.
    Grown,
    /// Some may be missing.
    Cut,
}

impl Links {
    fn between(old: &[ModelId], new: &[ModelId]) -> Links {
        if old == new {
            return Links::Same;
        }
        let has_all = new.starts_with(old) || {
            let new: FxHashSet<ModelId> = new.iter().copied().collect();
            old.iter().all(|model| new.contains(model))
        };
        if has_all { Links::Grown } else { Links::Cut }
    }
}
