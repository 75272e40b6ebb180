//! Builds the book with the API documentation inside it, and checks the links of both.

mod links;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{UsageError, shell, workspace::Workspace};

/// The version that is installed where there is none.
const MDBOOK_VERSION: &str = "0.5.4";

/// Runs `cargo xtask docs`. The result is `docs/book/index.html`, the API documentation lies in `docs/book/api`.
pub(crate) fn run(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!(UsageError("docs takes no arguments".into()));
    }
    println!("building the book");
    let book = shell::root().join("docs/book");
    shell::run_quietly(shell::command(mdbook()?).args(["build", "docs"]))?;

    println!("building the API documentation");
    // What crates of earlier runs have left behind would look like part of the API.
    let built = Workspace::read()?.target_dir.join("doc");
    remove(&built)?;
    shell::run_quietly(
        shell::cargo()
            .args([
                "doc",
                "--workspace",
                "--no-deps",
                "--exclude",
                "xtask",
                "--exclude",
                "e2e",
                "--exclude",
                "examples",
            ])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    let api = book.join("api");
    remove(&api)?;
    fs::rename(&built, &api).with_context(|| format!("could not move the documentation to {}", api.display()))?;
    fs::write(api.join("index.html"), api_index(&api)?).context("could not write the list of crates")?;

    println!("checking links");
    let broken = links::broken(&book)?;
    for link in &broken {
        eprintln!("{link}");
    }
    if !broken.is_empty() {
        bail!("{} links lead nowhere, see above", broken.len());
    }
    println!("{}", book.join("index.html").display());
    Ok(())
}

/// The page that lists the crates. Stable rustdoc makes none, though its own pages lead to it.
fn api_index(api: &Path) -> Result<String> {
    let mut crates = Vec::new();
    for entry in fs::read_dir(api)? {
        let folder = entry?.path();
        if folder.join("all.html").is_file() {
            crates.push(folder.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    crates.sort();
    let items: String =
        crates.iter().map(|name| format!("<li><a href=\"{name}/index.html\">{name}</a></li>\n")).collect();
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>API of bokeh-rs</title>\n\
         <h1>Crates of bokeh-rs</h1>\n<ul>\n{items}</ul>\n<p><a href=\"../index.html\">The book</a></p>\n</html>\n"
    ))
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("could not remove {}", folder.display()))?;
    }
    Ok(())
}

/// Finds mdBook, or installs it beside the other things of the setup, unoptimised: that takes a third of the time, and
/// the book is small.
fn mdbook() -> Result<PathBuf> {
    let installed = shell::setup_dir().join("bin");
    if let Some(mdbook) = shell::find_program(&["mdbook"], &[&installed.to_string_lossy()]) {
        return Ok(mdbook);
    }
    println!("installing mdBook {MDBOOK_VERSION}, once");
    shell::run_quietly(
        shell::cargo()
            .args(["install", "mdbook", "--locked", "--debug", "--no-default-features", "--features", "search"])
            .args(["--version", MDBOOK_VERSION, "--root"])
            .arg(shell::setup_dir()),
    )
    .context("could not install mdBook")?;
    Ok(installed.join("mdbook"))
}
