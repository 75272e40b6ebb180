//! Whether everything that is built here may be given away under the project's own licence.
//!
//! It takes what the packages say of themselves. Whether a version has a known hole is another question, which needs a list
//! from the internet: `cargo audit` and `cargo deny check advisories` answer it.

mod graph;
#[cfg(test)]
mod tests;

use anyhow::{Result, bail};
use spdx::{Expression, LicenseItem, LicenseReq, ParseMode};

use self::graph::{Dependency, Graph};
use crate::UsageError;

/// Runs `cargo xtask licences`: looks at all packages in `Cargo.lock`, for every system, those of tests and builds included.
pub(crate) fn run(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!(UsageError("licences takes no arguments".into()));
    }
    let graph = Graph::read()?;
    let problems = problems(&graph);
    for problem in &problems {
        eprintln!("{problem}");
    }
    if !problems.is_empty() {
        bail!(
            "{} licences need a decision, see above; what is allowed stands in xtask/src/licences.rs",
            problems.len()
        );
    }
    println!("{} dependencies, all under licences that are allowed", graph.dependencies.len());
    Ok(())
}

/// Licences that ask for no more than to be named, or, as MPL-2.0 does, to give away changes to their own files.
const ALLOWED: &[&str] = &[
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MPL-2.0",
    // For the tables of Unicode, which whoever compares names of hosts needs. As permissive as MIT.
    "Unicode-3.0",
    "Zlib",
];

/// Other licences, each for one package only.
const ALLOWED_FOR: &[(&str, &str)] = &[
    // Asks for nothing, but says nothing of patents either. The package watches files for `--dev`, by the calls that systems
    // have for it.
    ("notify", "CC0-1.0"),
];

/// One line for each licence that is not allowed, and for each permission that nobody needs.
fn problems(graph: &Graph) -> Vec<String> {
    let mut problems: Vec<String> = graph
        .dependencies
        .iter()
        .filter_map(|dependency| Some(format!("{}: {}", graph.path_to(dependency), objection(dependency)?)))
        .collect();
    for (package, licence) in ALLOWED_FOR {
        let is_needed = |dependency: &Dependency| {
            dependency.name == *package && dependency.licence.as_deref().is_some_and(|text| text.contains(licence))
        };
        if !graph.dependencies.iter().any(is_needed) {
            problems.push(format!("{package}: is not under {licence} any more; take it out of xtask/src/licences.rs"));
        }
    }
    problems
}

/// Why a package must not be used, if so.
fn objection(dependency: &Dependency) -> Option<String> {
    let Some(text) = &dependency.licence else {
        return Some("its Cargo.toml names no licence".to_owned());
    };
    // Old packages write `MIT/Apache-2.0`.
    let expression = match Expression::parse_mode(text, ParseMode::LAX) {
        Ok(expression) => expression,
        Err(error) => return Some(format!("its licence cannot be understood: {error}")),
    };
    let is_met = expression.evaluate(|licence| is_allowed(&dependency.name, licence));
    (!is_met).then(|| format!("its licence is {text}"))
}

fn is_allowed(package: &str, licence: &LicenseReq) -> bool {
    let LicenseItem::Spdx { id, .. } = &licence.license else { return false };
    licence.addition.is_none() && (ALLOWED.contains(&id.name) || ALLOWED_FOR.contains(&(package, id.name)))
}
