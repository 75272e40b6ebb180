//! Recorded traffic of Bokeh, for the tests of the crates that take Bokeh's part in it.
//!
//! A [`Recording`] is what was seen on the wire, in order. A test feeds what the recorded peer sent to one of our cores, does
//! what the recorded program did ([`apps`], [`actions`]), and tells a [`Comparison`] what both sides said. Whatever is not
//! the same must be in the test's table of [`Expected`] differences, and nothing else may be in it.

#![expect(clippy::unwrap_used, reason = "a recording that cannot be read is a failed test")]

mod recording;

mod compare;
mod expected;

pub mod actions;
pub mod apps;

pub use compare::{Comparison, Difference};
pub use expected::{Expected, Why, check};
pub use recording::{Recording, Side, Step, What};
