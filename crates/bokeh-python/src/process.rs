//! The process of a worker.

use std::time::Duration;

use tokio::process::Child;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::channel::{Channel, ChannelEnd, ReadError};
use crate::message::OfProcess;
use crate::worker::CountedChild;

/// A worker's process and the connection to it. Dropping this ends both.
pub(crate) struct Process {
    handle: ProcessHandle,
    connection: ChannelEnd,
    kill: CancellationToken,
}

/// What can be known of a process, and done to it.
pub(crate) enum ProcessHandle {
    /// This process has started it.
    Child(Child),
    /// Another worker has forked it.
    Forked(Forked),
}

/// A process that another worker has forked.
pub(crate) struct Forked {
    pub(crate) process_id: u32,
    /// How it has ended, as that worker tells it.
    pub(crate) end: oneshot::Receiver<String>,
    /// To that worker.
    pub(crate) parent: Channel,
    pub(crate) _child: CountedChild,
}

/// How a worker has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    how: String,
    /// What was wrong with the last that it said.
    read: Result<(), ReadError>,
}

impl Process {
    pub(crate) fn new(handle: ProcessHandle, connection: ChannelEnd, kill: CancellationToken) -> Self {
        Self { handle, connection, kill }
    }

    /// Waits until the process is gone and everything that it has said is passed on.
    pub(crate) async fn wait(mut self) -> Ended {
        let mut read = None;
        let exited = tokio::select! {
            how = self.handle.exit() => Some(how),
            () = self.kill.cancelled() => None,
            end = self.connection.wait() => {
                read = Some(end);
                timeout(GRACE, self.handle.exit()).await.ok()
            }
        };
        let how = match exited {
            Some(how) => how,
            None => {
                self.handle.kill();
                timeout(GRACE, self.handle.exit())
                    .await
                    .map_or_else(|_| "was left behind".to_owned(), |how| format!("was killed and {how}"))
            }
        };
        let read = match read {
            Some(read) => read,
            // A process that it has started may hold the connection open.
            None => timeout(GRACE, self.connection.wait()).await.unwrap_or(Ok(())),
        };
        Ended { how, read }
    }
}

impl ProcessHandle {
    async fn exit(&mut self) -> String {
        match self {
            Self::Child(child) => match child.wait().await {
                Ok(status) => format!("ended with {status}"),
                Err(error) => format!("was lost: {error}"),
            },
            Self::Forked(Forked { end, .. }) => match end.await {
                Ok(status) => format!("ended with {status}"),
                Err(_gone) => "ended with the one that it was forked from".to_owned(),
            },
        }
    }

    fn kill(&mut self) {
        match self {
            // It may be gone by now.
            Self::Child(child) => drop(child.start_kill()),
            // Without a parent it has ended, too.
            Self::Forked(Forked { process_id, parent, .. }) => {
                drop(parent.post("kill", &OfProcess { pid: *process_id }, &[]))
            }
        }
    }
}

impl Ended {
    /// For the log and for those whose sessions are gone.
    pub(crate) fn reason(&self) -> String {
        match &self.read {
            Ok(()) => self.how.clone(),
            Err(error) => format!("{} ({error}: {})", self.how, source(error)),
        }
    }
}

fn source(error: &dyn std::error::Error) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

/// How long a process may take to end after it has closed its connection, and the connection after the process.
const GRACE: Duration = Duration::from_secs(2);
