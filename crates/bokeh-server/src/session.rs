//! Sessions: one document, one task that owns it, and the connections that look at it.

mod core;
mod link;
mod named;
mod receipts;
mod recent;
mod replica;

mod outbox;
mod task;

#[cfg(test)]
mod tests;

pub(crate) use self::core::ConnectionId;
pub(crate) use outbox::{Outgoing, Outlet, outbox};
pub(crate) use task::{PageRoots, SessionEnded, SessionHandle};
