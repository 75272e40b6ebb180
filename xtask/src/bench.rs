//! Runs the benchmarks. Times are judged here and nowhere else: tests count, they never measure.

use std::{env, path::PathBuf};

use anyhow::{Result, bail};

use crate::{UsageError, setup, shell, workspace::Workspace};

/// Runs `cargo xtask bench [micro|load|python|first-load] [ARGUMENTS]`; without a name, all.
///
/// `micro` runs the benchmarks of the crates, with the arguments of `cargo bench`. `load` starts servers and puts load on
/// them over sockets; `cargo xtask bench load --help` lists its arguments. `python` does the same with applications in
/// Python, under our server and under Python's. `first-load` lets a browser with an empty cache show a page, over a line as
/// people have them; its argument is the number of rounds.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let Some((name, rest)) = args.split_first() else {
        micro(&[])?;
        load("rust", &[])?;
        load("python", &[])?;
        return first_load(&[]);
    };
    match name.as_str() {
        "micro" => micro(rest),
        "load" => load("rust", rest),
        "python" => load("python", rest),
        "first-load" => first_load(rest),
        _ => bail!(UsageError(format!(
            "bench takes micro, load, python or first-load and their arguments, not `{name}`"
        ))),
    }
}

fn micro(args: &[String]) -> Result<()> {
    shell::run(shell::cargo().args(["bench", "--workspace"]).args(args))
}

fn load(suite: &str, args: &[String]) -> Result<()> {
    println!("building the generator and the servers");
    shell::run(shell::cargo().args([
        "build",
        "--release",
        "--quiet",
        "--package",
        "bokeh-load",
        "--package",
        "bokeh-cli",
        "--bins",
    ]))?;
    let program = Workspace::read()?.target_dir.join("release/bokeh-load").with_extension(env::consts::EXE_EXTENSION);
    let mut command = shell::command(program);
    if let Some(python) = python() {
        command.arg("--python").arg(python);
    }
    shell::run(command.args(["--suite", suite]).args(args))
}

fn first_load(args: &[String]) -> Result<()> {
    println!("building the servers");
    shell::run(shell::cargo().args([
        "build",
        "--release",
        "--quiet",
        "--package",
        "e2e",
        "--package",
        "bokeh-cli",
        "--package",
        "examples",
        "--bins",
    ]))?;
    let browser = setup::browser()?;
    let program = Workspace::read()?.target_dir.join("release/first_load").with_extension(env::consts::EXE_EXTENSION);
    let mut command = shell::command(program);
    command.env("BOKEHJS_DIR", setup::bokehjs()?).env("BOKEH_PYTHON", setup::python()?);
    command.env("CHROMIUM", browser.chromium).env("CHROMEDRIVER", browser.chromedriver);
    shell::run(command.args(args))
}

/// The Python that has Bokeh, if there is one: it is compared with, not needed.
fn python() -> Option<PathBuf> {
    let named = env::var_os("BOKEH_PYTHON").filter(|value| !value.is_empty()).map(PathBuf::from);
    named.or_else(|| Some(shell::setup_dir().join("venv/bin/python")).filter(|python| python.exists()))
}
