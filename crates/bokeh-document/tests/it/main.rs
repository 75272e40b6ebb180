//! The document's public API.

mod apply;
mod callbacks;
mod hold;
mod lifetime;
mod publish;
mod support;
