//! What a document reports.

use bokeh_protocol::PatchEvent;

/// One change of a document, recorded when it happened, with the value that it had then.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Who made it.
    pub origin: Origin,
    /// What changed.
    pub event: PatchEvent,
}

/// Who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Code on this side: the application, a callback.
    Local,
    /// The other end of a connection, by a number that the owner of the document gives out.
    Peer(u64),
}
