//! What documents have spawned, run by the test's own thread.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};

use super::mailbox::{Bell, Jobs};

type Future = Pin<Box<dyn std::future::Future<Output = ()> + Send>>;

/// The tasks that have not ended yet, in the order in which they were spawned.
#[derive(Default)]
pub(super) struct Tasks(Vec<Task>);

struct Task {
    future: Future,
    waker: Arc<TaskWaker>,
}

/// Notes that a task wants to be polled.
struct TaskWaker {
    is_woken: AtomicBool,
    bell: Arc<Bell>,
}

impl Tasks {
    pub(super) fn spawn(&mut self, future: Future, jobs: &Jobs) {
        let waker = TaskWaker { is_woken: AtomicBool::new(true), bell: jobs.bell() };
        self.0.push(Task { future, waker: Arc::new(waker) });
    }

    /// Polls those that want it, each once. Answers whether any did.
    pub(super) fn poll(&mut self) -> bool {
        let mut has_polled = false;
        self.0.retain_mut(|task| {
            if !task.waker.is_woken.swap(false, Ordering::AcqRel) {
                return true;
            }
            has_polled = true;
            let waker = Waker::from(task.waker.clone());
            task.future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending()
        });
        has_polled
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::Release);
        self.bell.ring();
    }
}
