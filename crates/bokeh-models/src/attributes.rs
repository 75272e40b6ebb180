//! What builders collect.

use std::sync::Arc;

use bokeh_document::Document;
use bokeh_protocol::{ModelId, Object, Spec, SpecKind, Text, Value};
use bokeh_schema::{ClassDef, Kind, Lit};

/// The class and the attributes of a model that is being made.
#[derive(Clone, Debug)]
pub struct Attributes {
    class: &'static ClassDef,
    set: Vec<(&'static str, Value)>,
}

impl Attributes {
    /// No attributes of a class.
    #[must_use]
    pub fn new(class: &'static ClassDef) -> Self {
        Attributes { class, set: Vec::new() }
    }

    /// Sets an attribute, once more perhaps.
    pub fn set(&mut self, name: &'static str, value: Value) {
        match self.set.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.set.push((name, value)),
        }
    }

    /// The value of an attribute that was set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.set.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The definition of the model.
    #[must_use]
    pub fn into_object(mut self) -> Object {
        self.merge_units();
        let attributes = self.set.into_iter().map(|(name, value)| (Text::from_static(name), value)).collect();
        Object { name: Text::from_static(self.class.name()), id: None, attributes }
    }

    /// The definition as a value.
    #[must_use]
    pub fn into_value(self) -> Value {
        Value::from(self.into_object())
    }

    /// Makes the model in a document.
    ///
    /// # Panics
    /// When an attribute holds what it cannot hold.
    #[track_caller]
    pub fn insert(self, doc: &mut Document) -> ModelId {
        match doc.insert(Arc::new(self.into_object())) {
            Ok(model) => model,
            Err(error) => panic!("{error}"),
        }
    }

    /// Units travel within the data spec that they belong to: `angle_units` is never sent by name.
    fn merge_units(&mut self) {
        let with_units: Vec<(&'static str, Value)> =
            self.set.iter().filter(|(name, _)| name.ends_with("_units")).cloned().collect();
        for (name, units) in with_units {
            let base = name.trim_end_matches("_units");
            let Some(property) = self.class.property(base) else { continue };
            let (Kind::Spec(kind), Value::Str(units)) = (property.kind(), units) else { continue };
            if self.get(base).is_none()
                && let Some(default) = property.default().and_then(default_spec)
            {
                self.set.push((property.name(), default));
            }
            let Some((_, value)) = self.set.iter_mut().find(|(known, _)| *known == base) else { continue };
            let is_default = kind.units.is_some_and(|known| *units == *known.default);
            if let (Value::Spec(spec), false) = (&*value, is_default) {
                *value = Value::from(Spec { units: Some(units), ..Spec::clone(spec) });
            }
        }
    }
}

/// A data spec that is the same for all rows.
pub(crate) fn constant(value: Value) -> Value {
    Value::from(Spec::new(SpecKind::Value(value)))
}

/// The default of a data spec as one.
fn default_spec(default: Lit) -> Option<Value> {
    let plain = |lit: &Lit| match lit {
        Lit::Null => Some(Value::Null),
        Lit::Int(value) => Some(Value::Int(*value)),
        Lit::Float(value) => Some(Value::Float(*value)),
        _ => None,
    };
    match default {
        Lit::SpecField(name) => Some(Value::from(Spec::new(SpecKind::Field(Text::from_static(name))))),
        Lit::SpecValue(lit) => plain(lit).map(constant),
        lit => plain(&lit).map(constant),
    }
}
