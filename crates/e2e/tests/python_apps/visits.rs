//! What is done in the applications' pages, and what must be seen.

pub(crate) mod animations;
pub(crate) mod callbacks;
pub(crate) mod columns;
pub(crate) mod context;
pub(crate) mod events;
pub(crate) mod extensions;
pub(crate) mod files;
pub(crate) mod folders;
pub(crate) mod plots;
pub(crate) mod widgets;
