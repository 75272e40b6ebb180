//! The way into a document from other tasks and threads.

use std::fmt;
use std::sync::Arc;

use crate::Document;

/// A job that runs with the document, once.
pub type Job = Box<dyn FnOnce(&mut Document) + Send>;

/// Takes jobs for a document that somebody owns: a session's mailbox.
pub trait Mailbox: Send + Sync {
    /// Hands a job over and does not wait. It runs after those handed over before.
    ///
    /// # Errors
    /// When the document is gone, or too many jobs wait already.
    fn post(&self, job: Job) -> Result<(), PostError>;
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

impl DocumentHandle {
    /// A handle that hands its jobs to `mailbox`.
    #[must_use]
    pub fn new(mailbox: Arc<dyn Mailbox>) -> Self {
        DocumentHandle { mailbox }
    }

    /// Runs a closure with the document, some time later, and does not wait for it.
    ///
    /// # Errors
    /// When the document is gone, or too many jobs wait for it already.
    pub fn post(&self, job: impl FnOnce(&mut Document) + Send + 'static) -> Result<(), PostError> {
        self.mailbox.post(Box::new(job))
    }
}

impl fmt::Debug for DocumentHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentHandle").finish_non_exhaustive()
    }
}
