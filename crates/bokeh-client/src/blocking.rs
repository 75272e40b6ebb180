//! The client for programs without a runtime: each call waits for its outcome.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use bokeh_client::blocking::pull_session;
//!
//! let session = pull_session("http://localhost:5006/sliders")?;
//! session.update(|doc| doc.set_title("seen by a program"))?;
//! session.force_roundtrip()?;
//! session.wait_until(Duration::from_secs(10), |doc| doc.title() == "done")?;
//! session.close();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A thread of its own takes part in the session, so that callbacks run and changes arrive also between calls. The calls of
//! this module panic in callbacks of the document and inside of a runtime; there is [the other session](crate::ClientSession)
//! for that.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bokeh_document::{Document, DocumentHandle};
use bokeh_protocol::ServerInfo;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::time::timeout;

use crate::{
    ClientSession as AsyncSession, ConnectOptions, ConnectionState, Disconnect, RequestError, ServerUrl, SessionEnded,
    ShowError, WaitError,
};

pub use crate::show_session;

/// Joins a new session of the application at `url` and takes over its document.
///
/// # Errors
/// When there is no connection, or the document cannot be had.
pub fn pull_session(url: impl Into<String>) -> Result<ClientSession, OpenError> {
    ClientSession::pulled(ConnectOptions::new(url))
}

/// Joins a new session of the application at `url` and makes `document` the document of both sides.
///
/// # Errors
/// When there is no connection, or the server refuses the document.
pub fn push_session(url: impl Into<String>, document: Document) -> Result<ClientSession, OpenError> {
    ClientSession::pushed(ConnectOptions::new(url), document)
}

/// A session on a server, with a copy of its document that follows every change.
///
/// Clones are handles of the same session; when the last one is dropped, the connection is closed.
#[derive(Clone)]
pub struct ClientSession {
    session: AsyncSession,
    /// The last one to go says goodbye.
    thread: Arc<Thread>,
}

/// Why a session was not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The system has no thread to give.
    #[error("there is no thread for the session")]
    Thread(#[source] io::Error),
    /// The session itself was not opened.
    #[error(transparent)]
    Open(#[from] crate::OpenError),
}

impl ClientSession {
    /// Connects, and takes over the server's document.
    ///
    /// # Errors
    /// When there is no connection, or the document cannot be had.
    pub fn pulled(options: ConnectOptions) -> Result<Self, OpenError> {
        Self::open(options.pull())
    }

    /// Connects, and makes `document` the server's.
    ///
    /// # Errors
    /// When there is no connection, or the server refuses the document.
    pub fn pushed(options: ConnectOptions, document: Document) -> Result<Self, OpenError> {
        Self::open(options.push(document))
    }

    fn open(opening: impl Future<Output = Result<AsyncSession, crate::OpenError>>) -> Result<Self, OpenError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("bokeh-client")
            .enable_all()
            .build()
            .map_err(OpenError::Thread)?;
        let session = runtime.block_on(opening)?;
        let thread = Thread { session: session.clone(), runtime: Some(runtime) };
        Ok(Self { session, thread: Arc::new(thread) })
    }

    /// The session's id, by which others can join it.
    pub fn id(&self) -> &str {
        self.session.id()
    }

    /// The address of the application.
    pub fn url(&self) -> &ServerUrl {
        self.session.url()
    }

    /// Runs a closure with the document and returns what it returns. What it changes is sent to the server.
    ///
    /// # Errors
    /// When the session's task is gone.
    ///
    /// # Panics
    /// When the closure does.
    pub fn update<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Document) -> T + Send + 'static,
    ) -> Result<T, SessionEnded> {
        self.wait(self.session.update(change))
    }

    /// Waits until the document meets a condition, which is looked at now and after every change, whoever made it.
    ///
    /// # Errors
    /// When `limit` is over, when the connection has ended, or ends while the condition is not met.
    ///
    /// # Panics
    /// When the condition does.
    pub fn wait_until(
        &self,
        limit: Duration,
        condition: impl FnMut(&mut Document) -> bool + Send + 'static,
    ) -> Result<(), WaitError> {
        self.wait(async {
            timeout(limit, self.session.wait_until(condition)).await.unwrap_or(Err(WaitError::Timeout(limit)))
        })
    }

    /// The way to the document from callbacks and other threads, without waiting.
    pub fn document(&self) -> DocumentHandle {
        self.session.document()
    }

    /// Takes over the server's document, as [the other session](crate::ClientSession::pull) does.
    ///
    /// # Errors
    /// When the server refuses, its document cannot be read, or the connection has ended.
    pub fn pull(&self) -> Result<(), RequestError> {
        self.wait(self.session.pull())
    }

    /// Replaces the server's document by this side's.
    ///
    /// # Errors
    /// When the server refuses the document, or the connection has ended.
    pub fn push(&self) -> Result<(), RequestError> {
        self.wait(self.session.push())
    }

    /// Returns when the server has dealt with everything that was sent before. What it sent before that has arrived, too.
    ///
    /// # Errors
    /// When the server has refused a change since the last roundtrip, or the connection has ended.
    pub fn force_roundtrip(&self) -> Result<(), RequestError> {
        self.wait(self.session.force_roundtrip())
    }

    /// Asks for the version of the server, once for each connection.
    ///
    /// # Errors
    /// When the answer is not understood, or the connection has ended.
    pub fn request_server_info(&self) -> Result<ServerInfo, RequestError> {
        self.wait(self.session.request_server_info())
    }

    /// The address of the session's page.
    pub fn page_url(&self) -> String {
        self.session.page_url()
    }

    /// Opens the session's page in a browser.
    ///
    /// # Errors
    /// When the browser does not start.
    pub fn show(&self) -> Result<(), ShowError> {
        self.session.show()
    }

    /// How far the connection is.
    pub fn state(&self) -> ConnectionState {
        self.session.state()
    }

    /// Whether changes travel.
    pub fn is_connected(&self) -> bool {
        self.session.is_connected()
    }

    /// Waits until the connection has ended for good, and says why it has: for programs that live by their callbacks.
    pub fn closed(&self) -> Disconnect {
        self.wait(self.session.closed())
    }

    /// Closes the connection, after what was sent before. The document stays, on this side only.
    pub fn close(&self) {
        self.wait(self.session.close());
    }

    fn wait<T>(&self, call: impl Future<Output = T>) -> T {
        self.thread.runtime.as_ref().expect("it is there until the last session is dropped").block_on(call)
    }
}

impl fmt::Debug for ClientSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.session.fmt(f)
    }
}

/// The thread that takes part in the session.
struct Thread {
    session: AsyncSession,
    runtime: Option<Runtime>,
}

impl Drop for Thread {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        // Within a runtime nothing may wait; the server then notices that the connection ends without a goodbye.
        if Handle::try_current().is_err() {
            runtime.block_on(self.session.close());
        }
        runtime.shutdown_background();
    }
}
