//! Places on axes, factors and dates.

use bokeh_protocol::Value;

use crate::{FromValue, IntoProp};

/// A category of a categorical range: a name, or the names of two or three levels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Factor {
    /// A category.
    One(String),
    /// A category within a group.
    Two(String, String),
    /// A category within a group within a group.
    Three(String, String, String),
}

/// A place on an axis: a number, an instant or a category, or an offset from a category.
#[derive(Clone, Debug, PartialEq)]
pub struct Coordinate(Value);

/// A date, time or instant as Bokeh holds it.
///
/// ```
/// use bokeh_models::DateValue;
///
/// assert_eq!(DateValue::from("2024-01-02"), DateValue::Iso("2024-01-02".into()));
/// assert_eq!(DateValue::from(0.0), DateValue::Millis(0.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum DateValue {
    /// Milliseconds: since the epoch in UTC, or for a time of day since midnight.
    Millis(f64),
    /// In the form of ISO 8601, such as `2024-01-02`.
    Iso(String),
}

impl Coordinate {
    /// The number, or the milliseconds since the epoch.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        self.0.as_f64()
    }

    /// The category.
    #[must_use]
    pub fn as_factor(&self) -> Option<Factor> {
        Factor::from_value(&self.0)
    }

    /// The value as it is stored.
    #[must_use]
    pub fn as_value(&self) -> &Value {
        &self.0
    }
}

impl DateValue {
    /// The milliseconds, if it is not a string.
    #[must_use]
    pub fn as_millis(&self) -> Option<f64> {
        match self {
            DateValue::Millis(millis) => Some(*millis),
            DateValue::Iso(_) => None,
        }
    }
}

impl From<&str> for DateValue {
    fn from(text: &str) -> Self {
        DateValue::Iso(text.to_owned())
    }
}

impl From<f64> for DateValue {
    fn from(millis: f64) -> Self {
        DateValue::Millis(millis)
    }
}

impl FromValue for Coordinate {
    fn from_value(value: &Value) -> Option<Self> {
        Some(Coordinate(value.clone()))
    }
}

impl FromValue for Factor {
    fn from_value(value: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        match value.as_list() {
            None => text(value).map(Factor::One),
            Some([a, b]) => Some(Factor::Two(text(a)?, text(b)?)),
            Some([a, b, c]) => Some(Factor::Three(text(a)?, text(b)?, text(c)?)),
            Some(_) => None,
        }
    }
}

impl FromValue for DateValue {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Str(text) => Some(DateValue::Iso(text.as_str().to_owned())),
            value => value.as_f64().map(DateValue::Millis),
        }
    }
}

impl From<Factor> for Value {
    fn from(factor: Factor) -> Self {
        match factor {
            Factor::One(a) => Value::from(a),
            Factor::Two(a, b) => Value::from_iter([Value::from(a), Value::from(b)]),
            Factor::Three(a, b, c) => Value::from_iter([Value::from(a), Value::from(b), Value::from(c)]),
        }
    }
}

impl From<DateValue> for Value {
    fn from(date: DateValue) -> Self {
        match date {
            DateValue::Millis(millis) => Value::Float(millis),
            DateValue::Iso(text) => Value::from(text),
        }
    }
}

impl From<Coordinate> for Value {
    fn from(coordinate: Coordinate) -> Self {
        coordinate.0
    }
}

macro_rules! into {
    ($($from:ty => [$($prop:ty),*]);* $(;)?) => {$($(
        impl IntoProp<$prop> for $from {
            fn into_prop(self) -> Value {
                Value::from(self)
            }
        }
    )*)*};
}
into! {
    Factor => [Factor, Option<Factor>, Coordinate, Option<Coordinate>, Value];
    DateValue => [DateValue, Option<DateValue>, Coordinate, Option<Coordinate>, Value];
    Coordinate => [Coordinate, Option<Coordinate>, Value];
    &str => [Factor, Option<Factor>, Coordinate, Option<Coordinate>, DateValue, Option<DateValue>];
    String => [Factor, Option<Factor>, Coordinate, Option<Coordinate>, DateValue, Option<DateValue>];
    f64 => [Coordinate, Option<Coordinate>, DateValue, Option<DateValue>];
    f32 => [Coordinate, Option<Coordinate>];
    i32 => [Coordinate, Option<Coordinate>, DateValue, Option<DateValue>];
    i64 => [Coordinate, Option<Coordinate>, DateValue, Option<DateValue>];
    u32 => [Coordinate, Option<Coordinate>];
    usize => [Coordinate, Option<Coordinate>];
}

macro_rules! levels {
    ($($prop:ty),*) => {$(
        impl<A: IntoProp<String>, B: IntoProp<String>> IntoProp<$prop> for (A, B) {
            fn into_prop(self) -> Value {
                Value::from_iter([self.0.into_prop(), self.1.into_prop()])
            }
        }

        impl<A: IntoProp<String>, B: IntoProp<String>, C: IntoProp<String>> IntoProp<$prop> for (A, B, C) {
            fn into_prop(self) -> Value {
                Value::from_iter([self.0.into_prop(), self.1.into_prop(), self.2.into_prop()])
            }
        }
    )*};
}
levels!(Factor, Coordinate, Option<Coordinate>);
