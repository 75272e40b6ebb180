//! The threads on which user code runs.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::{fmt, io, thread};

use async_executor::Executor;
use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};

/// The threads of a server's sessions. They end with this value, save those that user code blocks.
///
/// This is no Tokio runtime, since there a callback that blocks its thread takes others along: whoever it has just woken,
/// and the timers, which one of the threads keeps for all. In this executor each thread that finds work first wakes
/// another to look for more, and can be robbed of whatever waits for it.
#[derive(Debug)]
pub(crate) struct SessionThreads {
    threads: Threads,
    _stop_on_drop: DropGuard,
}

/// Runs futures on the threads of sessions. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Threads(Place);

impl SessionThreads {
    /// Starts the threads. User code can reach `io` as the current Tokio runtime, to spawn tasks or to block on them.
    pub(crate) fn start(n_threads: usize, io: &Handle) -> io::Result<Self> {
        let executor = Arc::new(Executor::new());
        let stop = CancellationToken::new();
        let this = Self { threads: Threads(Place::Pool(executor.clone())), _stop_on_drop: stop.clone().drop_guard() };
        for _thread in 0..n_threads.max(1) {
            let (executor, stop, io) = (executor.clone(), stop.clone(), io.clone());
            thread::Builder::new().name("bokeh-session".to_owned()).spawn(move || {
                let _current_runtime = io.enter();
                futures_lite::future::block_on(executor.run(stop.cancelled()));
            })?;
        }
        Ok(this)
    }

    pub(crate) fn threads(&self) -> Threads {
        self.threads.clone()
    }
}

impl Threads {
    /// Everything on the current Tokio runtime, so that a test can pause its clock.
    #[cfg(test)]
    pub(crate) fn of_current_runtime() -> Self {
        Self(Place::Runtime(Handle::current()))
    }

    /// Runs a future to its end, whether or not somebody waits for it. There is no result if it panics, or if the threads
    /// end before.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (sender, receiver) = oneshot::channel();
        let task = async move {
            match AssertUnwindSafe(future).catch_unwind().await {
                // Nobody has to wait.
                Ok(result) => drop(sender.send(result)),
                Err(panic) => tracing::error!(message = panic_message(&*panic), "a task panicked"),
            }
        };
        match &self.0 {
            Place::Pool(executor) => executor.spawn(task).detach(),
            #[cfg(test)]
            Place::Runtime(runtime) => drop(runtime.spawn(task)),
        }
        receiver
    }
}

/// What a panic says.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Threads").finish_non_exhaustive()
    }
}

#[derive(Clone)]
enum Place {
    Pool(Arc<Executor<'static>>),
    #[cfg(test)]
    Runtime(Handle),
}
