//! Events that the browser sends.

use crate::{ClassDef, Kind, generated::events::EVENTS};

/// A kind of event.
///
/// ```
/// let tap = bokeh_schema::event("tap").unwrap();
/// assert_eq!(tap.class, "Tap");
/// assert!(tap.is_model_event);
/// ```
#[derive(Debug, PartialEq)]
pub struct EventDef {
    /// Its name on the wire: `"doubletap"`.
    pub name: &'static str,
    /// Its class in Bokeh: `"DoubleTap"`.
    pub class: &'static str,
    /// Its values. A peer may leave out those that are not required, and sends no others.
    pub fields: &'static [EventField],
    /// Whether it happens to a model. Otherwise it happens to the document.
    pub is_model_event: bool,
    /// The classes whose models it can happen to, with those below them; empty for any.
    pub only_for: &'static [&'static ClassDef],
}

/// A value of an event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EventField {
    /// Its name.
    pub name: &'static str,
    /// What BokehJS sends. Python does not check it.
    pub kind: Kind,
    /// Whether an event without it is refused.
    pub is_required: bool,
}

/// The event of this name on the wire.
#[must_use]
pub fn event(name: &str) -> Option<&'static EventDef> {
    EVENTS.binary_search_by(|event| event.name.cmp(name)).ok().and_then(|at| EVENTS.get(at))
}

/// All events, sorted by name.
#[must_use]
pub fn events() -> &'static [EventDef] {
    EVENTS
}
