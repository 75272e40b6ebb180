//! The servers under load, each a process of its own.

use std::env;
use std::fs;
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
    /// Python's as it is.
    Python,
    /// Python's with TCP_NODELAY.
    PythonNoDelay,
}

impl Kind {
    /// As it is called in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "bokeh-rs",
            Self::Bare => "bare",
            Self::Python => "Python",
            Self::PythonNoDelay => "Python, no delay",
        }
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
            Kind::Python | Kind::PythonNoDelay => self.python(kind == Kind::PythonNoDelay)?,
        };
        Server::start(kind, command).await
    }

    fn python(&self, is_prompt: bool) -> Result<Command> {
        let mut command = Command::new(self.python.as_ref().context("there is no Python")?);
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
        if is_prompt {
            command.arg(scripts.join("nodelay.py"));
        } else {
            command.args(["-m", "bokeh", "serve"]);
        }
        command
            .args(["--address", "127.0.0.1", "--port", "0", "--allow-websocket-origin", "*"])
            // Sessions that a measurement has left must not be swept in the next.
            .args(["--check-unused-sessions", "86400000"])
            .args(["sliders.py", "streaming.py"].map(|script| scripts.join(script)))
            .env("PYTHONUNBUFFERED", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("BOKEH_RESOURCES", "cdn");
        Ok(command)
    }
}

/// A server that listens. It is killed when this is dropped.
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
        cpu_of(&self.pid.to_string())
    }

    /// The bytes of memory that are its own.
    pub(crate) fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).context("the server has ended")?;
        let kib =
            status.lines().find_map(|line| line.strip_prefix("RssAnon:")?.split_whitespace().next()?.parse().ok());
        kib.map(|kib: u64| kib << 10).context("the system does not say how much memory is used")
    }
}

/// The time that processors have worked for this program so far.
pub(crate) fn own_cpu() -> Result<Duration> {
    cpu_of("self")
}

/// Adds up what the scheduler counts for each thread, in nanoseconds.
fn cpu_of(process: &str) -> Result<Duration> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).context("the server has ended")?;
    let mut nanos = 0;
    for thread in threads {
        // A thread may end meanwhile.
        let Ok(stat) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        nanos += stat.split(' ').next().and_then(|nanos| nanos.parse::<u64>().ok()).unwrap_or_default();
    }
    Ok(Duration::from_nanos(nanos))
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
