//! A virtual environment with Python's Bokeh, the judge of what is right.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::BOKEH_VERSION;
use crate::shell;

/// The interpreter of an environment in which `bokeh` of our version is installed.
pub(crate) fn python() -> Result<PathBuf> {
    let venv = shell::setup_dir().join("venv");
    let interpreter = venv.join("bin/python");
    if interpreter.is_file() && has_bokeh(&venv) {
        return Ok(interpreter);
    }
    let python = match shell::find_program(&["python3"], &[]) {
        Some(python) => python,
        None if shell::apt_install(&["python3", "python3-venv"])? => "python3".into(),
        None => bail!(
            "Python's Bokeh {BOKEH_VERSION} is needed, but python3 is not installed; install Python 3.10 or newer \
             with venv (Debian: `apt-get install python3-venv`) and run `cargo xtask setup` again"
        ),
    };
    println!("making a Python environment with bokeh {BOKEH_VERSION}");
    let create = || shell::run_quietly(shell::command(&python).args(["-m", "venv", "--clear"]).arg(&venv));
    if let Err(error) = create() {
        // Debian ships Python without what `venv` needs.
        if !shell::apt_install(&["python3-venv"])? {
            return Err(error.context("could not make the Python environment (Debian: `apt-get install python3-venv`)"));
        }
        create().context("could not make the Python environment")?;
    }
    shell::run_quietly(
        shell::command(&interpreter)
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .arg("--disable-pip-version-check")
            .arg(format!("bokeh=={BOKEH_VERSION}")),
    )
    .context("could not install bokeh; is the Python package index within reach?")?;
    if !has_bokeh(&venv) {
        bail!("pip ended well, but {} has no bokeh {BOKEH_VERSION}; delete .setup and try again", venv.display());
    }
    Ok(interpreter)
}

/// A folder with `nbconvert`, which Python's own server needs to serve notebooks, and ours does not: so it lies beside the
/// environment, not in it.
pub(crate) fn notebook_converter() -> Result<PathBuf> {
    let folder = shell::setup_dir().join("notebook");
    if folder.join(format!("nbconvert-{NBCONVERT_VERSION}.dist-info")).is_dir() {
        return Ok(folder);
    }
    let interpreter = python()?;
    shell::run_quietly(
        shell::command(&interpreter)
            .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--upgrade"])
            .arg("--target")
            .arg(&folder)
            .arg(format!("nbconvert=={NBCONVERT_VERSION}")),
    )
    .context("could not install nbconvert; is the Python package index within reach?")?;
    Ok(folder)
}

/// Any version would do; a fixed one gives the same code every day.
const NBCONVERT_VERSION: &str = "7.17.2";

/// Looks for what pip leaves behind, which takes no start of an interpreter.
fn has_bokeh(venv: &Path) -> bool {
    let installed = format!("site-packages/bokeh-{BOKEH_VERSION}.dist-info");
    fs::read_dir(venv.join("lib")).into_iter().flatten().flatten().any(|entry| entry.path().join(&installed).is_dir())
}
