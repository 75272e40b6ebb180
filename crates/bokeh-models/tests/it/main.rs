//! The typed models as their users see them.

mod columns;
mod compare;
mod conversions;
mod glyphs;
mod handles;
mod plots;
mod properties;
mod tour;
