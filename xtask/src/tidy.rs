//! Tests what no compiler does: which crate may know which, and what must not stand in a source file.

mod layers;
mod sources;
#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{Result, bail};

use crate::{UsageError, shell, workspace::Workspace};

/// Runs `cargo xtask tidy`.
pub(crate) fn run(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!(UsageError("tidy takes no arguments".into()));
    }
    let findings = check(shell::root(), &Workspace::read()?)?;
    for warning in &findings.warnings {
        println!("warning: {warning}");
    }
    for problem in &findings.problems {
        eprintln!("{problem}");
    }
    if !findings.problems.is_empty() {
        bail!("{} places are not tidy, see above", findings.problems.len());
    }
    Ok(())
}

/// What was found, each as one line that begins with the place.
#[derive(Debug, Default)]
struct Findings {
    problems: Vec<String>,
    warnings: Vec<String>,
}

fn check(root: &Path, workspace: &Workspace) -> Result<Findings> {
    let mut findings = Findings::default();
    layers::check(workspace, &mut findings)?;
    sources::check(root, &mut findings)?;
    Ok(findings)
}
