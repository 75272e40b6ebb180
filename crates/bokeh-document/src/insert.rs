//! Models enter the document.

use std::ptr;
use std::sync::Arc;

use bokeh_protocol::{Map, ModelId, Object, Spec, SpecKind, Text, Value};
use bokeh_schema::Lit;
use rustc_hash::FxHashMap;

use crate::class::Class;
use crate::model::Entry;
use crate::{Document, SetError, defaults};

/// What stands for a model: one that is in the document, or one that is still to be inserted.
pub trait Build {
    /// What names the model afterwards.
    type Model: Copy + Into<ModelId>;

    /// Inserts the model, if it is not in the document yet.
    fn build(self, document: &mut Document) -> Self::Model;
}

impl Build for ModelId {
    type Model = ModelId;
    fn build(self, _: &mut Document) -> ModelId {
        self
    }
}

impl Build for Object {
    type Model = ModelId;

    /// # Panics
    /// When the object is no model, or an attribute has the wrong kind; [`Document::insert`] returns such errors.
    #[track_caller]
    fn build(self, document: &mut Document) -> ModelId {
        match document.insert(Arc::new(self)) {
            Ok(model) => model,
            Err(error) => panic!("{error}"),
        }
    }
}

impl Document {
    /// Inserts a model, which stays until it is [removed](Self::remove) even when no root leads to it.
    #[track_caller]
    pub fn add<B: Build>(&mut self, model: B) -> B::Model {
        let model = model.build(self);
        if let Some(entry) = self.models.get_mut(&model.into().index) {
            entry.is_pinned = true;
        }
        model
    }

    /// Inserts the model that an object describes, and those in its attributes. The same `Arc` in two places is one model.
    /// It goes again with the next [sweep](Self::sweep) unless a root leads to it by then.
    ///
    /// # Errors
    /// When the class is unknown or abstract, or an attribute is unknown or of the wrong kind.
    pub fn insert(&mut self, object: Arc<Object>) -> Result<ModelId, SetError> {
        match self.adopt(Value::Object(object))? {
            Value::Model(model) => Ok(model),
            _ => unreachable!("an object is adopted as a model or refused"),
        }
    }

    /// Replaces the objects in a value by models of this document.
    pub(crate) fn adopt(&mut self, value: Value) -> Result<Value, SetError> {
        if has_objects(&value) {
            Adoption { document: self, done: FxHashMap::default() }.value(&value)
        } else {
            Ok(value)
        }
    }

    /// The model with the settings of the document in a page, such as whether BokehJS reconnects. A peer that replaces the
    /// document can leave it out.
    #[must_use]
    pub fn config(&self) -> Option<ModelId> {
        self.config
    }

    pub(crate) fn new_config(&mut self) -> ModelId {
        let config = Object { name: Text::from_static("DocumentConfig"), id: None, attributes: Vec::new() };
        let config = self.insert(Arc::new(config)).expect("DocumentConfig is a class that needs no attributes");
        if let Some(entry) = self.models.get_mut(&config.index) {
            entry.is_pinned = true;
        }
        config
    }

    /// A new id that no model of this document has or had.
    pub(crate) fn new_wire_id(&mut self) -> Text {
        loop {
            let id = Text::from(format!("{}{}", self.ids.prefix, self.ids.next));
            self.ids.next += 1;
            if !self.by_wire_id.contains_key(&id) && !self.ids.gone.contains(&id) {
                return id;
            }
        }
    }

    pub(crate) fn new_entry(&mut self, class: Class, wire_id: Text) -> ModelId {
        let index = self.next_index;
        self.next_index += 1;
        self.by_wire_id.insert(wire_id.clone(), index);
        self.models.insert(index, Entry::new(class, wire_id));
        self.graph.may_have_garbage = true;
        self.id(index)
    }

    /// Makes the sub-models that a model of this class owns and does not have yet. They exist from the beginning, since
    /// both sides must agree on their ids. Answers which.
    pub(crate) fn fill(&mut self, model: ModelId, class: Class) -> Result<Vec<crate::model::Attr>, SetError> {
        let Class::Known(class) = class else { return Ok(Vec::new()) };
        let mut filled = Vec::new();
        for property in class.always_sent() {
            let attr = property.index();
            let is_set = self.models.get(&model.index).is_none_or(|entry| entry.get(attr).is_some());
            if let (Some(default), false) = (property.default(), is_set)
                && has_models(&default)
            {
                let value = self.adopt(defaults::literal(&default))?;
                self.store(model, attr, value);
                filled.push(attr);
            }
        }
        filled.extend(self.apply_theme(model, Class::Known(class)));
        Ok(filled)
    }

    /// Stores an attribute of a model that nobody was told of yet.
    pub(crate) fn store(&mut self, model: ModelId, attr: crate::model::Attr, value: Value) {
        if let Some(entry) = self.models.get_mut(&model.index) {
            self.graph.note(model, entry.put(attr, value));
        }
    }
}

/// Turns objects into models, each once.
struct Adoption<'d> {
    document: &'d mut Document,
    done: FxHashMap<*const Object, ModelId>,
}

impl Adoption<'_> {
    fn value(&mut self, value: &Value) -> Result<Value, SetError> {
        if !has_objects(value) {
            return Ok(value.clone());
        }
        Ok(match value {
            Value::Object(object) => Value::Model(self.object(object)?),
            Value::List(items) => Value::List(self.items(items)?.into()),
            Value::Set(items) => Value::Set(self.items(items)?.into()),
            Value::Map(map) => {
                let entry = |(key, value): &(Value, Value)| Ok((self.value(key)?, self.value(value)?));
                Value::Map(map.entries().iter().map(entry).collect::<Result<Map, SetError>>()?)
            }
            Value::Spec(spec) => {
                let kind = match &spec.kind {
                    SpecKind::Value(value) => SpecKind::Value(self.value(value)?),
                    SpecKind::Expr(model) => SpecKind::Expr(self.value(model)?),
                    SpecKind::Field(name) => SpecKind::Field(name.clone()),
                };
                let transform = spec.transform.as_ref().map(|transform| self.value(transform)).transpose()?;
                Value::from(Spec { kind, transform, units: spec.units.clone() })
            }
            other => other.clone(),
        })
    }

    fn items(&mut self, items: &[Value]) -> Result<Vec<Value>, SetError> {
        items.iter().map(|item| self.value(item)).collect()
    }

    fn object(&mut self, object: &Arc<Object>) -> Result<ModelId, SetError> {
        if let Some(model) = self.done.get(&ptr::from_ref(&**object)) {
            return Ok(*model);
        }
        let class = self.document.class_named(&object.name)?;
        let wire_id = match &object.id {
            Some(id) if !self.document.by_wire_id.contains_key(id) => id.clone(),
            _ => self.document.new_wire_id(),
        };
        let model = self.document.new_entry(class, wire_id);
        self.done.insert(&raw const **object, model);
        for (name, value) in &object.attributes {
            let attr = self.document.attr_mut(class, name)?;
            let value = self.value(value)?;
            let value = self.document.accept(class, attr, value)?;
            self.document.store(model, attr, value);
        }
        self.document.fill(model, class)?;
        Ok(model)
    }
}

fn has_models(default: &Lit) -> bool {
    match default {
        Lit::Model(..) => true,
        Lit::List(items) => items.iter().any(has_models),
        _ => false,
    }
}

fn has_objects(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::List(items) | Value::Set(items) => items.iter().any(has_objects),
        Value::Map(map) => map.entries().iter().any(|(key, value)| has_objects(key) || has_objects(value)),
        Value::Spec(spec) => {
            spec.transform.as_ref().is_some_and(has_objects)
                || matches!(&spec.kind, SpecKind::Value(value) | SpecKind::Expr(value) if has_objects(value))
        }
        _ => false,
    }
}
