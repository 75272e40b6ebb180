//! What handles and builders are.

use bokeh_document::{Document, GetError, SetError};
use bokeh_protocol::{ModelId, Value};
use bokeh_schema::ClassDef;

use crate::{FromValue, IntoProp, Prop};

/// A handle to a model in a document: an id and a type, `Copy`.
///
/// A handle means something to the document that made it, as long as the model is there.
pub trait Model: Copy + Send + 'static {
    /// The class.
    const CLASS: &'static ClassDef;

    /// The key of the model in its document.
    fn id(self) -> ModelId;

    /// The handle for a key. Whether the model is of the class is not checked; see [`cast`](Self::cast).
    fn from_id(id: ModelId) -> Self;

    /// This handle as one of another class, if the model is of that class.
    ///
    /// ```
    /// use bokeh_models::prelude::*;
    ///
    /// let mut doc = Document::new();
    /// let widget: Widget = doc.add(Slider::new().start(0).end(9).value(1)).upcast();
    /// assert!(widget.cast::<Slider>(&doc).is_some());
    /// assert!(widget.cast::<Button>(&doc).is_none());
    /// ```
    #[must_use]
    fn cast<M: Model>(self, doc: &Document) -> Option<M> {
        doc.is_a(self.id(), M::CLASS).then(|| M::from_id(self.id()))
    }

    /// The model of this class whose property `name` has this value, among those that the roots lead to.
    ///
    /// ```
    /// use bokeh_models::prelude::*;
    ///
    /// let mut doc = Document::new();
    /// let div = doc.add(Div::new().name("count"));
    /// doc.add_root(column((div, Slider::new().name("size").start(0).end(9).value(1))));
    /// assert_eq!(Div::named(&doc, "count"), Some(div));
    /// assert_eq!(Div::named(&doc, "size"), None);
    /// ```
    #[must_use]
    fn named(doc: &Document, name: &str) -> Option<Self> {
        doc.model_by_name(name).filter(|model| doc.is_a(*model, Self::CLASS)).map(Self::from_id)
    }

    /// This handle as one of a base class.
    #[must_use]
    fn upcast<B: Model>(self) -> B
    where
        Self: IsA<B>,
    {
        B::from_id(self.id())
    }
}

/// `Self` is `B` or inherits from it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `{B}` and does not inherit from it",
    label = "the class `{Self}` has no such base"
)]
pub trait IsA<B: Model>: Model {}

/// What stands for a model as a property's value: a handle, or a builder whose model is made along with its owner.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a handle nor a builder of a model",
    label = "not a model"
)]
pub trait IntoModel {
    /// The handle of such a model.
    type Handle: Model;

    /// The value: a reference to the model, or its definition.
    fn into_model_value(self) -> Value;
}

/// Models that a plain string can stand for, such as the title of a plot.
#[diagnostic::on_unimplemented(message = "a string cannot stand for a `{Self}`")]
pub trait FromText: Model {
    /// The definition of a model with that text.
    fn from_text(text: &str) -> Value;
}

/// Why a property could not be read as its type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadPropError {
    /// There is no such model or no value.
    #[error(transparent)]
    Get(#[from] GetError),
    /// The value is not of the type.
    #[error("{class}.{property} is {found}, which is not a {expected}")]
    Type {
        /// The class.
        class: &'static str,
        /// The property.
        property: &'static str,
        /// What the value is.
        found: &'static str,
        /// The Rust type.
        expected: &'static str,
    },
}

/// Reads a property for `try_get`.
#[inline]
pub fn try_read<M: Model, T: FromValue>(doc: &Document, model: M, name: &'static str) -> Result<T, ReadPropError> {
    read_as(doc, model.id(), M::CLASS, name)
}

/// Generic in the type only, so that little code is made for many classes.
fn read_as<T: FromValue>(
    doc: &Document,
    model: ModelId,
    class: &'static ClassDef,
    property: &'static str,
) -> Result<T, ReadPropError> {
    let value = doc.value(model, property)?;
    T::from_value(&value).ok_or_else(|| ReadPropError::Type {
        class: class.name(),
        property,
        found: value.kind_name(),
        expected: std::any::type_name::<T>(),
    })
}

/// Sets a property for `try_set`.
pub fn try_write<M: Model, O, T>(
    doc: &mut Document,
    model: M,
    prop: Prop<O, T>,
    value: impl IntoProp<T>,
) -> Result<(), SetError> {
    set(doc, model.id(), prop.name(), value.into_prop())
}

/// Reads a property for a getter.
#[inline]
#[track_caller]
pub fn read<M: Model, T: FromValue>(doc: &Document, model: M, name: &'static str) -> T {
    match try_read(doc, model, name) {
        Ok(value) => value,
        Err(error) => misuse(M::CLASS, name, &error),
    }
}

/// Sets a property for a setter.
#[track_caller]
pub fn write<M: Model>(doc: &mut Document, model: M, name: &'static str, value: Value) {
    if let Err(error) = set(doc, model.id(), name, value) {
        misuse(M::CLASS, name, &error)
    }
}

/// Sets a property. Where a title stands, a mere text becomes its text: BokehJS 3.9.2 does not draw a plot anew that gets
/// another title model.
fn set(doc: &mut Document, model: ModelId, name: &str, value: Value) -> Result<(), SetError> {
    if let Value::Object(new) = &value
        && new.name == "Title"
        && let [(text, new_text)] = &new.attributes[..]
        && *text == "text"
        && let Ok(Value::Model(title)) = doc.value(model, name)
        && doc.class_name(title) == Some("Title")
    {
        return doc.set_value(title, "text", new_text.clone());
    }
    doc.set_value(model, name, value)
}

/// A handle in a foreign document, one whose model was removed, a value that the property cannot hold: an error in the program.
#[cold]
#[track_caller]
pub(crate) fn misuse(class: &ClassDef, name: &str, error: &dyn std::fmt::Display) -> ! {
    panic!("{}.{name}: {error}", class.name())
}
