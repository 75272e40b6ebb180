//! The processes that a worker has forked.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use parking_lot::Mutex;
use tokio::sync::oneshot;

/// How the forked processes end, as the worker tells it that has forked them.
#[derive(Debug, Default)]
pub(crate) struct Forks(Mutex<HashMap<u32, Fork>>);

/// A process that was forked.
#[derive(Debug)]
enum Fork {
    /// Somebody wants to know of its end.
    Watched(oneshot::Sender<String>),
    /// It ended before somebody wanted to know.
    Ended(String),
}

impl Forks {
    /// Waits for the end of a process. Called once for each, as soon as its id is known.
    pub(crate) fn watch(&self, process_id: u32) -> oneshot::Receiver<String> {
        let (sender, end) = oneshot::channel();
        let mut forks = self.0.lock();
        match forks.remove(&process_id) {
            // The receiver is here.
            Some(Fork::Ended(status)) => drop(sender.send(status)),
            // An id that is used again belongs to the new process.
            Some(Fork::Watched(_)) | None => {
                forks.insert(process_id, Fork::Watched(sender));
            }
        }
        end
    }

    /// A process has ended.
    pub(crate) fn ended(&self, process_id: u32, status: String) {
        let mut forks = self.0.lock();
        match forks.remove(&process_id) {
            // Nobody may want to know any more.
            Some(Fork::Watched(sender)) => drop(sender.send(status)),
            Some(Fork::Ended(_)) | None => {
                forks.insert(process_id, Fork::Ended(status));
            }
        }
    }
}
