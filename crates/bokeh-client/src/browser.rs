//! Showing a session in the user's browser.

use std::process::{Command, Stdio};
use std::{env, io, thread};

use crate::ServerUrl;
use crate::url::with_arguments;

/// Why a session is not shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShowError {
    /// The address is not a server's.
    #[error(transparent)]
    Url(#[from] crate::UrlError),
    /// The browser does not start.
    #[error("cannot start a browser; open {url} in one, or set BOKEH_BROWSER to its program")]
    Browser {
        /// The page.
        url: String,
        /// Why.
        source: io::Error,
    },
}

/// Opens a session's page in the browser that `BOKEH_BROWSER` names, else in the system's; with `none` in no browser. Does
/// not wait for it.
///
/// ```no_run
/// use bokeh_client::{DEFAULT_SESSION_ID, show_session};
///
/// show_session("http://localhost:5006/sliders", DEFAULT_SESSION_ID)?;
/// # Ok::<(), bokeh_client::ShowError>(())
/// ```
///
/// # Errors
/// When the address is none, or the browser does not start.
pub fn show_session(url: &str, session_id: &str) -> Result<(), ShowError> {
    show(&page_url(&ServerUrl::parse(url)?, session_id))
}

/// The address of a session's page.
pub(crate) fn page_url(server: &ServerUrl, session_id: &str) -> String {
    with_arguments(server.as_str(), &[("bokeh-session-id".to_owned(), session_id.to_owned())])
}

pub(crate) fn show(url: &str) -> Result<(), ShowError> {
    open(url).map_err(|source| ShowError::Browser { url: url.to_owned(), source })
}

// The server crate starts browsers for its own pages in the same way, and no crate below both of them may start programs.
fn open(url: &str) -> io::Result<()> {
    let program = match env::var("BOKEH_BROWSER") {
        Ok(name) if name == "none" => return Ok(()),
        Ok(name) if !name.is_empty() => name,
        _ => OPENER.to_owned(),
    };
    let mut child =
        Command::new(program).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    // Somebody must take note of its end, or its entry stays in the system's table.
    thread::spawn(move || child.wait());
    Ok(())
}

#[cfg(target_os = "macos")]
const OPENER: &str = "open";
#[cfg(target_os = "windows")]
const OPENER: &str = "explorer";
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
const OPENER: &str = "xdg-open";
