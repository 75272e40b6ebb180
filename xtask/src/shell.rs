//! Running other programs and saying clearly which one failed.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use anyhow::{Context, Result, bail};

/// The repository's root folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in a folder of the repository")
}

/// The folder for what the tasks fetch: ignored by git, safe to delete.
pub(crate) fn setup_dir() -> PathBuf {
    root().join(".setup")
}

/// A command that runs in the repository's root and reads nothing from the terminal.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// The cargo that runs this task.
pub(crate) fn cargo() -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command and shows what it prints.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = command_line(command);
    let status = command.status().with_context(|| format!("could not start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// Runs a command quietly; what it printed is part of the error if it fails.
pub(crate) fn run_quietly(command: &mut Command) -> Result<String> {
    let line = command_line(command);
    let output = command.output().with_context(|| format!("could not start `{line}`"))?;
    if !output.status.success() {
        bail!("`{line}` ended with {}:\n{}", output.status, printed(&output).trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a command wrote, standard output first.
pub(crate) fn printed(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}

/// A command as one would type it.
pub(crate) fn command_line(command: &Command) -> String {
    let mut line =
        Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}

/// The first of these programs that is on the search path or in one of the given folders.
pub(crate) fn find_program(names: &[&str], folders: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).chain(folders.iter().map(PathBuf::from)).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|file| file.is_file())
}

/// Installs Debian packages. Returns `false` where that is not possible: no `apt-get`, or not root.
pub(crate) fn apt_install(packages: &[&str]) -> Result<bool> {
    if find_program(&["apt-get"], &[]).is_none() || !is_root() {
        return Ok(false);
    }
    println!("installing {} with apt-get", packages.join(", "));
    run_quietly(command("apt-get").args(["update", "--quiet"]))?;
    run_quietly(
        command("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["install", "--yes", "--quiet", "--no-install-recommends"])
            .args(packages),
    )?;
    Ok(true)
}

fn is_root() -> bool {
    run_quietly(command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
