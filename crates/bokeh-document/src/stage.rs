//! What a message defines, before any of it becomes part of the document.

use std::collections::HashMap;

use bokeh_protocol::{Begun, ModelId, ModelReader, Text, Value};
use bokeh_schema::ClassDef;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::class::Class;
use crate::document::Population;
use crate::kind_check::ModelClasses;
use crate::model::Attr;
use crate::{Document, SetError};

/// The models that a message defines, checked and ready to be inserted. Dropping it leaves the document as it was.
pub(crate) struct Stage<'d> {
    document: &'d mut Document,
    first_index: u32,
    models: Vec<Staged>,
    /// What the message defines: models of it, and such of the document as it defines anew.
    /// Peers choose ids, so the hash must not be guessable.
    by_wire_id: HashMap<Text, ModelId>,
    redefined: Vec<Redefined>,
    meaning: Meaning,
    has_met_gone: bool,
    n_references: usize,
}

/// What ids that the document knows mean in a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meaning {
    /// Whether a reference can name a model of the document. Not so in a whole document, which defines all that it names.
    pub(crate) can_refer: bool,
    /// Whether the definition of a model of the document counts. If not, it is a reference, or the model is another one.
    pub(crate) can_redefine: bool,
}

/// A model of the document that a message defines anew, with what it is to hold.
pub(crate) type Redefined = (ModelId, Vec<(Attr, Value)>);

pub(crate) struct Staged {
    pub(crate) class: Class,
    pub(crate) wire_id: Text,
    pub(crate) attributes: Vec<(Attr, Value)>,
}

/// Stands for a model that the document once had. Events that name it are passed over.
const GONE: u32 = 0;

impl<'d> Stage<'d> {
    pub(crate) fn new(document: &'d mut Document, meaning: Meaning) -> Self {
        let first_index = document.next_index;
        let (models, by_wire_id, redefined) = (Vec::new(), HashMap::new(), Vec::new());
        Stage { document, first_index, models, by_wire_id, redefined, meaning, has_met_gone: false, n_references: 0 }
    }

    pub(crate) fn document(&self) -> &Document {
        self.document
    }

    /// How often the message has named models so far.
    pub(crate) fn n_references(&self) -> usize {
        self.n_references
    }

    /// Whether a value or event names a model that is gone.
    pub(crate) fn is_gone(model: ModelId) -> bool {
        model.index == GONE
    }

    /// The models that are gone, and the staged ones that refer to them, be it through others.
    pub(crate) fn lost(&self) -> FxHashSet<ModelId> {
        let mut lost = FxHashSet::default();
        if !self.has_met_gone {
            return lost;
        }
        let mut referrers: FxHashMap<ModelId, Vec<ModelId>> = FxHashMap::default();
        let staged = (self.first_index..).zip(&self.models);
        let staged = staged.map(|(index, staged)| (self.document.id(index), &staged.attributes));
        for (model, attributes) in staged.chain(self.redefined.iter().map(|(model, attributes)| (*model, attributes))) {
            let mut refer = |to| referrers.entry(to).or_default().push(model);
            attributes.iter().for_each(|(_, value)| value.for_each_model(&mut refer));
        }
        let mut open = vec![self.document.id(GONE)];
        while let Some(model) = open.pop() {
            if lost.insert(model) {
                open.extend(referrers.remove(&model).unwrap_or_default());
            }
        }
        lost
    }

    /// The model of the document that a definition is about, if it counts and is the message's first one of that id.
    fn redefinable(&self, class: &str, id: &str) -> Option<ModelId> {
        let is_first = self.meaning.can_redefine && !self.by_wire_id.contains_key(id);
        let model = is_first.then(|| self.document.model_by_wire_id(id))??;
        (self.document.class_name(model) == Some(class)).then_some(model)
    }

    /// The class of a model, staged or in the document.
    pub(crate) fn class(&self, model: ModelId) -> Option<Class> {
        match self.staged(model) {
            Some(staged) => Some(staged.class),
            None => self.document.entry(model).ok().map(|entry| entry.class),
        }
    }

    pub(crate) fn staged(&self, model: ModelId) -> Option<&Staged> {
        self.models.get(model.index.checked_sub(self.first_index)? as usize)
    }

    /// What an attribute will hold when the message's definitions are taken over.
    pub(crate) fn value(&self, model: ModelId, attr: Attr) -> Option<&Value> {
        let redefined = || self.redefined.iter().find(|(other, _)| *other == model).map(|(_, attributes)| attributes);
        let defined = self.staged(model).map(|staged| &staged.attributes).or_else(redefined).into_iter().flatten();
        let named = defined.filter(|(other, _)| *other == attr).map(|(_, value)| value).next();
        named.or_else(|| self.document.entry(model).ok()?.get(attr))
    }

    /// The index of a property that an event or a definition names; `None` and a warning when there is no such property.
    pub(crate) fn attr(&mut self, class: Class, property: &str) -> Option<Attr> {
        let attr = self.document.attr_mut(class, property);
        if let Err(error) = &attr
            && self.document.warnings.len() < Document::MAX_WARNINGS
        {
            self.document.warnings.push(format!("a peer's change was passed over: {error}"));
        }
        attr.ok()
    }

    pub(crate) fn accept(&self, class: Class, attr: Attr, value: Value) -> Result<Value, SetError> {
        self.document.accept_among(class, attr, value, self)
    }

    /// Makes the staged models part of the document. Answers them, with the sub-models that had to be made for them.
    pub(crate) fn commit(self) -> Committed {
        let Stage { document, first_index, models, redefined, .. } = self;
        let mut committed = Committed { models: Vec::new(), filled: Vec::new(), redefined };
        for staged in &models {
            let model = document.new_entry(staged.class, staged.wire_id.clone());
            if document.ids.gone.remove(&staged.wire_id) {
                document.returned.push(model);
            }
            committed.models.push(model);
        }
        debug_assert!(committed.models.first().is_none_or(|model| model.index == first_index));
        for (model, staged) in committed.models.iter().zip(models) {
            for (attr, value) in staged.attributes {
                document.store(*model, attr, value);
            }
            let filled = document.fill(*model, staged.class).unwrap_or_default();
            committed.filled.extend(filled.into_iter().map(|attr| (*model, attr)));
        }
        committed
    }
}

/// The models that came with a message.
pub(crate) struct Committed {
    pub(crate) models: Vec<ModelId>,
    /// Sub-models that the peer did not send: the attributes that hold them.
    pub(crate) filled: Vec<(ModelId, Attr)>,
    /// What is still to be taken over, with notice of the changes.
    pub(crate) redefined: Vec<Redefined>,
}

impl ModelReader for Stage<'_> {
    fn reference(&mut self, id: &str) -> Option<ModelId> {
        self.n_references += 1;
        if let Some(model) = self.by_wire_id.get(id) {
            return Some(*model);
        }
        if !self.meaning.can_refer {
            return None;
        }
        if let Some(model) = self.document.model_by_wire_id(id) {
            return Some(model);
        }
        let is_gone = self.document.ids.gone.contains(id);
        self.has_met_gone |= is_gone;
        is_gone.then(|| self.document.id(GONE))
    }

    fn begin(&mut self, class: &str, id: &str) -> Result<Begun, String> {
        if let Some(model) = self.redefinable(class, id) {
            self.by_wire_id.insert(id.into(), model);
            return Ok(Begun::New(model));
        }
        let known = self.reference(id).filter(|model| !Stage::is_gone(*model));
        if let Some(model) = known {
            return Ok(Begun::Known(model));
        }
        if id.is_empty() {
            return Err("a model needs an id".to_owned());
        }
        let class = self.document.class_named(class).map_err(|error| error.to_string())?;
        let place = self.models.len();
        let index = u32::try_from(place).ok().and_then(|place| self.first_index.checked_add(place));
        let index = index.ok_or("there are too many models")?;
        self.models.push(Staged { class, wire_id: id.into(), attributes: Vec::new() });
        let model = self.document.id(index);
        self.by_wire_id.insert(id.into(), model);
        Ok(Begun::New(model))
    }

    fn finish(&mut self, model: ModelId, attributes: Vec<(Text, Value)>) -> Result<(), String> {
        let Some(class) = self.class(model) else { return Ok(()) };
        let mut accepted = Vec::with_capacity(attributes.len());
        for (name, value) in attributes {
            if let Some(attr) = self.attr(class, &name) {
                accepted.push((attr, self.accept(class, attr, value).map_err(|error| error.to_string())?));
            }
        }
        let place = model.index.checked_sub(self.first_index);
        match place.and_then(|place| self.models.get_mut(place as usize)) {
            Some(staged) => staged.attributes = accepted,
            None => self.redefined.push((model, accepted)),
        }
        Ok(())
    }
}

impl ModelClasses for Stage<'_> {
    fn is_a(&self, model: ModelId, class: &'static ClassDef) -> bool {
        match self.class(model) {
            Some(Class::Known(known)) => known.is_a(class),
            Some(Class::Dynamic(_)) => true,
            // One that is gone fits everywhere: what names it is passed over as a whole.
            None => Stage::is_gone(model),
        }
    }

    fn class_name(&self, model: ModelId) -> Option<&str> {
        self.class(model).map(|class| self.document.name_of(class))
    }
}

impl Population for Stage<'_> {
    fn contains(&self, model: ModelId) -> bool {
        Stage::is_gone(model) || self.class(model).is_some()
    }
}
