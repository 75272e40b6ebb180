//! The icon in the browser's tab.

use std::path::PathBuf;

/// The icon that browsers show in the tab of a page, at `/favicon.ico`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Icon {
    /// That of bokeh-rs.
    #[default]
    Default,
    /// None: status 404.
    None,
    /// What is in a file, in the format ICO.
    File(PathBuf),
}
