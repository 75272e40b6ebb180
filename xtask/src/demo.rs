//! Serves the examples behind one page.

use anyhow::{Result, bail};

use crate::{setup, shell, workspace::Workspace};

/// Runs `cargo xtask demo [--port PORT] [--show]`; the arguments go to the demo, which prints its address.
///
/// It is built in the development profile, which shares its artefacts with the tests: the drawing is the browser's work.
pub(crate) fn run(args: &[String]) -> Result<()> {
    if !Workspace::read()?.has_binary("examples", "demo") {
        bail!("the package `examples` has no binary `demo`");
    }
    let bokehjs = setup::bokehjs()?;
    println!("building the examples");
    let mut command = shell::cargo();
    command.args(["run", "--quiet", "--package", "examples", "--bin", "demo", "--"]).args(args);
    shell::run(command.env("BOKEHJS_DIR", bokehjs))
}
