//! Default values.

use std::sync::Arc;

use bokeh_protocol::{Map, Object, Spec, SpecKind, Text, Value};
use bokeh_schema::Lit;

/// The value that a constant stands for. A model is a new object each time.
pub(crate) fn literal(lit: &Lit) -> Value {
    match *lit {
        Lit::Null => Value::Null,
        Lit::Bool(value) => Value::Bool(value),
        Lit::Int(value) => Value::Int(value),
        Lit::Float(value) => Value::Float(value),
        Lit::Str(text) => Value::literal(text),
        Lit::List(items) => items.iter().map(literal).collect(),
        Lit::Set(items) => Value::Set(items.iter().map(literal).collect()),
        Lit::Map(entries) => {
            Value::Map(Map::from_iter(entries.iter().map(|(key, value)| (literal(key), literal(value)))))
        }
        Lit::Model(class, attributes) => {
            let attribute = |(name, value): &(&'static str, Lit)| (Text::from_static(name), literal(value));
            let attributes = attributes.iter().map(attribute).collect();
            Value::Object(Arc::new(Object { name: Text::from_static(class.name()), id: None, attributes }))
        }
        Lit::SpecValue(value) => Value::from(Spec::new(SpecKind::Value(literal(value)))),
        Lit::SpecField(column) => Value::from(Spec::new(SpecKind::Field(Text::from_static(column)))),
    }
}

#[cfg(test)]
mod tests;
