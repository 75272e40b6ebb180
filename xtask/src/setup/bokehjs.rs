//! BokehJS, the half of Bokeh that runs in the browser. It is fetched from npm and never committed.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};

use super::BOKEH_VERSION;
use crate::shell;

/// The folder whose `js` folder holds the bundles (`bokeh.min.js` and its companions).
pub(crate) fn bokehjs() -> Result<PathBuf> {
    let package = shell::root().join("node_modules/@bokeh/bokehjs");
    let build = package.join("build");
    let complete = || {
        build.join("js/bokeh.min.js").is_file()
            && installed_version(&package.join("package.json")).as_deref() == Some(BOKEH_VERSION)
    };
    if complete() {
        return Ok(build);
    }
    let npm = match shell::find_program(&["npm"], &[]) {
        Some(npm) => npm,
        None if shell::apt_install(&["npm"])? => "npm".into(),
        None => bail!(
            "BokehJS {BOKEH_VERSION} comes from npm, which is not installed; \
             install Node.js with npm (Debian: `apt-get install npm`) and run `cargo xtask setup` again"
        ),
    };
    println!("fetching BokehJS {BOKEH_VERSION} with npm");
    shell::run_quietly(
        shell::command(npm)
            .args(["install", "--no-save", "--no-package-lock"])
            .args(["--ignore-scripts", "--no-audit", "--no-fund"])
            .arg("--prefix")
            .arg(shell::root())
            .arg(format!("@bokeh/bokehjs@{BOKEH_VERSION}")),
    )
    .context("could not fetch BokehJS; is the npm registry within reach?")?;
    if !complete() {
        bail!(
            "npm ended well, but {} has no BokehJS {BOKEH_VERSION}; delete node_modules and try again",
            package.display()
        );
    }
    Ok(build)
}

fn installed_version(manifest: &std::path::Path) -> Option<String> {
    let text = fs::read_to_string(manifest).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&text).ok()?;
    Some(manifest.get("version")?.as_str()?.to_owned())
}
