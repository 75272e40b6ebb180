use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow};

/// The browser: `CHROMIUM` from the environment, else the first on the search path.
///
/// # Errors
/// There is none.
pub fn chromium() -> Result<PathBuf> {
    named("CHROMIUM")
        .or_else(|| on_path(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]))
        .ok_or_else(|| missing("Chromium", "CHROMIUM"))
}

/// The browser's WebDriver server: `CHROMEDRIVER` from the environment, else the one on the search path.
///
/// # Errors
/// There is none.
pub fn chromedriver() -> Result<PathBuf> {
    named("CHROMEDRIVER").or_else(|| on_path(&["chromedriver"])).ok_or_else(|| missing("chromedriver", "CHROMEDRIVER"))
}

/// The web server: `NGINX` from the environment, else the one on the search path or in its usual place.
///
/// # Errors
/// There is none.
pub fn nginx() -> Result<PathBuf> {
    named("NGINX")
        .or_else(|| on_path(&["nginx"]))
        .or_else(|| existing("/usr/sbin/nginx".into()))
        .ok_or_else(|| missing("nginx", "NGINX"))
}

/// A Python interpreter that has Bokeh: `BOKEH_PYTHON` from the environment, else the one of the setup.
///
/// # Errors
/// There is none.
pub fn python() -> Result<PathBuf> {
    named("BOKEH_PYTHON")
        .or_else(|| existing(repository().join(".setup/venv/bin/python")))
        .ok_or_else(|| missing("a Python with Bokeh", "BOKEH_PYTHON"))
}

/// The folder with `nbconvert`, without which Python's server serves no notebooks: `NBCONVERT_DIR` from the environment, else
/// the one of the setup.
///
/// # Errors
/// There is none.
pub fn notebook_converter() -> Result<PathBuf> {
    named("NBCONVERT_DIR")
        .or_else(|| existing(repository().join(".setup/notebook")))
        .ok_or_else(|| missing("nbconvert", "NBCONVERT_DIR"))
}

/// The folder whose `js` folder holds BokehJS: `BOKEHJS_DIR` from the environment, else the one of the setup.
///
/// # Errors
/// There is none.
pub fn bokehjs() -> Result<PathBuf> {
    named("BOKEHJS_DIR")
        .or_else(|| existing(repository().join("node_modules/@bokeh/bokehjs/build")))
        .ok_or_else(|| missing("BokehJS", "BOKEHJS_DIR"))
}

/// The folder in which tests leave their screenshots; made if need be.
///
/// # Errors
/// The folder cannot be made.
pub fn screenshots() -> Result<PathBuf> {
    let target = named("CARGO_TARGET_DIR").unwrap_or_else(|| repository().join("target"));
    let folder = target.join("e2e/screenshots");
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    Ok(folder)
}

fn missing(what: &str, variable: &str) -> anyhow::Error {
    anyhow!("{what} was not found; run `cargo xtask setup`, or name it in {variable}")
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names
        .iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}

fn existing(path: PathBuf) -> Option<PathBuf> {
    path.exists().then_some(path)
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this crate lies two folders below the repository's root")
}
