//! The server behind nginx, under a path, with TLS in front: as the book says how to set it up.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod authority;
mod nginx;
mod pages;
mod peer;
mod sockets;
mod users;
