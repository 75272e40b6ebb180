//! cargo-fuzz, and the nightly compiler that it needs: only that one can watch which way a program goes.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell;

/// The version that is installed.
const VERSION: &str = "0.13.2";

/// The toolchain that fuzz targets are built with.
pub(crate) const TOOLCHAIN: &str = "nightly";

/// The program `cargo-fuzz`.
pub(crate) fn cargo_fuzz() -> Result<PathBuf> {
    nightly()?;
    let program = shell::setup_dir().join("bin/cargo-fuzz");
    if program.is_file() && is_installed() {
        return Ok(program);
    }
    println!("installing cargo-fuzz {VERSION}");
    shell::run_quietly(
        shell::cargo()
            .args(["install", "cargo-fuzz", "--locked", "--quiet", "--version", VERSION])
            .arg("--root")
            .arg(shell::setup_dir()),
    )
    .context("could not install cargo-fuzz; is crates.io within reach?")?;
    if !program.is_file() {
        bail!("cargo ended well, but {} is not there; delete .setup and try again", program.display());
    }
    Ok(program)
}

/// Looks for what `cargo install` notes.
fn is_installed() -> bool {
    let installed = fs::read_to_string(shell::setup_dir().join(".crates.toml")).unwrap_or_default();
    installed.contains(&format!("\"cargo-fuzz {VERSION} "))
}

fn nightly() -> Result<()> {
    let missing = "a nightly compiler is needed; install rustup and run `rustup toolchain install nightly`";
    let listed = shell::run_quietly(shell::command("rustup").args(["toolchain", "list"])).context(missing)?;
    if listed.lines().any(|line| line.starts_with(TOOLCHAIN)) {
        return Ok(());
    }
    println!("installing a nightly compiler with rustup");
    let install = ["toolchain", "install", TOOLCHAIN, "--profile", "minimal", "--no-self-update"];
    shell::run_quietly(shell::command("rustup").args(install)).context(missing).map(drop)
}
