//! The crate as its users see it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod corpus;
mod origin;
mod round_trip;
mod token;
mod value;
