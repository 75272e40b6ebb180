//! The program, as users start it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod commands;
mod export;
mod running;
mod start;
