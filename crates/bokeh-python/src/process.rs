//! The process of a worker.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::Child;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::channel::{ChannelEnd, ReadError};

/// A worker's process and the connection to it. Dropping this ends both.
pub(crate) struct Process {
    child: Child,
    connection: ChannelEnd,
    kill: CancellationToken,
}

/// How a worker has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    status: io::Result<ExitStatus>,
    /// What was wrong with the last that it said.
    read: Result<(), ReadError>,
    was_killed: bool,
}

impl Process {
    pub(crate) fn new(child: Child, connection: ChannelEnd, kill: CancellationToken) -> Self {
        Self { child, connection, kill }
    }

    /// Waits until the process is gone and everything that it has said is passed on.
    pub(crate) async fn wait(mut self) -> Ended {
        let mut read = None;
        let exited = tokio::select! {
            status = self.child.wait() => Some(status),
            () = self.kill.cancelled() => None,
            end = self.connection.wait() => {
                read = Some(end);
                timeout(GRACE, self.child.wait()).await.ok()
            }
        };
        let was_killed = exited.is_none();
        let status = match exited {
            Some(status) => status,
            None => match self.child.start_kill() {
                Ok(()) => self.child.wait().await,
                Err(error) => Err(error),
            },
        };
        let read = match read {
            Some(read) => read,
            // A process that it has started may hold the connection open.
            None => timeout(GRACE, self.connection.wait()).await.unwrap_or(Ok(())),
        };
        Ended { status, read, was_killed }
    }
}

impl Ended {
    /// For the log and for those whose sessions are gone.
    pub(crate) fn reason(&self) -> String {
        let mut reason = match &self.status {
            Ok(_) if self.was_killed => "was killed".to_owned(),
            Ok(status) => format!("ended with {status}"),
            Err(error) => format!("was lost: {error}"),
        };
        if let Err(error) = &self.read {
            reason += &format!(" ({error}: {})", source(error));
        }
        reason
    }
}

fn source(error: &dyn std::error::Error) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

/// How long a process may take to end after it has closed its connection, and the connection after the process.
const GRACE: Duration = Duration::from_secs(2);
