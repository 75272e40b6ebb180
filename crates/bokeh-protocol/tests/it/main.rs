//! The crate as its users see it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod corpus;
mod origin;
mod token;
mod value;
