//! Everything that a property, an event or a message can hold.

use std::sync::Arc;

use bytes::Bytes;

use crate::matching::Matching;
use crate::{Array, Map, SharedVec, Spec, SpecKind, Text};

/// A value as Bokeh knows it. Cheap to clone: aggregates are shared.
///
/// Integers stay integers and floats stay floats (`1` and `1.0` are different on the wire), NaN and infinities survive.
///
/// ```
/// use bokeh_protocol::Value;
///
/// let value = Value::from_iter([Value::from(1), Value::from(2.5), Value::from("three")]);
/// assert_eq!(value.as_list().map(<[Value]>::len), Some(3));
/// assert!(Value::from(1).matches(&Value::from(1.0)));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer. Those outside ±(2^53 - 1) go over the wire as floats.
    Int(i64),
    /// A float, finite or not.
    Float(f64),
    /// A string.
    Str(Text),
    /// A list (or tuple).
    List(SharedVec<Value>),
    /// A set; the order is kept.
    Set(SharedVec<Value>),
    /// A map with keys of any kind; the order is kept.
    Map(Map),
    /// A typed array.
    Array(Arc<Array>),
    /// Raw bytes.
    Bytes(Arc<Bytes>),
    /// A slice, as in patches of columns.
    Slice(Arc<Slice>),
    /// A data spec: a constant, a column or an expression.
    Spec(Arc<Spec>),
    /// A model of some document.
    Model(ModelId),
    /// An object written in full: a plain struct, or the definition of a model that is not in a document yet.
    Object(Arc<Object>),
    /// An event of the user interface, the payload of a `bokeh_event` message.
    Event(Arc<Event>),
}

/// The key of a model within one document. It means nothing to a peer: on the wire models have string ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelId {
    /// The tag of the document, so that a handle in a foreign document is noticed.
    pub document: u32,
    /// The model's place in the document's table; never reused within a document.
    pub index: u32,
}

/// A slice of indices with Python's meaning; `None` is the default of that place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// The first index.
    pub start: Option<i64>,
    /// The index after the last.
    pub stop: Option<i64>,
    /// The distance between two indices.
    pub step: Option<i64>,
}

/// An object in full. Shared by reference: the same `Arc` in two places is the same model.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The class, by its qualified name on the wire.
    pub name: Text,
    /// The id, when the object is a model that already has one.
    pub id: Option<Text>,
    /// The attributes that were set.
    pub attributes: Vec<(Text, Value)>,
}

/// An event of the user interface.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The event's name, such as `button_click`.
    pub name: Text,
    /// What it carries, such as `model`, `x`, `y`.
    pub values: Map,
}

impl Value {
    /// A string without an allocation.
    #[must_use]
    pub const fn literal(text: &'static str) -> Self {
        Value::Str(Text::from_static(text))
    }

    /// Whether setting a property from one to the other is no change: numbers compare by value, NaN equals NaN. Of large sets
    /// and maps in another order that is not found out.
    #[must_use]
    pub fn matches(&self, other: &Value) -> bool {
        Matching::default().values(self, other)
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if it is one or an integral float (JavaScript has one number type).
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Int(value) => Some(*value),
            // The largest integers of 64 bits go over the wire as floats, rounded up to 2^63.
            #[expect(clippy::cast_possible_truncation, reason = "checked to be integral and in range")]
            Value::Float(value) if value.fract() == 0.0 && value.abs() <= TWO_TO_THE_63 => Some(*value as i64),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "browsers know no other numbers")]
            Value::Int(value) => Some(*value as f64),
            Value::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The map, if it is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The array, if it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&Array> {
        match self {
            Value::Array(array) => Some(array),
            _ => None,
        }
    }

    /// The model, if it is one.
    #[must_use]
    pub fn as_model(&self) -> Option<ModelId> {
        match self {
            Value::Model(id) => Some(*id),
            _ => None,
        }
    }

    /// What kind of value it is, for messages.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "an integer",
            Value::Float(_) => "a float",
            Value::Str(_) => "a string",
            Value::List(_) => "a list",
            Value::Set(_) => "a set",
            Value::Map(_) => "a map",
            Value::Array(_) => "an array",
            Value::Bytes(_) => "bytes",
            Value::Slice(_) => "a slice",
            Value::Spec(_) => "a data spec",
            Value::Model(_) => "a model",
            Value::Object(_) => "an object",
            Value::Event(_) => "an event",
        }
    }

    /// Calls `visit` with every model that the value refers to, at any depth.
    pub fn for_each_model(&self, visit: &mut dyn FnMut(ModelId)) {
        match self {
            Value::Model(id) => visit(*id),
            Value::List(items) | Value::Set(items) => items.iter().for_each(|item| item.for_each_model(visit)),
            Value::Map(map) => map.for_each_model(visit),
            Value::Spec(spec) => {
                if let SpecKind::Value(value) | SpecKind::Expr(value) = &spec.kind {
                    value.for_each_model(visit);
                }
                if let Some(transform) = &spec.transform {
                    transform.for_each_model(visit);
                }
            }
            Value::Array(array) => {
                if let crate::ArrayData::Object(items) = array.data() {
                    items.iter().for_each(|item| item.for_each_model(visit));
                }
            }
            Value::Object(object) => object.attributes.iter().for_each(|(_, value)| value.for_each_model(visit)),
            Value::Event(event) => event.values.for_each_model(visit),
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Bytes(_)
            | Value::Slice(_) => {}
        }
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Value::List(items.into_iter().collect())
    }
}

const TWO_TO_THE_63: f64 = 9_223_372_036_854_775_808.0;

macro_rules! from {
    ($($t:ty => |$value:ident| $body:expr),* $(,)?) => {$(
        impl From<$t> for Value {
            fn from($value: $t) -> Self {
                $body
            }
        }
    )*};
}
from! {
    bool => |value| Value::Bool(value),
    i8 => |value| Value::Int(value.into()),
    i16 => |value| Value::Int(value.into()),
    i32 => |value| Value::Int(value.into()),
    i64 => |value| Value::Int(value),
    u8 => |value| Value::Int(value.into()),
    u16 => |value| Value::Int(value.into()),
    u32 => |value| Value::Int(value.into()),
    u64 => |value| i64::try_from(value).map_or(Value::Float(value as f64), Value::Int),
    usize => |value| i64::try_from(value).map_or(Value::Float(value as f64), Value::Int),
    f32 => |value| Value::Float(value.into()),
    f64 => |value| Value::Float(value),
    &str => |value| Value::Str(value.into()),
    String => |value| Value::Str(value.into()),
    Text => |value| Value::Str(value),
    Map => |value| Value::Map(value),
    Array => |value| Value::Array(Arc::new(value)),
    Slice => |value| Value::Slice(Arc::new(value)),
    Spec => |value| Value::Spec(Arc::new(value)),
    ModelId => |value| Value::Model(value),
    Object => |value| Value::Object(Arc::new(value)),
    Event => |value| Value::Event(Arc::new(value)),
    Bytes => |value| Value::Bytes(Arc::new(value)),
    Vec<Value> => |value| Value::List(value.into()),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}
