//! The typed models as their users see them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod columns;
mod compare;
mod conversions;
mod events;
mod glyphs;
mod handles;
mod in_browser;
mod plots;
mod properties;
mod tour;
