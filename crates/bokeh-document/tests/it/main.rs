//! The document's public API.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod apply;
mod callbacks;
mod check;
mod follow;
mod hold;
mod lifetime;
mod publish;
mod replicas;
mod support;
mod theme;
mod work;
