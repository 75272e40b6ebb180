//! The tables against the specification that they are made of, and the facts that others rely on.

#![expect(clippy::unwrap_used, reason = "a test helper may fail its test")]

mod classes;
mod extension;
mod kinds;
mod spec;
