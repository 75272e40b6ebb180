//! Finds or gets what the project needs beside Rust: BokehJS, a browser with its driver, nginx, Python's Bokeh, cargo-fuzz.
//!
//! What has to be fetched goes to `.setup/`, which git ignores. A part that is already there is left alone,
//! so a second run only looks.

mod bokehjs;
mod browser;
mod fuzz;
mod nginx;
mod python;

use anyhow::{Result, bail};

pub(crate) use self::{
    bokehjs::bokehjs,
    browser::browser,
    fuzz::{TOOLCHAIN as FUZZ_TOOLCHAIN, cargo_fuzz},
    nginx::nginx,
    python::{notebook_converter, python},
};
use crate::UsageError;

/// The version of Bokeh that everything here is built for and tested with.
pub(crate) const BOKEH_VERSION: &str = "3.9.2";

/// Runs `cargo xtask setup [bokehjs|browser|nginx|python|fuzz]...`; without a name, all parts.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let known = ["bokehjs", "browser", "nginx", "python", "fuzz"];
    if let Some(unknown) = args.iter().find(|arg| !known.contains(&arg.as_str())) {
        bail!(UsageError(format!("setup has no part `{unknown}`; its parts are {}", known.join(", "))));
    }
    let wanted = |part: &str| args.is_empty() || args.iter().any(|arg| arg == part);

    let mut missing = 0;
    let mut report = |part: &str, found: Result<String>| match found {
        Ok(place) => println!("{part:<9} {place}"),
        Err(error) => {
            missing += 1;
            eprintln!("{part:<9} MISSING: {error:#}");
        }
    };
    if wanted("bokehjs") {
        report("BokehJS", bokehjs().map(|path| path.display().to_string()));
    }
    if wanted("browser") {
        report(
            "browser",
            browser().map(|found| format!("{}, {}", found.chromium.display(), found.chromedriver.display())),
        );
    }
    if wanted("nginx") {
        report("nginx", nginx().map(|path| path.display().to_string()));
    }
    if wanted("python") {
        report("Python", python().map(|path| path.display().to_string()));
        report("nbconvert", notebook_converter().map(|path| path.display().to_string()));
    }
    if wanted("fuzz") {
        report("fuzz", cargo_fuzz().map(|path| path.display().to_string()));
    }
    if missing > 0 {
        bail!("{missing} of the needed parts could not be had, see above");
    }
    Ok(())
}
