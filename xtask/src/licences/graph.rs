//! Which packages there are, and who needs them.

use std::collections::{HashMap, VecDeque};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::shell;

/// The packages of others, and how the workspace comes to them.
#[derive(Debug)]
pub(super) struct Graph {
    /// In the order of cargo.
    pub(super) dependencies: Vec<Dependency>,
    /// For each package who needs it, on a shortest way from the workspace; for the workspace's own there is nobody.
    needed_by: HashMap<String, Option<String>>,
    /// Names by id.
    names: HashMap<String, String>,
}

/// A package that is not ours.
#[derive(Debug)]
pub(super) struct Dependency {
    id: String,
    pub(super) name: String,
    version: String,
    /// As its `Cargo.toml` has it.
    pub(super) licence: Option<String>,
}

impl Graph {
    /// Asks cargo.
    pub(super) fn read() -> Result<Self> {
        let printed = shell::run_quietly(shell::cargo().args(["metadata", "--locked", "--format-version", "1"]))?;
        Self::parse(&printed)
    }

    /// Reads what `cargo metadata` prints.
    pub(super) fn parse(metadata: &str) -> Result<Self> {
        let metadata: Metadata =
            serde_json::from_str(metadata).context("`cargo metadata` did not print what was expected")?;
        let needed_by = metadata.shortest_ways();
        let names = metadata.packages.iter().map(|package| (package.id.clone(), package.name.clone())).collect();
        let is_foreign = |package: &Package| !metadata.workspace_members.contains(&package.id);
        let dependencies = metadata.packages.into_iter().filter(is_foreign).map(Dependency::from).collect();
        Ok(Self { dependencies, needed_by, names })
    }

    /// How the workspace comes to need a package, such as `bokeh-server -> axum -> matchit 0.8.4`.
    pub(super) fn path_to(&self, dependency: &Dependency) -> String {
        let mut path = vec![format!("{} {}", dependency.name, dependency.version)];
        let mut id = &dependency.id;
        while let Some(Some(user)) = self.needed_by.get(id) {
            path.push(self.names.get(user).unwrap_or(user).clone());
            id = user;
        }
        path.reverse();
        path.join(" -> ")
    }
}

impl From<Package> for Dependency {
    fn from(Package { id, name, version, license }: Package) -> Self {
        Self { id, name, version, licence: license }
    }
}

/// The part of cargo's answer that matters here.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

impl Metadata {
    /// Goes out from the workspace in all directions at once, so each package is found on a shortest way.
    fn shortest_ways(&self) -> HashMap<String, Option<String>> {
        let needs: HashMap<&str, &[String]> =
            self.resolve.nodes.iter().map(|node| (node.id.as_str(), node.dependencies.as_slice())).collect();
        let mut found: HashMap<String, Option<String>> =
            self.workspace_members.iter().map(|member| (member.clone(), None)).collect();
        let mut queue: VecDeque<&str> = self.workspace_members.iter().map(String::as_str).collect();
        while let Some(user) = queue.pop_front() {
            for dependency in needs.get(user).copied().unwrap_or_default() {
                if !found.contains_key(dependency) {
                    found.insert(dependency.clone(), Some(user.to_owned()));
                    queue.push_back(dependency);
                }
            }
        }
        found
    }
}
