//! The threads on which user code runs.

#[cfg(test)]
mod tests;

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Weak};
use std::{fmt, io, thread};

use async_executor::Executor;
use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::Span;

use crate::settings::Settings;
use crate::watchdog::Watchdog;

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

/// Runs futures on the threads of sessions, and blocking work beside them. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Threads {
    place: Place,
    io: Handle,
    /// One permit for each piece of background work that may run at a time.
    vacancies: Arc<Semaphore>,
    watchdog: Arc<Watchdog>,
}

impl SessionThreads {
    /// Starts the threads. User code can reach `io` as the current Tokio runtime, to spawn tasks or to block on them.
    pub(crate) fn start(settings: &Settings, io: &Handle) -> io::Result<Self> {
        let executor = Arc::new(Executor::new());
        let stop = CancellationToken::new();
        let watchdog = Arc::new(Watchdog::new(settings.slow_callback));
        let threads = Threads {
            place: Place::Pool(Arc::downgrade(&executor)),
            io: io.clone(),
            vacancies: Arc::new(Semaphore::new(settings.background_threads.clamp(1, Semaphore::MAX_PERMITS))),
            watchdog: watchdog.clone(),
        };
        let this = Self { threads, _stop_on_drop: stop.clone().drop_guard() };
        // All at once: a thread that is only made when it is needed comes too late for those who wait for it.
        for _thread in 0..settings.session_threads.max(1) {
            let (executor, stop, io) = (executor.clone(), stop.clone(), io.clone());
            thread::Builder::new().name("bokeh-session".to_owned()).spawn(move || {
                let _current_runtime = io.enter();
                futures_lite::future::block_on(executor.run(stop.cancelled()));
                // The last thread drops what is not at its end.
                drop(executor);
            })?;
        }
        io.spawn(async move { stop.run_until_cancelled(watchdog.run()).await });
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
        let io = Handle::current();
        let (vacancies, watchdog) = (Arc::new(Semaphore::new(1)), Arc::new(Watchdog::new(None)));
        Self { place: Place::Runtime(io.clone()), io, vacancies, watchdog }
    }

    pub(crate) fn watchdog(&self) -> &Watchdog {
        &self.watchdog
    }

    /// Runs work that blocks on a thread of its own, as soon as there are few enough of them, unless `stop` comes before.
    pub(crate) fn run_in_background(&self, work: impl FnOnce() + Send + 'static, stop: CancellationToken, span: Span) {
        let (vacancies, io) = (self.vacancies.clone(), self.io.clone());
        // Nobody waits for the end of it.
        drop(self.spawn(async move {
            let Some(Ok(vacancy)) = stop.run_until_cancelled(vacancies.acquire_owned()).await else { return };
            let thread = thread::Builder::new().name("bokeh-background".to_owned());
            let run = {
                let span = span.clone();
                move || {
                    let _vacancy = vacancy;
                    let _current_runtime = io.enter();
                    span.in_scope(work);
                }
            };
            if let Err(error) = thread.spawn(run) {
                span.in_scope(|| tracing::error!("there is no thread for background work: {error}"));
            }
        }));
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
        match &self.place {
            Place::Pool(executor) => {
                if let Some(executor) = executor.upgrade() {
                    executor.spawn(task).detach();
                }
            }
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
    /// Belongs to the threads: what runs there can have this, and must not keep itself alive.
    Pool(Weak<Executor<'static>>),
    #[cfg(test)]
    Runtime(Handle),
}
