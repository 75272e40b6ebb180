//! Between Rust and Python: our client with Python's server, and our server with Python's client.

mod client;
mod edits;
mod server;

#[expect(dead_code, unused_imports, reason = "some of it is for pages")]
#[path = "../edits/mod.rs"]
mod table;
