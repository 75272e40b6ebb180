//! The examples, used as a user uses them.

#![allow(dead_code, reason = "each example has a main function of its own")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod all;
mod button;
mod chat_count;
mod programs;
mod sliders;
mod streaming;
