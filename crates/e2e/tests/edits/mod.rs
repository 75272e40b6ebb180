//! What a server does to a document, one after the other, and what is then seen by whoever looks at it: BokehJS and
//! Python's client.

mod app;
mod models;
mod sources;
mod values;

use bokeh_document::Document;

pub(crate) use self::app::{app, app_that_keeps_events, columns, floats, get, guest, list, named, set};

/// Something that a program does on the server.
pub(crate) struct Edit {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&mut Document),
    /// What then holds in the page, where `model(name)` finds a model.
    pub(crate) in_page: &'static str,
    /// What then holds in a Python client, where `m(name)` does.
    pub(crate) in_python: &'static str,
}

/// All edits, in order: some go on with what others have left.
pub(crate) fn edits() -> impl Iterator<Item = &'static Edit> {
    [models::EDITS, sources::EDITS, values::EDITS].into_iter().flatten()
}
