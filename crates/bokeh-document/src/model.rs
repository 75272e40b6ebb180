//! One model: its class, its id on the wire, its attributes.

use bokeh_protocol::{ModelId, Text, Value};

use crate::class::Class;

/// The index of a property within its class.
pub(crate) type Attr = u16;

#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) class: Class,
    pub(crate) wire_id: Text,
    /// Whether the user holds a handle to it: it stays until it is removed.
    pub(crate) is_pinned: bool,
    /// The last walk from the roots that reached the model.
    pub(crate) reached: u64,
    /// What was set, in the order of the class's properties.
    attributes: Vec<(Attr, Value)>,
    /// The models to which an attribute refers, for the attributes that refer to any.
    links: Vec<(Attr, Vec<ModelId>)>,
}

impl Entry {
    pub(crate) fn new(class: Class, wire_id: Text) -> Self {
        Entry { class, wire_id, is_pinned: false, reached: 0, attributes: Vec::new(), links: Vec::new() }
    }

    pub(crate) fn get(&self, attr: Attr) -> Option<&Value> {
        self.place(attr).ok().map(|place| &self.attributes[place].1)
    }

    pub(crate) fn get_mut(&mut self, attr: Attr) -> Option<&mut Value> {
        let place = self.place(attr).ok()?;
        Some(&mut self.attributes[place].1)
    }

    /// Stores a value. Answers whether the models that the attribute refers to may have changed.
    pub(crate) fn put(&mut self, attr: Attr, value: Value) -> bool {
        match self.place(attr) {
            Ok(place) => self.attributes[place].1 = value,
            Err(place) => self.attributes.insert(place, (attr, value)),
        }
        self.relink(attr)
    }

    /// Goes back to the default. Answers whether the models that the attribute refers to may have changed.
    pub(crate) fn unset(&mut self, attr: Attr) -> bool {
        if let Ok(place) = self.place(attr) {
            self.attributes.remove(place);
        }
        self.relink(attr)
    }

    /// Notes anew to which models an attribute refers. Answers whether they may have changed.
    pub(crate) fn relink(&mut self, attr: Attr) -> bool {
        let mut models = Vec::new();
        if let Some(value) = self.get(attr) {
            value.for_each_model(&mut |model| models.push(model));
        }
        let old = self.links.iter().position(|(linked, _)| *linked == attr);
        match (old, models.is_empty()) {
            (None, true) => return false,
            (None, false) => self.links.push((attr, models)),
            (Some(place), true) => drop(self.links.swap_remove(place)),
            (Some(place), false) if self.links[place].1 == models => return false,
            (Some(place), false) => self.links[place].1 = models,
        }
        true
    }

    pub(crate) fn attributes(&self) -> &[(Attr, Value)] {
        &self.attributes
    }

    /// Whether an attribute refers to models.
    pub(crate) fn is_linked(&self, attr: Attr) -> bool {
        self.links.iter().any(|(linked, _)| *linked == attr)
    }

    pub(crate) fn linked(&self) -> impl Iterator<Item = ModelId> {
        self.links.iter().flat_map(|(_, models)| models.iter().copied())
    }

    fn place(&self, attr: Attr) -> Result<usize, usize> {
        self.attributes.binary_search_by_key(&attr, |(attr, _)| *attr)
    }
}
