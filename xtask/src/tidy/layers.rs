//! Dependencies point one way: what a crate is unable to do tells a reader where to look.

use std::fs;

use anyhow::{Context, Result};

use super::Findings;
use crate::workspace::{Package, Workspace};

/// Which crates of the workspace each one may build upon. Dependencies of tests are free.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("bokeh-protocol", &[]),
    ("bokeh-schema", &[]),
    ("bokeh-document", &["bokeh-protocol", "bokeh-schema"]),
    ("bokeh-models", &["bokeh-document", "bokeh-protocol", "bokeh-schema"]),
    ("bokeh-embed", &["bokeh-document", "bokeh-protocol", "bokeh-schema"]),
    ("bokeh-application", &["bokeh-document", "bokeh-protocol", "bokeh-schema"]),
    ("bokeh-python", &["bokeh-application", "bokeh-document", "bokeh-protocol", "bokeh-schema"]),
    // Not bokeh-models: the schema is enough to serve any class.
    ("bokeh-server", &["bokeh-application", "bokeh-document", "bokeh-embed", "bokeh-protocol", "bokeh-schema"]),
    ("bokeh-client", &["bokeh-document", "bokeh-protocol", "bokeh-schema"]),
    (
        "bokeh-rs",
        &[
            "bokeh-application",
            "bokeh-cli",
            "bokeh-client",
            "bokeh-document",
            "bokeh-embed",
            "bokeh-models",
            "bokeh-protocol",
            "bokeh-python",
            "bokeh-schema",
            "bokeh-server",
        ],
    ),
    (
        "bokeh-cli",
        &[
            "bokeh-application",
            "bokeh-client",
            "bokeh-document",
            "bokeh-embed",
            "bokeh-protocol",
            "bokeh-python",
            "bokeh-schema",
            "bokeh-server",
        ],
    ),
    // What users write knows what users know.
    ("examples", &["bokeh-rs"]),
    ("xtask", &["bokeh-schema"]),
];

/// Crates that play every part, to test the others.
const KNOW_ALL: &[&str] = &["bokeh-load", "e2e", "fuzz", "replay"];

/// Foreign crates that only some of ours may know.
const ONLY_FOR: &[(&str, &[&str])] = &[
    ("axum", &["bokeh-server", "examples"]),
    ("hyper", &["bokeh-server"]),
    ("tokio-tungstenite", &["bokeh-client", "bokeh-server"]),
    ("tungstenite", &["bokeh-client"]),
    (
        "tokio",
        &["bokeh-application", "bokeh-cli", "bokeh-client", "bokeh-python", "bokeh-rs", "bokeh-server", "examples"],
    ),
];

/// Looks at the manifests of all members.
pub(super) fn check(workspace: &Workspace, findings: &mut Findings) -> Result<()> {
    for package in &workspace.packages {
        let manifest = fs::read_to_string(&package.manifest)
            .with_context(|| format!("could not read {}", package.manifest.display()))?;
        findings.problems.extend(problems(package, &manifest, &workspace.packages));
    }
    Ok(())
}

/// What is wrong with a package's manifest.
pub(super) fn problems(package: &Package, manifest: &str, members: &[Package]) -> Vec<String> {
    let mut problems = Vec::new();
    let name = &package.name;
    if !KNOW_ALL.contains(&name.as_str()) {
        let known = MAY_KNOW.iter().find(|(layer, _)| layer == name).map(|(_, known)| *known);
        if known.is_none() {
            problems.push(format!("{name}: not in the table of layers; add it to xtask/src/tidy/layers.rs"));
        }
        for dependency in &package.dependencies {
            let is_member = members.iter().any(|member| member.name == *dependency);
            if is_member && !known.unwrap_or_default().contains(&dependency.as_str()) {
                problems.push(format!("{name}: must not depend on {dependency}, which is no layer below it"));
            }
            if let Some((_, users)) = ONLY_FOR.iter().find(|(foreign, _)| foreign == dependency)
                && !users.contains(&name.as_str())
            {
                problems.push(format!("{name}: must not depend on {dependency}; only {} may", users.join(", ")));
            }
        }
    }
    if !inherits_lints(manifest) {
        problems.push(format!("{name}: its Cargo.toml lacks `[lints]` with `workspace = true`"));
    }
    if package.is_published && !package.is_described {
        problems.push(format!("{name}: its Cargo.toml lacks a description or a licence"));
    }
    problems
}

fn inherits_lints(manifest: &str) -> bool {
    let mut lines = manifest.lines().map(str::trim);
    lines.any(|line| line == "[lints]")
        && lines
            .take_while(|line| !line.starts_with('['))
            .any(|line| line.split('=').map(str::trim).eq(["workspace", "true"]))
}
