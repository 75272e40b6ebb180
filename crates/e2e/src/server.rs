use std::{
    env,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitStatus,
};

use anyhow::{Context, Result, bail};
use tokio::process::Command;

use crate::{Process, tools};

/// One of our own servers, as the binary that users run.
#[derive(Debug)]
pub struct Server {
    process: Process,
    url: String,
}

impl Server {
    /// Starts a binary of this workspace and waits for the line with its address.
    /// Arguments should ask for port 0. The server finds BokehJS through `BOKEHJS_DIR`.
    ///
    /// # Errors
    /// The binary is not built or does not start, or BokehJS is missing; the error carries the binary's log.
    pub async fn start(binary: &str, args: &[&str]) -> Result<Self> {
        let mut command = Command::new(built_binary(binary)?);
        command.args(args).env("BOKEHJS_DIR", tools::bokehjs()?);
        Self::start_command(binary, command).await
    }

    /// Starts any command that prints its address.
    ///
    /// # Errors
    /// The program does not start or ends without printing an address; the error carries its log.
    pub async fn start_command(name: &str, command: Command) -> Result<Self> {
        let mut process = Process::start(name, command)?;
        let url = process.wait_for_line(url_in).await?;
        Ok(Self { process, url })
    }

    /// The address that the server printed.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the server listens, for a [`Proxy`](crate::Proxy) before it.
    ///
    /// # Errors
    /// The server listens elsewhere than on this machine.
    pub fn address(&self) -> Result<SocketAddr> {
        let host = self.url.trim_start_matches("http://").split('/').next().unwrap_or_default();
        let port = host.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        Ok((Ipv4Addr::LOCALHOST, port.with_context(|| format!("{} has no port", self.url))?).into())
    }

    /// Everything that the server has logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// How much memory the server has at hand, in bytes.
    ///
    /// # Errors
    /// It has ended, or this system has no `/proc`.
    pub fn resident_bytes(&self) -> Result<u64> {
        self.process.resident_bytes()
    }

    /// The numbers of the processes that the server has started and that run.
    ///
    /// # Errors
    /// It has ended, or this system has no `/proc`.
    pub fn children(&self) -> Result<Vec<u32>> {
        self.process.children()
    }

    /// The running program, to wait for a line of its log.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Kills the server (SIGKILL), waits until everything that it has started has ended, too, and returns its log.
    ///
    /// # Errors
    /// Something is left.
    pub async fn kill(self) -> Result<String> {
        self.process.kill().await
    }

    /// Asks the server to end (SIGTERM), waits until it has, and returns its status and whole log.
    ///
    /// # Errors
    /// It does not end in time.
    pub async fn stop(self) -> Result<(ExitStatus, String)> {
        self.process.stop().await
    }
}

/// The path of a binary of this workspace, built in the profile of the running test.
///
/// # Errors
/// It has not been built.
pub fn built_binary(name: &str) -> Result<PathBuf> {
    let test = env::current_exe().context("could not find out where this test lies")?;
    // Tests lie in `target/PROFILE/deps`, binaries in `target/PROFILE`.
    let is_profile = |folder: &&Path| !folder.ends_with("deps");
    let profile = test.ancestors().skip(1).find(is_profile).unwrap_or(&test);
    let binary = profile.join(name).with_extension(env::consts::EXE_EXTENSION);
    if !binary.is_file() {
        bail!(
            "{} is not built; `cargo build --workspace --bins` does that, and `cargo xtask test` before these tests",
            binary.display()
        );
    }
    Ok(binary)
}

/// The first web address in a line of a log.
pub(crate) fn url_in(line: &str) -> Option<String> {
    let start = line.find("http://")?;
    let url =
        line[start..].split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '\u{1b}')).next()?;
    Some(url.trim_end_matches([',', '.', ';', ')']).to_owned())
}

#[cfg(test)]
mod tests;
