//! Where jobs for a document wait until the test goes on.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bokeh_document::{DocumentHandle, Job, Mailbox, PostError};

/// How many jobs may wait, as in a server's session.
const SIZE: usize = 1024;

/// The jobs that handles of a document have posted. With it the handles lose their document.
#[derive(Default)]
pub(super) struct Jobs(Arc<Queue>);

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// Whether something else than a job is to be looked after.
    is_woken: bool,
}

impl Jobs {
    /// A handle whose jobs wait here.
    pub(super) fn handle(&self) -> DocumentHandle {
        DocumentHandle::new(Arc::new(Post(Arc::downgrade(&self.0))))
    }

    /// What ends a [`wait`](Self::wait).
    pub(super) fn bell(&self) -> Arc<Bell> {
        Arc::new(Bell(Arc::downgrade(&self.0)))
    }

    /// The job that has waited longest.
    pub(super) fn take(&self) -> Option<Job> {
        self.0.lock().jobs.pop_front()
    }

    /// Waits until a job is there or a bell has rung, but no longer than `limit`. Answers whether it has not waited in vain.
    pub(super) fn wait(&self, limit: Duration) -> bool {
        let is_quiet = |state: &mut State| state.jobs.is_empty() && !state.is_woken;
        let waited = self.0.changed.wait_timeout_while(self.0.lock(), limit, is_quiet);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let was_woken = std::mem::take(&mut state.is_woken);
        was_woken || !state.jobs.is_empty()
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code of others runs under the lock, so a panic cannot leave half a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Post(Weak<Queue>);

impl Mailbox for Post {
    fn post(&self, job: Job) -> Result<(), PostError> {
        let queue = self.0.upgrade().ok_or(PostError::Gone)?;
        let mut state = queue.lock();
        if state.jobs.len() >= SIZE {
            return Err(PostError::Full);
        }
        state.jobs.push_back(job);
        queue.changed.notify_all();
        Ok(())
    }
}

/// Says that there is something to do.
pub(super) struct Bell(Weak<Queue>);

impl Bell {
    pub(super) fn ring(&self) {
        if let Some(queue) = self.0.upgrade() {
            queue.lock().is_woken = true;
            queue.changed.notify_all();
        }
    }
}
