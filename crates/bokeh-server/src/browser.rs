//! Showing a page in the user's browser.

use std::env;
use std::io;
use std::process::{Command, Stdio};

/// Opens `url` in the browser that `BOKEH_BROWSER` names, else in the system's. Does not wait for it.
pub(crate) fn open(url: &str) -> Result<(), io::Error> {
    let program = match env::var("BOKEH_BROWSER") {
        Ok(name) if name == "none" => return Ok(()),
        Ok(name) if !name.is_empty() => name,
        _ => OPENER.to_owned(),
    };
    let mut child =
        Command::new(program).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    // Somebody must take note of its end, or its entry stays in the system's table.
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// Why a page is not shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShowError {
    /// No application is there.
    #[error("there is no application at {0:?}; routes begin with a slash, as in \"/sliders\"")]
    NoApplication(String),
    /// The browser does not start.
    #[error("cannot start a browser; open {url} in one, or set BOKEH_BROWSER to its program")]
    Browser {
        /// The page.
        url: String,
        /// Why.
        source: io::Error,
    },
}

#[cfg(target_os = "macos")]
const OPENER: &str = "open";
#[cfg(target_os = "windows")]
const OPENER: &str = "explorer";
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
const OPENER: &str = "xdg-open";
