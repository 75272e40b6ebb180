//! The client as its users see it: against recorded servers and over sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod net;
mod replay;
