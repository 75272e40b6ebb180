//! Between Rust and Python: our client with Python's server.

mod client;
