//! The typed models as their users see them.

mod compare;
mod plots;
mod properties;
mod tour;
