//! The servers under load, each in processes of its own.

mod processes;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Ours.
    Ours,
    /// Ours without documents.
    Bare,
    /// Python's, with so many processes. It is prompt with TCP_NODELAY, which it does not set itself.
    Python { n_processes: usize, is_prompt: bool },
    /// Ours with Python's applications in so many workers.
    Workers(usize),
    /// The same, with a process for each session.
    Processes,
}

impl Kind {
    /// Python's as it is.
    pub(crate) const fn python(n_processes: usize) -> Self {
        Self::Python { n_processes, is_prompt: false }
    }

    /// Python's with TCP_NODELAY.
    pub(crate) const fn prompt_python(n_processes: usize) -> Self {
        Self::Python { n_processes, is_prompt: true }
    }

    /// As it is called in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "bokeh-rs",
            Self::Bare => "bare",
            Self::Python { n_processes: 1, is_prompt: false } => "Python",
            Self::Python { n_processes: 1, is_prompt: true } => "Python, no delay",
            Self::Python { is_prompt: false, .. } => "2 × Python",
            Self::Python { is_prompt: true, .. } => "2 × Python, no delay",
            Self::Workers(1) => "1 worker",
            Self::Workers(_) => "2 workers",
            Self::Processes => "a process each",
        }
    }

    /// Whether others are compared with it.
    pub(crate) fn is_ours(self) -> bool {
        matches!(self, Self::Ours | Self::Workers(_))
    }

    /// The processes that run applications; none if that is no fixed number.
    pub(crate) fn n_processes(self) -> usize {
        match self {
            Self::Ours | Self::Bare => 1,
            Self::Python { n_processes, .. } | Self::Workers(n_processes) => n_processes,
            Self::Processes => 0,
        }
    }

    /// Whether what one repetition has left burdens the next.
    pub(crate) fn keeps_processes(self) -> bool {
        self == Self::Processes
    }
}

/// What is needed to start servers.
#[derive(Debug)]
pub(crate) struct Programs {
    /// The folder of this program and its siblings.
    pub(crate) folder: PathBuf,
    pub(crate) python: Option<PathBuf>,
    /// What the bare server says.
    pub(crate) recording: PathBuf,
}

impl Programs {
    pub(crate) fn find(python: Option<PathBuf>) -> Result<Self> {
        let program = env::current_exe().context("could not find out where this program lies")?;
        let folder = program.parent().context("a program lies in a folder")?.to_owned();
        let recording = folder.join("bokeh-load-recording.json");
        Ok(Self { folder, python, recording })
    }

    /// Starts a server and waits until it listens.
    pub(crate) async fn start(&self, kind: Kind) -> Result<Server> {
        let command = match kind {
            Kind::Ours => Command::new(self.folder.join("bokeh-load-apps")),
            Kind::Bare => {
                let mut command = Command::new(self.folder.join("bokeh-load-bare"));
                command.arg(&self.recording);
                command
            }
            Kind::Python { n_processes, is_prompt } => self.python(n_processes, is_prompt)?,
            Kind::Workers(n) => self.serve(&["--num-procs", &n.to_string()])?,
            Kind::Processes => self.serve(&["--session-isolation", "process"])?,
        };
        Server::start(kind, command).await
    }

    /// Python's server.
    fn python(&self, n_processes: usize, is_prompt: bool) -> Result<Command> {
        let mut command = Command::new(self.interpreter()?);
        if is_prompt {
            command.arg(scripts().join("nodelay.py"));
        } else {
            command.args(["-m", "bokeh", "serve"]);
        }
        command.args(["--num-procs", &n_processes.to_string()]);
        with_applications(&mut command);
        Ok(command)
    }

    /// Our server with Python's applications.
    fn serve(&self, options: &[&str]) -> Result<Command> {
        let mut command = Command::new(self.folder.join("bokeh-rs"));
        command.arg("serve").arg("--python").arg(self.interpreter()?).args(options);
        with_applications(&mut command);
        Ok(command)
    }

    fn interpreter(&self) -> Result<&Path> {
        self.python.as_deref().context("there is no Python")
    }
}

/// What is said alike to both servers that run Python.
fn with_applications(command: &mut Command) {
    command
        .args(["--address", "127.0.0.1", "--port", "0", "--allow-websocket-origin", "*"])
        // Sessions that a measurement has left must not be swept in the next.
        .args(["--check-unused-sessions", "86400000"])
        .args(["sliders.py", "streaming.py", "sleeping.py"].map(|script| scripts().join(script)))
        .env("PYTHONUNBUFFERED", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("BOKEH_RESOURCES", "cdn");
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("python")
}

/// A server that listens. It and the processes that it has started are killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) kind: Kind,
    pub(crate) port: u16,
    pid: u32,
    _child: Child,
}

impl Server {
    async fn start(kind: Kind, mut command: Command) -> Result<Self> {
        let name = kind.name();
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = spawned.spawn().with_context(|| format!("could not start {name}"))?;
        let (lines, mut log) = mpsc::channel(1024);
        tokio::spawn(collect(child.stdout.take().context("standard output is piped")?, lines.clone()));
        tokio::spawn(collect(child.stderr.take().context("standard error is piped")?, lines));
        let mut seen = String::new();
        let port = timeout(Duration::from_secs(60), async {
            while let Some(line) = log.recv().await {
                if let Some(port) = port_in(&line) {
                    return Some(port);
                }
                seen.push_str(&line);
                seen.push('\n');
            }
            None
        });
        let Ok(Some(port)) = port.await else { bail!("{name} does not start:\n{seen}") };
        let pid = child.id().context("the server has ended")?;
        Ok(Self { kind, port, pid, _child: child })
    }

    /// The time that processors have worked for it so far.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        processes::family(self.pid)?.iter().map(|pid| processes::cpu(&pid.to_string())).sum()
    }

    /// The bytes of memory that are its own.
    pub(crate) fn memory(&self) -> Result<u64> {
        processes::family(self.pid)?.into_iter().map(processes::memory).sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Python's server leaves those that it has forked behind.
        processes::kill(&processes::family(self.pid).unwrap_or_default());
    }
}

/// The time that processors have worked for this program so far.
pub(crate) fn own_cpu() -> Result<Duration> {
    processes::cpu("self")
}

/// Reads to the end, lest the server waits. Nobody may listen any more.
async fn collect(stream: impl AsyncRead + Unpin, sender: mpsc::Sender<String>) {
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        sender.try_send(line).ok();
    }
}

fn port_in(line: &str) -> Option<u16> {
    let (_, address) = line.split_once("http://")?;
    let (_, port) = address.split_once(':')?;
    port.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
