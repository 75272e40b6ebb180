//! The thread that starts processes.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::package::BOOTSTRAP;

/// Starts worker processes, all on one thread that ends with this value.
///
/// Linux kills a process that asks for it when the thread ends that has started it, not the process. Tokio's threads may end
/// at any time.
pub(crate) struct Spawner {
    python: PathBuf,
    requests: Sender<Request>,
}

/// A process, and this end of its socket.
pub(crate) struct Spawned {
    pub(crate) child: Child,
    pub(crate) socket: UnixStream,
}

impl Spawner {
    /// Starts the thread. Must be called inside a Tokio runtime, which is told when the processes end.
    pub(crate) fn start(python: PathBuf) -> io::Result<Self> {
        let (requests, receiver) = channel();
        let runtime = Handle::current();
        thread::Builder::new().name("bokeh-python-spawner".to_owned()).spawn(move || {
            let _current_runtime = runtime.enter();
            serve(&receiver);
        })?;
        Ok(Self { python, requests })
    }

    pub(crate) fn python(&self) -> &PathBuf {
        &self.python
    }

    /// Starts a process, which is killed when its `Child` is dropped.
    pub(crate) async fn spawn(&self) -> io::Result<Spawned> {
        let (reply, spawned) = oneshot::channel();
        let request = Request { python: self.python.clone(), reply };
        self.requests.send(request).map_err(io::Error::other)?;
        spawned.await.map_err(io::Error::other)?
    }
}

struct Request {
    python: PathBuf,
    reply: oneshot::Sender<io::Result<Spawned>>,
}

fn serve(requests: &Receiver<Request>) {
    for Request { python, reply } in requests {
        // Whoever asked may be gone; then the process is killed.
        reply.send(spawn(python)).ok();
    }
}

fn spawn(python: PathBuf) -> io::Result<Spawned> {
    let (ours, theirs) = UnixStream::pair()?;
    let child = Command::new(python)
        .args(["-u", "-c", BOOTSTRAP])
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .kill_on_drop(true)
        .spawn()?;
    ours.set_nonblocking(true)?;
    Ok(Spawned { child, socket: ours })
}
