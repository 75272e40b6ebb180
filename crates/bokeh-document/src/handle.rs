//! The way into a document from other tasks and threads.

use std::cell::RefCell;
use std::fmt;
use std::future::{Future, ready};
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;

use futures_channel::oneshot;

use crate::block_on::block_on;
use crate::{CallbackOutput, Document, FailureError, News};

/// A job that runs with the document, once.
pub type Job = Box<dyn FnOnce(&mut Document) + Send>;

/// Gives what a primary has said and its replica has not heard. It may not wait for anything.
pub type NewsSource = Box<dyn FnOnce() -> Vec<News> + Send>;

/// Takes jobs for a document that somebody owns: a session's mailbox.
pub trait Mailbox: Send + Sync {
    /// Hands a job over and does not wait. It runs after those handed over before.
    ///
    /// # Errors
    /// When the document is gone, or too many jobs wait already.
    fn post(&self, job: Job) -> Result<(), PostError>;

    /// Hands over news for a [replica](Document::set_primary). Owners may treat them better than jobs, which can block.
    ///
    /// # Errors
    /// As for [`post`](Self::post).
    fn hear(&self, source: NewsSource) -> Result<(), PostError> {
        self.post(Box::new(|document| document.hear(source)))
    }

    /// Hands a job over once there is room for it. A mailbox that does not wait refuses instead, like
    /// [`post`](Self::post).
    ///
    /// # Errors
    /// When the document is gone, or too many jobs wait already.
    fn send(&self, job: Job) -> Pin<Box<dyn Future<Output = Result<(), PostError>> + Send + '_>> {
        Box::pin(ready(self.post(job)))
    }
}

/// Reaches a document from anywhere: cheap to clone, free to cross threads.
///
/// ```
/// use bokeh_document::Document;
///
/// fn app(doc: &mut Document) {
///     if let Some(handle) = doc.handle() {
///         std::thread::spawn(move || handle.post(|doc| doc.set_title("from another thread")));
///     }
/// }
/// ```
///
/// It keeps neither the document nor its session alive.
#[derive(Clone)]
pub struct DocumentHandle {
    mailbox: Arc<dyn Mailbox>,
}

/// Why a job was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PostError {
    /// The document is gone: its session has ended.
    #[error("the document's session has ended")]
    Gone,
    /// The document cannot keep up: too many jobs wait for it.
    #[error("too many jobs wait for the document")]
    Full,
}

/// Why a job has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// It was not taken, or the session has ended before it ran.
    #[error(transparent)]
    Post(#[from] PostError),
    /// It panicked with this message.
    #[error("the job panicked: {0}")]
    Panicked(String),
    /// A callback of the document would wait for the document, which waits for the callback.
    #[error("a callback cannot wait for its own document; it has it already")]
    Deadlock,
}

impl DocumentHandle {
    /// A handle that hands its jobs to `mailbox`.
    #[must_use]
    pub fn new(mailbox: Arc<dyn Mailbox>) -> Self {
        DocumentHandle { mailbox }
    }

    /// Runs a closure with the document, some time later, and does not wait for it. What goes wrong in it is logged.
    ///
    /// # Errors
    /// When the document is gone, or too many jobs wait for it already.
    #[track_caller]
    pub fn post<R: CallbackOutput>(
        &self,
        job: impl FnOnce(&mut Document) -> R + Send + 'static,
    ) -> Result<(), PostError> {
        self.mailbox.post(callback_job(name("job posted", Location::caller()), job))
    }

    /// Has the document's owner fetch what the [primary](crate::Primary) has said, and make it true. Does not wait for it.
    ///
    /// # Errors
    /// When the document is gone, or too many jobs wait for it already.
    pub fn hear(&self, source: impl FnOnce() -> Vec<News> + Send + 'static) -> Result<(), PostError> {
        self.mailbox.hear(Box::new(source))
    }

    /// Runs a closure with the document and returns what it returns. Needs no runtime, and works on any.
    ///
    /// ```
    /// use bokeh_document::{DocumentHandle, UpdateError};
    ///
    /// async fn title(document: DocumentHandle) -> Result<String, UpdateError> {
    ///     document.update(|doc| doc.title().to_owned()).await
    /// }
    /// ```
    ///
    /// While too many jobs wait for the document, so does this one. The closure also runs if the future is dropped after it
    /// was handed over, and not at all if the future is never polled.
    ///
    /// A callback must not block on this for its own document, which waits for the callback.
    ///
    /// # Errors
    /// When the document is gone, or goes before the closure has run; when the closure panics, which is logged, too.
    #[track_caller]
    pub fn update<T, F>(&self, job: F) -> impl Future<Output = Result<T, UpdateError>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&mut Document) -> T + Send + 'static,
    {
        let mailbox = self.mailbox.clone();
        let name = name("update", Location::caller());
        async move {
            let (reply, outcome) = oneshot::channel();
            let job = Box::new(move |document: &mut Document| {
                // Whoever asked may have lost interest.
                reply.send(document.attempt(&name, job)).ok();
            });
            mailbox.send(job).await?;
            outcome.await.map_err(|_dropped| PostError::Gone)?.map_err(UpdateError::Panicked)
        }
    }

    /// Like [`update`](Self::update), for threads: blocks until the closure has run.
    ///
    /// ```
    /// use bokeh_document::DocumentHandle;
    ///
    /// fn watch(document: DocumentHandle, readings: std::sync::mpsc::Receiver<f64>) {
    ///     std::thread::spawn(move || {
    ///         for reading in readings {
    ///             if document.update_blocking(move |doc| doc.set_title(format!("{reading} °C"))).is_err() {
    ///                 return;
    ///             }
    ///         }
    ///     });
    /// }
    /// ```
    ///
    /// # Errors
    /// As for [`update`](Self::update); in callbacks of the same document, where it would never return.
    #[track_caller]
    pub fn update_blocking<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Document) -> T + Send + 'static,
    ) -> Result<T, UpdateError> {
        if RUNNING.with_borrow(|running| running.contains(&self.address())) {
            return Err(UpdateError::Deadlock);
        }
        block_on(self.update(job))
    }

    /// Runs a callback of the handle's document, which must not wait for it.
    pub(crate) fn enter<T>(&self, callback: impl FnOnce() -> T) -> T {
        RUNNING.with_borrow_mut(|running| running.push(self.address()));
        let result = callback();
        RUNNING.with_borrow_mut(Vec::pop);
        result
    }

    /// What tells this document's handles from others.
    fn address(&self) -> usize {
        Arc::as_ptr(&self.mailbox).cast::<()>().addr()
    }

    pub(crate) fn mailbox(&self) -> &dyn Mailbox {
        &*self.mailbox
    }
}

thread_local! {
    /// The documents whose callbacks run on this thread, inside each other.
    static RUNNING: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// A job whose outcome nobody waits for: what goes wrong is kept as a failure of the document.
pub(crate) fn callback_job<R: CallbackOutput>(
    name: Arc<str>,
    job: impl FnOnce(&mut Document) -> R + Send + 'static,
) -> Job {
    Box::new(move |document| {
        if let Ok(Err(error)) = document.attempt(&name, |document| job(document).into_result()) {
            document.callbacks.fail(&name, FailureError::Returned(error));
        }
    })
}

/// What messages call user code that has no model to be named after.
pub(crate) fn name(what: &str, place: &Location<'_>) -> Arc<str> {
    format!("the {what} at {}:{}", place.file(), place.line()).into()
}

impl fmt::Debug for DocumentHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentHandle").finish_non_exhaustive()
    }
}
