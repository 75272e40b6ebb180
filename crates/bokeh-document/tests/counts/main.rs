//! What things cost, in numbers that are the same on every machine: encodings, allocations, allocated bytes.
//!
//! A binary of its own, since `allocation-counter` replaces the allocator.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fan_out;
mod streams;
