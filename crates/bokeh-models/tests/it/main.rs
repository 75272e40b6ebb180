//! The typed models as their users see them.

mod tour;
