//! The workspace's packages and their dependencies, as cargo sees them.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell;

/// The members of the workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// In the order of cargo.
    pub(crate) packages: Vec<Package>,
    /// Where cargo builds.
    pub(crate) target_dir: PathBuf,
}

/// A member of the workspace.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// The path of its `Cargo.toml`.
    pub(crate) manifest: PathBuf,
    /// Whether it goes to a registry.
    pub(crate) is_published: bool,
    /// Whether the manifest has both a description and a licence.
    pub(crate) is_described: bool,
    /// The names of its binaries.
    pub(crate) binaries: Vec<String>,
    /// The packages that it needs to build: neither those of its tests nor those of its build script.
    pub(crate) dependencies: Vec<String>,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn read() -> Result<Self> {
        let printed = shell::run_quietly(shell::cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
        let metadata: Value = serde_json::from_str(&printed).context("`cargo metadata` did not print JSON")?;
        let packages = list(&metadata, "packages").iter().map(Package::from_metadata).collect();
        Ok(Self { packages, target_dir: text(&metadata, "target_directory").into() })
    }

    /// Whether there is such a package with such a binary.
    pub(crate) fn has_binary(&self, package: &str, binary: &str) -> bool {
        self.packages.iter().any(|p| p.name == package && p.binaries.iter().any(|b| b == binary))
    }
}

impl Package {
    fn from_metadata(package: &Value) -> Self {
        Self {
            name: text(package, "name"),
            manifest: text(package, "manifest_path").into(),
            // `null` is any registry, `[]` none.
            is_published: package["publish"].is_null(),
            is_described: package["description"].is_string() && package["license"].is_string(),
            binaries: list(package, "targets")
                .iter()
                .filter(|target| list(target, "kind").iter().any(|kind| kind == "bin"))
                .map(|target| text(target, "name"))
                .collect(),
            dependencies: list(package, "dependencies")
                .iter()
                .filter(|dependency| dependency["kind"].is_null())
                .map(|dependency| text(dependency, "name"))
                .collect(),
        }
    }
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

fn list<'value>(value: &'value Value, field: &str) -> &'value [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}
