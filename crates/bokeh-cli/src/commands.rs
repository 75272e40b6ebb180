//! The commands beside `serve`.

mod completions;
mod files;
mod info;
mod secret;

pub(crate) use completions::{Completions, completions};
pub(crate) use files::{Static, serve_files};
pub(crate) use info::{Info, info};
pub(crate) use secret::secret;
