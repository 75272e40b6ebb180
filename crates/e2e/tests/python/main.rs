//! Between Rust and Python: our client with Python's server, and our server with Python's client.

mod client;
mod server;
