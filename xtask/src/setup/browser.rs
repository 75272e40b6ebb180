//! A Chromium and the driver that tests use to press its buttons.

use std::{env, path::PathBuf};

use anyhow::{Result, bail};

use crate::shell;

/// Where the browser and its driver are.
#[derive(Debug)]
pub(crate) struct Browser {
    /// The browser itself.
    pub(crate) chromium: PathBuf,
    /// Its WebDriver server; has to be of the browser's major version.
    pub(crate) chromedriver: PathBuf,
}

/// Finds Chromium and chromedriver, and installs them where that is possible.
///
/// `CHROMIUM` and `CHROMEDRIVER` in the environment come first.
pub(crate) fn browser() -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    if shell::apt_install(&["chromium", "chromium-driver", "fonts-liberation"])?
        && let Some(browser) = find()
    {
        return Ok(browser);
    }
    bail!(
        "Chromium and chromedriver were not found; install both (Debian: `apt-get install chromium chromium-driver` \
         as root), or name them in CHROMIUM and CHROMEDRIVER"
    )
}

fn find() -> Option<Browser> {
    let named = |variable: &str| env::var_os(variable).map(PathBuf::from);
    Some(Browser {
        chromium: named("CHROMIUM").or_else(|| {
            shell::find_program(
                &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "Google Chrome", "Chromium"],
                &[
                    "/usr/bin",
                    "/snap/bin",
                    "/Applications/Google Chrome.app/Contents/MacOS",
                    "/Applications/Chromium.app/Contents/MacOS",
                ],
            )
        })?,
        chromedriver: named("CHROMEDRIVER").or_else(|| {
            shell::find_program(&["chromedriver"], &["/usr/bin", "/usr/lib/chromium", "/usr/lib/chromium-browser"])
        })?,
    })
}
