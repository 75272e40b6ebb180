//! The program, as users start it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod commands;
mod export;
mod options;
mod program;
mod python_options;
mod running;
mod start;
