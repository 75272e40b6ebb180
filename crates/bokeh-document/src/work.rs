//! What a document wants to have run beside it: futures and blocking work.

use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::pin::Pin;

use futures_util::FutureExt;
use futures_util::future::{AbortHandle, Abortable};

use crate::block_on::block_on;
use crate::callback::panic_message;
use crate::handle::{callback_job, name};
use crate::{CallbackOutput, Document, DocumentHandle, FailureError};

/// Something that is to run beside the document and not with it. The document has no threads: its owner takes the work by
/// [`Document::take_work`] and runs it, no longer than the document lives.
///
/// What goes wrong in it, panics included, comes back as a [failure](Document::take_failures) of the document.
pub enum Work {
    /// To be polled until it is ready, or dropped when the document is gone.
    Future(Pin<Box<dyn Future<Output = ()> + Send>>),
    /// To be called where blocking keeps nobody waiting, or dropped.
    Blocking(Box<dyn FnOnce() + Send>),
}

/// A task that was spawned, or work in the background. Dropping this leaves it running.
#[derive(Clone, Debug)]
pub struct SpawnedTask {
    abort: AbortHandle,
}

/// Work that is made once the document has a handle to give to it.
pub(crate) type PendingWork = Box<dyn FnOnce(DocumentHandle) -> Work + Send>;

impl SpawnedTask {
    /// Stops the task where it waits next. Blocking work that has begun cannot be stopped, but its result is dropped.
    pub fn abort(&self) {
        self.abort.abort();
    }
}

impl Document {
    /// Runs a future beside the document, for as long as the session lives. It reaches the document by the handle.
    ///
    /// ```
    /// use bokeh_document::Document;
    ///
    /// # async fn fetch() -> Result<String, std::io::Error> { Ok(String::new()) }
    /// fn app(doc: &mut Document) {
    ///     doc.spawn(async move |document| {
    ///         let title = fetch().await?;
    ///         document.update(|doc| doc.set_title(title)).await?;
    ///         Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    ///     });
    /// }
    /// ```
    ///
    /// Callbacks go on meanwhile. What is spawned while the application fills the document begins when the session does.
    /// Errors and panics are logged.
    #[track_caller]
    pub fn spawn<F>(&mut self, task: impl FnOnce(DocumentHandle) -> F + Send + 'static) -> SpawnedTask
    where
        F: Future<Output: CallbackOutput> + Send + 'static,
    {
        let name = name("task spawned", Location::caller());
        self.begin(move |handle, registration| {
            let task = async move {
                let task = {
                    let handle = handle.clone();
                    async move { task(handle).await.into_result() }
                };
                let error = match AssertUnwindSafe(task).catch_unwind().await {
                    Ok(Ok(())) => return,
                    Ok(Err(error)) => FailureError::Returned(error),
                    Err(panic) => FailureError::Panicked(panic_message(&*panic)),
                };
                let job = Box::new(move |doc: &mut Document| doc.callbacks.fail(&name, error));
                // Without a session there is no log to be told.
                handle.mailbox().send(job).await.ok();
            };
            Work::Future(Box::pin(Abortable::new(task, registration).map(drop)))
        })
    }

    /// Runs `work` on a thread where it may block, and then `done` with the document and the result.
    ///
    /// ```
    /// use bokeh_document::Document;
    ///
    /// fn app(doc: &mut Document) {
    ///     doc.run_in_background(
    ///         || (1..=1_000_000_u64).sum::<u64>(),
    ///         |doc, sum| doc.set_title(format!("the sum is {sum}")),
    ///     );
    /// }
    /// ```
    ///
    /// Work that has begun runs to its end, also when the session is gone before; then `done` is not called. What is to be
    /// run while the application fills the document begins when the session does. Errors and panics are logged.
    #[track_caller]
    pub fn run_in_background<T: Send + 'static, R: CallbackOutput>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
        done: impl FnOnce(&mut Document, T) -> R + Send + 'static,
    ) -> SpawnedTask {
        let name = name("background work begun", Location::caller());
        self.begin(move |handle, registration| {
            let abort = registration.handle();
            Work::Blocking(Box::new(move || {
                if abort.is_aborted() {
                    return;
                }
                let job =
                    match catch_unwind(AssertUnwindSafe(work)) {
                        Ok(result) => callback_job(name, move |doc| {
                            if abort.is_aborted() { Ok(()) } else { done(doc, result).into_result() }
                        }),
                        Err(panic) => {
                            let error = FailureError::Panicked(panic_message(&*panic));
                            Box::new(move |doc: &mut Document| doc.callbacks.fail(&name, error))
                        }
                    };
                // Without a session nobody wants the result.
                block_on(handle.mailbox().send(job)).ok();
            }))
        })
    }

    /// What was spawned since the last call. For the owner of the document, who runs it; there is none before the document
    /// has a [handle](Document::set_handle).
    pub fn take_work(&mut self) -> Vec<Work> {
        let Some(handle) = self.handle.clone() else { return Vec::new() };
        std::mem::take(&mut self.work).into_iter().map(|make| make(handle.clone())).collect()
    }

    fn begin(
        &mut self,
        make: impl FnOnce(DocumentHandle, futures_util::future::AbortRegistration) -> Work + Send + 'static,
    ) -> SpawnedTask {
        let (abort, registration) = AbortHandle::new_pair();
        self.work.push(Box::new(move |handle| make(handle, registration)));
        SpawnedTask { abort }
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Work::Future(_) => "Work::Future",
            Work::Blocking(_) => "Work::Blocking",
        })
    }
}
