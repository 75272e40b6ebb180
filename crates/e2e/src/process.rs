use std::{
    fs,
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::watch,
    task::JoinHandle,
    time::timeout,
};

/// How long a program may take to say that it is ready, or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program that a test started: its lines are collected, and it is killed when this is dropped.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: Arc<watch::Sender<Vec<String>>>,
    /// The tasks that fill the log, until they are through.
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts a program. `name` stands for it in messages.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn start(name: &str, mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("could not start {name}"))?;
        let log = Arc::new(watch::Sender::new(Vec::new()));
        let stdout = child.stdout.take().context("standard output is piped")?;
        let stderr = child.stderr.take().context("standard error is piped")?;
        let readers =
            vec![tokio::spawn(collect(stdout, Arc::clone(&log))), tokio::spawn(collect(stderr, Arc::clone(&log)))];
        Ok(Self { name: name.to_owned(), child, log, readers })
    }

    /// Everything that the program has written so far, both streams in order of arrival.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.borrow().join("\n")
    }

    /// Waits for the first line, past or future, in which `find` finds something.
    ///
    /// # Errors
    /// The program ends before it writes such a line, or takes longer than a minute.
    pub async fn wait_for_line<T>(&mut self, find: impl Fn(&str) -> Option<T>) -> Result<T> {
        let mut lines = self.log.subscribe();
        let mut seen = 0;
        let found = async {
            loop {
                {
                    let lines = lines.borrow_and_update();
                    if let Some(found) = lines[seen..].iter().find_map(|line| find(line)) {
                        return Some(found);
                    }
                    seen = lines.len();
                }
                if lines.changed().await.is_err() {
                    return None;
                }
            }
        };
        let waited = timeout(PATIENCE, async {
            tokio::select! {
                biased;
                found = found => found,
                _ = self.child.wait() => None,
            }
        })
        .await;
        match waited {
            Ok(Some(found)) => Ok(found),
            Ok(None) => {
                self.read_to_end().await;
                let found = self.log.borrow().iter().find_map(|line| find(line));
                match found {
                    Some(found) => Ok(found),
                    None => bail!("{} ended too early; its log:\n{}", self.name, self.log()),
                }
            }
            Err(_) => bail!("{} did not write the line within {PATIENCE:?}; its log:\n{}", self.name, self.log()),
        }
    }

    /// How much memory the program has at hand, in bytes.
    ///
    /// # Errors
    /// It has ended, or this system has no `/proc`.
    pub fn resident_bytes(&self) -> Result<u64> {
        let id = self.child.id().with_context(|| format!("{} has ended", self.name))?;
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("a process has a size")?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1024)
    }

    /// The number of the process.
    ///
    /// # Errors
    /// It has ended.
    pub fn id(&self) -> Result<u32> {
        self.child.id().with_context(|| format!("{} has ended", self.name))
    }

    /// The numbers of the processes that this one has started and that run.
    ///
    /// # Errors
    /// It has ended, or this system has no `/proc`.
    pub fn children(&self) -> Result<Vec<u32>> {
        let id = self.id()?;
        let mut children = Vec::new();
        // Each thread has children of its own.
        for thread in fs::read_dir(format!("/proc/{id}/task"))? {
            // A thread may end meanwhile.
            let listed = fs::read_to_string(thread?.path().join("children")).unwrap_or_default();
            children.extend(listed.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
        Ok(children)
    }

    /// Kills the program (SIGKILL), waits until everything that has its output streams has ended, too, and returns its log.
    ///
    /// # Errors
    /// Something is left after half a minute.
    pub async fn kill(mut self) -> Result<String> {
        self.child.kill().await.with_context(|| format!("could not kill {}", self.name))?;
        for reader in self.readers.drain(..) {
            if timeout(PATIENCE / 2, reader).await.is_err() {
                bail!("{} has left something behind; its log:\n{}", self.name, self.log.borrow().join("\n"));
            }
        }
        Ok(self.log())
    }

    /// Asks the program to end (SIGTERM) and waits until it has.
    ///
    /// # Errors
    /// It does not end within a minute; it is killed then.
    pub async fn stop(mut self) -> Result<(ExitStatus, String)> {
        if let Some(pid) = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
            kill_process(pid, Signal::TERM).with_context(|| format!("could not send SIGTERM to {}", self.name))?;
        }
        let Ok(status) = timeout(PATIENCE, self.child.wait()).await else {
            bail!("{} ignored SIGTERM for {PATIENCE:?}; its log:\n{}", self.name, self.log());
        };
        self.read_to_end().await;
        Ok((status?, self.log()))
    }

    /// Takes in what the program, which has ended, wrote last.
    async fn read_to_end(&mut self) {
        for reader in self.readers.drain(..) {
            // A program that it left behind may hold its streams open; the log is then what there is.
            if timeout(Duration::from_secs(5), reader).await.is_err() {
                break;
            }
        }
    }
}

async fn collect(stream: impl AsyncRead + Unpin, log: Arc<watch::Sender<Vec<String>>>) {
    // A program may write anything.
    let mut lines = BufReader::new(stream).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        log.send_modify(|log| log.push(String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned()));
    }
}
