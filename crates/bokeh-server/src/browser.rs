//! Showing a page in the user's browser.

#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::{Command, Stdio};

/// Opens a page or a file in a browser, or else in the system's. Does not wait for it.
///
/// `browser` is a program, or a command in which `%s` stands for the page. With `none`, nothing is opened.
///
/// # Errors
/// When the browser does not start.
pub fn open_in_browser(address: impl AsRef<OsStr>, browser: Option<&str>) -> io::Result<()> {
    let Some(words) = command(address.as_ref(), browser) else { return Ok(()) };
    let [program, arguments @ ..] = words.as_slice() else { return Ok(()) };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
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

/// The program and its arguments. None if pages are not to be shown.
fn command(address: &OsStr, browser: Option<&str>) -> Option<Vec<OsString>> {
    match browser {
        Some("none") => None,
        // As Python's `webbrowser` has it.
        Some(command) if command.contains("%s") => {
            let address = address.to_string_lossy();
            Some(command.split_whitespace().map(|word| word.replace("%s", &address).into()).collect())
        }
        browser => Some(vec![browser.unwrap_or(OPENER).into(), address.to_owned()]),
    }
}

#[cfg(target_os = "macos")]
const OPENER: &str = "open";
#[cfg(target_os = "windows")]
const OPENER: &str = "explorer";
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
const OPENER: &str = "xdg-open";
