//! What becomes of documents that will not be shown as they are meant.

/// Whether a session begins with a document in which something is wrong, as
/// [`Document::check`](bokeh_document::Document::check) tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Validation {
    /// Documents are not checked.
    Off,
    /// The session begins, and the log says what is wrong.
    #[default]
    Log,
    /// The session does not begin if a property has no value that must have one, or a glyph names a column that is not there. Its
    /// page has status 500.
    Errors,
    /// The session does not begin if anything is wrong. Its page has status 500.
    All,
}
