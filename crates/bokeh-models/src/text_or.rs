//! Texts that may be models.

use std::fmt;

use bokeh_protocol::Value;

use crate::{FromValue, IntoModel, IntoProp, IsA, Model};

/// A string, or a model where a string does not say enough: the label of an axis in TeX, the format of a slider's value.
///
/// ```
/// use bokeh_models::prelude::*;
///
/// let mut doc = Document::new();
/// let button = doc.add(Button::new().label("go"));
/// assert_eq!(button.label(&doc), "go");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TextOr<M> {
    /// A string.
    Text(String),
    /// A model.
    Model(M),
}

impl<M> TextOr<M> {
    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            TextOr::Text(text) => Some(text),
            TextOr::Model(_) => None,
        }
    }
}

impl<M> PartialEq<&str> for TextOr<M> {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == Some(other)
    }
}

/// The string; nothing for a model.
impl<M> fmt::Display for TextOr<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str().unwrap_or_default())
    }
}

impl<M: Model> FromValue for TextOr<M> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Str(text) => Some(TextOr::Text(text.as_str().to_owned())),
            value => value.as_model().map(M::from_id).map(TextOr::Model),
        }
    }
}

macro_rules! texts {
    ($($from:ty),*) => {$(
        impl<M: Model> IntoProp<TextOr<M>> for $from {
            fn into_prop(self) -> Value {
                IntoProp::<String>::into_prop(self)
            }
        }

        impl<M: Model> IntoProp<Option<TextOr<M>>> for $from {
            fn into_prop(self) -> Value {
                IntoProp::<String>::into_prop(self)
            }
        }
    )*};
}
texts!(&str, String, &String);

#[diagnostic::do_not_recommend]
impl<M: Model, T: IntoModel> IntoProp<TextOr<M>> for T
where
    T::Handle: IsA<M>,
{
    fn into_prop(self) -> Value {
        self.into_model_value()
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: IntoModel> IntoProp<Option<TextOr<M>>> for T
where
    T::Handle: IsA<M>,
{
    fn into_prop(self) -> Value {
        self.into_model_value()
    }
}

impl<M: Model> IntoProp<TextOr<M>> for TextOr<M> {
    fn into_prop(self) -> Value {
        match self {
            TextOr::Text(text) => Value::from(text),
            TextOr::Model(model) => Value::Model(model.id()),
        }
    }
}
