//! Typed events of the user interface.
//!
//! ```
//! use bokeh_models::events::Tap;
//! use bokeh_models::prelude::*;
//!
//! let mut doc = Document::new();
//! let plot = doc.add(figure());
//! plot.on::<Tap>(&mut doc, |doc, tap| doc.set_title(format!("{:.1}, {:.1}", tap.x, tap.y)));
//! ```

mod geometry;

use bokeh_document::{CallbackId, Document};
use bokeh_protocol::{Event, Text, Value};

use crate::{EventCallback, FromValue, Model, subscribe};

pub use crate::generated::events::*;
pub use geometry::Geometry;

/// An event with its values.
pub trait UiEvent: Sized + 'static {
    /// The name on the wire.
    const NAME: &'static str;

    /// Reads the values. What is missing is NaN, false, empty or `None`.
    fn from_event(event: &Event) -> Self;
}

/// Models of class `M` have the event.
#[diagnostic::on_unimplemented(message = "a `{M}` has no event `{Self}`", label = "not an event of `{M}`")]
pub trait EventOf<M: Model>: UiEvent {}

/// Documents have the event.
#[diagnostic::on_unimplemented(message = "documents have no event `{Self}`", label = "not an event of documents")]
pub trait DocumentEvent: UiEvent {}

/// Registers typed callbacks for the events of documents.
///
/// ```
/// use bokeh_models::events::DocumentReady;
/// use bokeh_models::prelude::*;
///
/// let mut doc = Document::new();
/// doc.on::<DocumentReady>(|doc, _| doc.set_title("ready"));
/// ```
pub trait DocumentEvents {
    /// Calls `callback` when the event happens.
    fn on<E: DocumentEvent>(&mut self, callback: impl EventCallback<E>) -> CallbackId;

    /// Calls `callback` with what the other side sends as a message of this type, read as a `T`. Data that is no `T` is a
    /// failure of the callback, which is logged.
    ///
    /// ```
    /// use bokeh_models::prelude::*;
    ///
    /// let mut doc = Document::new();
    /// doc.on_message_of("resize", |doc, (width, height): (i64, i64)| doc.set_title(format!("{width} x {height}")));
    /// ```
    fn on_message_of<T: FromValue>(&mut self, msg_type: impl Into<Text>, callback: impl EventCallback<T>)
    -> CallbackId;
}

impl DocumentEvents for Document {
    fn on<E: DocumentEvent>(&mut self, callback: impl EventCallback<E>) -> CallbackId {
        subscribe::on_event(self, None, callback)
    }

    fn on_message_of<T: FromValue>(
        &mut self,
        msg_type: impl Into<Text>,
        callback: impl EventCallback<T>,
    ) -> CallbackId {
        subscribe::on_message(self, msg_type.into(), callback)
    }
}

/// The keys that were held down during an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    /// The shift key.
    pub shift: bool,
    /// The control key.
    pub ctrl: bool,
    /// The alt key.
    pub alt: bool,
}

/// A type that a value of an event can be read as.
pub(crate) trait EventField {
    fn field(event: &Event, name: &str) -> Self;
}

impl EventField for f64 {
    fn field(event: &Event, name: &str) -> Self {
        event.values.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN)
    }
}

impl EventField for i64 {
    fn field(event: &Event, name: &str) -> Self {
        event.values.get(name).and_then(Value::as_i64).unwrap_or_default()
    }
}

impl EventField for bool {
    fn field(event: &Event, name: &str) -> Self {
        event.values.get(name).and_then(Value::as_bool).unwrap_or_default()
    }
}

impl EventField for String {
    fn field(event: &Event, name: &str) -> Self {
        event.values.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

impl EventField for Value {
    fn field(event: &Event, name: &str) -> Self {
        event.values.get(name).cloned().unwrap_or_default()
    }
}

impl<T: FromValue> EventField for Option<T> {
    fn field(event: &Event, name: &str) -> Self {
        event.values.get(name).filter(|value| **value != Value::Null).and_then(T::from_value)
    }
}

impl EventField for Modifiers {
    fn field(event: &Event, name: &str) -> Self {
        let keys = event.values.get(name).and_then(Value::as_map);
        let is_held = |key| keys.and_then(|keys| keys.get(key)).and_then(Value::as_bool).unwrap_or_default();
        Modifiers { shift: is_held("shift"), ctrl: is_held("ctrl"), alt: is_held("alt") }
    }
}
