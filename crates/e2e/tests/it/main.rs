//! Our server over raw sockets: recorded handshakes, and everything that a peer can do wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod early;
mod findings;
mod handshakes;
mod lifetimes;
mod malformed;
mod refused;
mod strangers;
mod user_code;

mod bystander;
mod client;
mod log;
mod recording;
mod server;
