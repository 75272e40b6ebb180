//! The steps of `cargo xtask test`, in the order in which they run: quick ones first.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Counts, fuzz};
use crate::{codegen, licences, setup, shell, tidy, workspace::Workspace};

/// One line of the table.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    /// Whether it takes so long that it is to be asked for, by `--long` or by its name.
    pub(super) is_long: bool,
    pub(super) run: fn() -> Result<Counts>,
}

impl Step {
    const fn new(name: &'static str, summary: &'static str, run: fn() -> Result<Counts>) -> Self {
        Step { name, summary, is_long: false, run }
    }

    const fn long(name: &'static str, summary: &'static str, run: fn() -> Result<Counts>) -> Self {
        Step { name, summary, is_long: true, run }
    }
}

pub(super) const STEPS: &[Step] = &[
    Step::new("fmt", "is the code formatted", fmt),
    Step::new("clippy", "lints of all crates and their tests", clippy),
    Step::new("alone", "does each crate build without the others' features", each_crate_alone),
    Step::new("unit", "unit and integration tests of the crates", unit),
    Step::new("embedded", "a program with BokehJS inside", embedded),
    Step::new("doc", "examples in the documentation", doc),
    Step::new("codegen", "is the generated code what the generator makes", codegen_check),
    Step::new("tidy", "layers, manifests, sources", tidy_check),
    Step::new("licences", "may all dependencies be given away", licences_check),
    Step::new("e2e", "a real browser, a real Python client, nginx", e2e),
    // What takes minutes comes last, and only when it is asked for: fuzzing, and a soak of many sessions.
    Step::long("fuzz", "input that nobody thought of", fuzz::run),
    Step::long("soak", "many sessions, edited at random by many clients", soak),
    Step::long("workers", "workers that are killed while many people use them", workers),
];

fn fmt() -> Result<Counts> {
    step(shell::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<Counts> {
    step(shell::cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
}

fn each_crate_alone() -> Result<Counts> {
    let mut failed = Vec::new();
    for package in Workspace::read()?.packages {
        if let Err(error) = step(shell::cargo().args(["check", "--quiet", "--package", &package.name])) {
            eprintln!("{error:#}");
            failed.push(package.name);
        }
    }
    if !failed.is_empty() {
        bail!("these crates do not build alone: {}", failed.join(", "));
    }
    Ok(Counts::PASSED_STEP)
}

fn unit() -> Result<Counts> {
    let mut command = shell::cargo();
    if shell::find_program(&["cargo-nextest"], &[]).is_some() {
        command.args(["nextest", "run", "--no-fail-fast", "--no-tests=pass"]);
    } else {
        command.args(["test", "--no-fail-fast", "--lib", "--bins", "--tests"]);
    }
    // Some run workers, which need Python's Bokeh; they say so themselves when there is none.
    match setup::python() {
        Ok(path) => drop(command.env("BOKEH_PYTHON", path)),
        Err(error) => eprintln!("{error:#}"),
    }
    tests(command.args(["--workspace", "--exclude", "e2e"]))
}

fn embedded() -> Result<Counts> {
    let mut command = shell::cargo();
    command.args(["test", "--package", "bokeh-server", "--features", "embed-bokehjs", "--lib", "assets"]);
    tests(command.env("BOKEHJS_DIR", setup::bokehjs()?))
}

fn doc() -> Result<Counts> {
    tests(shell::cargo().args(["test", "--doc", "--workspace", "--no-fail-fast"]))
}

fn codegen_check() -> Result<Counts> {
    codegen::run(&["--check".into()])?;
    Ok(Counts::PASSED_STEP)
}

fn tidy_check() -> Result<Counts> {
    tidy::run(&[])?;
    Ok(Counts::PASSED_STEP)
}

fn licences_check() -> Result<Counts> {
    licences::run(&[])?;
    Ok(Counts::PASSED_STEP)
}

/// Gets what the tests need and runs them. What cannot be had is said, and the tests that need it fail.
fn e2e() -> Result<Counts> {
    let mut missing = Vec::new();
    let mut needed = |what: &str, error: anyhow::Error| {
        eprintln!("{error:#}");
        missing.push(what.to_owned());
    };
    let mut command = shell::cargo();
    command.args(["test", "--package", "e2e", "--lib", "--tests", "--no-fail-fast"]);
    match setup::bokehjs() {
        Ok(path) => drop(command.env("BOKEHJS_DIR", path)),
        Err(error) => needed("BokehJS", error),
    }
    match setup::browser() {
        Ok(browser) => {
            command.env("CHROMIUM", browser.chromium).env("CHROMEDRIVER", browser.chromedriver);
        }
        Err(error) => needed("the browser", error),
    }
    match setup::nginx() {
        Ok(path) => drop(command.env("NGINX", path)),
        Err(error) => needed("nginx", error),
    }
    match setup::python() {
        Ok(path) => drop(command.env("BOKEH_PYTHON", path)),
        Err(error) => needed("Python's Bokeh", error),
    }
    match setup::notebook_converter() {
        Ok(path) => drop(command.env("NBCONVERT_DIR", path)),
        Err(error) => needed("nbconvert", error),
    }
    // The tests start the binaries as users do.
    step(shell::cargo().args(["build", "--quiet", "--workspace", "--exclude", "xtask", "--bins"]))
        .context("could not build the binaries")?;
    let counts = tests(&mut command)?;
    if missing.is_empty() {
        return Ok(counts);
    }
    eprintln!("tests could not run for want of {}", missing.join(" and "));
    Ok(if counts.failed == 0 { counts + Counts::FAILED_STEP } else { counts })
}

/// The long form of a test of which `e2e` runs the short one.
fn soak() -> Result<Counts> {
    tests(shell::cargo().args(["test", "--package", "e2e", "--test", "soak"]).env("BOKEH_SOAK", "long"))
}

/// The same for the load under which workers are killed.
fn workers() -> Result<Counts> {
    step(shell::cargo().args(["build", "--quiet", "--package", "bokeh-cli", "--bins"]))?;
    let mut command = shell::cargo();
    command.args(["test", "--package", "e2e", "--test", "python_workers", "load"]).env("BOKEH_SOAK", "long");
    tests(command.env("BOKEH_PYTHON", setup::python()?))
}

/// Runs a command that is a step by itself.
fn step(command: &mut Command) -> Result<Counts> {
    shell::run_quietly(command.env("CARGO_TERM_COLOR", "never").env("TERM", "dumb"))?;
    Ok(Counts::PASSED_STEP)
}

/// Runs a command that runs tests; shows its output only if one fails.
fn tests(command: &mut Command) -> Result<Counts> {
    let line = shell::command_line(command);
    let output =
        command.env("CARGO_TERM_COLOR", "never").output().with_context(|| format!("could not start `{line}`"))?;
    let printed = shell::printed(&output);
    let counts = Counts::from_output(&printed);
    if output.status.success() {
        return Ok(counts);
    }
    eprintln!("{printed}`{line}` ended with {}", output.status);
    // A build that failed, or a crash, has no failed test to show.
    Ok(if counts.failed == 0 { counts + Counts::FAILED_STEP } else { counts })
}
