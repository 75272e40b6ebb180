//! Registering typed callbacks.

use bokeh_document::{CallbackError, CallbackId, CallbackOutput, Document};
use bokeh_protocol::{ModelId, Text};

use crate::events::UiEvent;
use crate::{Change, FromValue, Model, Prop};

/// A closure that takes an event: `FnMut(&mut Document, E)`, returning nothing or a `Result`.
pub trait EventCallback<E>: FnMut(&mut Document, E) -> Self::Return + Send + 'static {
    /// What the closure returns.
    type Return: CallbackOutput;
}

impl<E, R: CallbackOutput, F: FnMut(&mut Document, E) -> R + Send + 'static> EventCallback<E> for F {
    type Return = R;
}

/// A property that changed to what is not of its type: it belongs to a class without a table.
#[derive(Debug, thiserror::Error)]
#[error("{class}.{property} changed to {found}, which is not a {expected}")]
struct WrongType {
    class: &'static str,
    property: &'static str,
    found: &'static str,
    expected: &'static str,
}

/// A message with data of another type.
#[derive(Debug, thiserror::Error)]
#[error("the data is {found}, which is not a {expected}")]
struct WrongData {
    found: &'static str,
    expected: &'static str,
}

/// Registers a callback for changes of a property.
///
/// # Panics
/// When the model is not in this document.
#[track_caller]
pub fn on_change<M: Model, O: Model, T: FromValue, R: CallbackOutput>(
    doc: &mut Document,
    model: M,
    prop: Prop<O, T>,
    mut callback: impl FnMut(&mut Document, Change<T>) -> R + Send + 'static,
) -> CallbackId {
    let property = prop.name();
    let registered = doc.on_change(model.id(), property, move |doc, change| match T::from_value(&change.new) {
        Some(new) => callback(doc, Change { old: T::from_value(&change.old), new }).into_result(),
        None => {
            let (found, expected) = (change.new.kind_name(), std::any::type_name::<T>());
            Err(WrongType { class: M::CLASS.name(), property, found, expected }.into())
        }
    });
    expect(registered, property)
}

/// Registers a callback for an event of a model, or of the document.
///
/// # Panics
/// When the model is not in this document.
#[track_caller]
pub fn on_event<E: UiEvent>(
    doc: &mut Document,
    model: Option<ModelId>,
    mut callback: impl EventCallback<E>,
) -> CallbackId {
    expect(doc.on_event(model, E::NAME, move |doc, event| callback(doc, E::from_event(event))), E::NAME)
}

/// Registers a callback for messages whose data is a `T`.
pub(crate) fn on_message<T: FromValue>(
    doc: &mut Document,
    msg_type: Text,
    mut callback: impl EventCallback<T>,
) -> CallbackId {
    doc.on_message(msg_type, move |doc, data| match T::from_value(data) {
        Some(data) => callback(doc, data).into_result(),
        None => Err(WrongData { found: data.kind_name(), expected: std::any::type_name::<T>() }.into()),
    })
}

#[track_caller]
fn expect(registered: Result<CallbackId, CallbackError>, name: &str) -> CallbackId {
    match registered {
        Ok(id) => id,
        Err(error) => panic!("a callback for {name}: {error}"),
    }
}
