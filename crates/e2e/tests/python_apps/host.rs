//! The servers that the applications run under.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use anyhow::Result;
use e2e::{Process, Python, Server};
use tokio::process::Command;

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// `bokeh serve`, the judge.
    Python,
    /// `bokeh-rs serve`.
    Ours,
    /// The same, with a process for each session.
    Isolated,
}

/// A server with Python applications, on a port of its own.
pub(crate) struct Host {
    pub(crate) kind: Kind,
    server: Server,
    base: String,
}

impl Host {
    /// Serves applications of the folder `apps`.
    pub(crate) async fn start(kind: Kind, apps: impl IntoIterator<Item = &str>) -> Result<Self> {
        // Short enough to see sessions end, and long enough for a page to load.
        let timing = ["--unused-session-lifetime", "4000", "--check-unused-sessions", "300"];
        let apps: Vec<&str> = apps.into_iter().collect();
        let processes = match kind {
            // Sessions of one process share its modules, and see each other.
            Kind::Python | Kind::Ours => ["--num-procs", "1"],
            Kind::Isolated => ["--session-isolation", "process"],
        };
        Self::start_with(kind, &[&processes, &timing[..], &apps, &["--args", "one", "--two"]].concat()).await
    }

    /// Runs `serve` with any arguments, in the folder with the applications.
    pub(crate) async fn start_with(kind: Kind, args: &[&str]) -> Result<Self> {
        let mut command = match kind {
            Kind::Python => {
                let mut command = Python::find()?.command();
                let converter = e2e::notebook_converter()?;
                command
                    .args(["-m", "bokeh", "serve"])
                    .env("JUPYTER_PATH", converter.join("share/jupyter"))
                    .env("PYTHONPATH", converter);
                command
            }
            Kind::Ours | Kind::Isolated => {
                let mut command = Command::new(e2e::built_binary("bokeh-rs")?);
                command.arg("serve").arg("--python").arg(e2e::python()?).env("BOKEHJS_DIR", e2e::bokehjs()?);
                command
            }
        };
        command
            .args(["--address", "127.0.0.1", "--port", "0", "--allow-websocket-origin", "*"])
            .args(args)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUNBUFFERED", "1")
            .current_dir(folder());
        let server = Server::start_command(&format!("the server of {kind:?}"), command).await?;
        let base = server.url().rsplit_once('/').map_or(server.url(), |(base, _)| base).to_owned();
        Ok(Self { kind, server, base })
    }

    /// The address of what the server has at a path without its first slash.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Where the server listens.
    pub(crate) fn address(&self) -> Result<SocketAddr> {
        self.server.address()
    }

    /// Everything that the server and its applications have written.
    pub(crate) fn log(&self) -> String {
        self.server.log()
    }

    /// The processes that run the applications.
    pub(crate) fn workers(&self) -> Result<Vec<u32>> {
        self.server.children()
    }

    /// The server's own process.
    pub(crate) fn process(&mut self) -> &mut Process {
        self.server.process()
    }

    /// Kills the server, and waits until nothing of it is left.
    pub(crate) async fn kill(self) -> Result<String> {
        self.server.kill().await
    }

    /// Asks the server to end, and answers how it did and what it has written.
    pub(crate) async fn stop(self) -> Result<(ExitStatus, String)> {
        self.server.stop().await
    }
}

/// The folder with the applications.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("apps")
}
