//! Sessions: one document, one task that owns it, and the connections that look at it.

mod core;
mod task;

#[cfg(test)]
mod tests;

pub(crate) use self::core::ConnectionId;
pub(crate) use task::{Outgoing, SessionHandle};
