//! The commands beside `serve`.

mod completions;
#[cfg(all(unix, feature = "python"))]
mod export;
mod files;
mod info;
mod secret;

pub(crate) use completions::{Completions, completions};
#[cfg(all(unix, feature = "python"))]
pub(crate) use export::{Html, Json, html, json};
pub(crate) use files::{Static, serve_files};
pub(crate) use info::{Info, info};
pub(crate) use secret::secret;
