//! The handle of a session.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bokeh_document::{Document, DocumentHandle, Job, Mailbox, PostError};
use bokeh_protocol::{RawMessage, ServerInfo};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use crate::browser::{page_url, show};
use crate::connect::Target;
use crate::connection::Connection;
use crate::core::{ClientCore, Reply};
use crate::task::{Asked, Command, Condition, Task};
use crate::ticket::Ticket;
use crate::{ConnectOptions, Disconnect, OpenError, RequestError, ServerUrl, SessionEnded, ShowError, WaitError};

/// The id of a session that many can find without being told, as with Bokeh. Each server has at most one for each
/// application.
pub const DEFAULT_SESSION_ID: &str = "default";

/// Joins a new session of the application at `url` and takes over its document. [`ConnectOptions`] has more to say.
///
/// # Errors
/// When there is no connection, or the document cannot be had.
pub async fn pull_session(url: impl Into<String>) -> Result<ClientSession, OpenError> {
    ConnectOptions::new(url).pull().await
}

/// Joins a new session of the application at `url` and makes `document` the document of both sides.
///
/// ```no_run
/// use bokeh_client::push_session;
/// use bokeh_document::Document;
/// use bokeh_protocol::Object;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let mut doc = Document::new();
/// let div = doc.add_root(Object { name: "Div".into(), id: None, attributes: vec![] });
/// let session = push_session("default", doc).await?;
/// session.update(move |doc| doc.set_value(div, "text", "hello".into())).await??;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// When there is no connection, or the server refuses the document.
pub async fn push_session(url: impl Into<String>, document: Document) -> Result<ClientSession, OpenError> {
    ConnectOptions::new(url).push(document).await
}

/// A session on a server, with a copy of its document that follows every change.
///
/// This is a handle of the task that owns the document. Clones are handles of the same session; when the last one is
/// dropped, the connection is closed. After the connection has ended the document can still be read and changed, on this
/// side only.
#[derive(Clone)]
pub struct ClientSession {
    id: Arc<str>,
    url: ServerUrl,
    commands: mpsc::Sender<Command>,
    state: watch::Receiver<ConnectionState>,
    reply_timeout: Option<Duration>,
}

/// How far the connection of a session is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConnectionState {
    /// Changes travel.
    Open,
    /// The connection was lost, and the session tries to [come back](crate::Reconnect).
    Lost(Disconnect),
    /// There is no connection and will be none.
    Ended(Disconnect),
}

impl ClientSession {
    /// Starts the task of a session. `ack` is the first message of the connection.
    pub(crate) fn start(
        mut core: ClientCore,
        target: Target,
        ticket: Ticket,
        connection: Box<Connection>,
        ack: RawMessage,
    ) -> Self {
        let (sender, commands) = mpsc::channel(MAILBOX_SIZE);
        let (reporter, state) = watch::channel(ConnectionState::Open);
        let handle = DocumentHandle::new(Arc::new(Post(sender.downgrade())));
        core.run(|document| document.set_handle(handle), Duration::ZERO);
        let (id, url) = (target.session_id.as_str().into(), target.url.clone());
        let reply_timeout = target.options.reply_timeout;
        tokio::spawn(Task::new(core, target, ticket, connection, ack, commands, reporter).run());
        Self { id, url, commands: sender, state, reply_timeout }
    }

    /// The session's id, by which others can join it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The address of the application.
    pub fn url(&self) -> &ServerUrl {
        &self.url
    }

    /// Runs a closure with the document and returns what it returns. What it changes is sent to the server before anything
    /// that this handle does next; whether the server accepts it, [`force_roundtrip`](Self::force_roundtrip) says.
    ///
    /// # Errors
    /// When the session's task is gone.
    ///
    /// # Panics
    /// When the closure does.
    pub async fn update<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Document) -> T + Send + 'static,
    ) -> Result<T, SessionEnded> {
        let (reply, outcome) = oneshot::channel();
        let job: Job = Box::new(move |document| {
            // Whoever asked may have lost interest.
            reply.send(catch_unwind(AssertUnwindSafe(|| change(document)))).ok();
        });
        self.send(Command::Run(job)).await?;
        outcome.await.map_err(|_closed| SessionEnded)?.map_or_else(|panic| resume_unwind(panic), Ok)
    }

    /// Waits until the document meets a condition, which is looked at now and after every change, whoever made it.
    ///
    /// # Errors
    /// When the connection has ended, or ends while the condition is not met.
    ///
    /// # Panics
    /// When the condition does.
    pub async fn wait_until(
        &self,
        condition: impl FnMut(&mut Document) -> bool + Send + 'static,
    ) -> Result<(), WaitError> {
        let (reply, outcome) = oneshot::channel();
        self.send(Command::Wait(Condition { holds: Box::new(condition), reply })).await?;
        outcome
            .await
            .map_err(|_closed| SessionEnded)?
            .unwrap_or_else(|panic| resume_unwind(panic))
            .map_err(WaitError::Lost)
    }

    /// The way to the document from callbacks and other threads, without waiting.
    pub fn document(&self) -> DocumentHandle {
        DocumentHandle::new(Arc::new(Post(self.commands.downgrade())))
    }

    /// Takes over the server's document: title, configuration and models of this side are replaced. Models that the server
    /// has, too, stay with their handles and callbacks, which are told of what has changed; handles of the others are void.
    ///
    /// # Errors
    /// When the server refuses, its document cannot be read, or the connection has ended.
    pub async fn pull(&self) -> Result<(), RequestError> {
        self.request(Asked::Pull).await.map(drop)
    }

    /// Replaces the server's document by this side's. From then on changes of either are changes of both.
    ///
    /// # Errors
    /// When the server refuses the document, or the connection has ended.
    pub async fn push(&self) -> Result<(), RequestError> {
        self.request(Asked::Push).await.map(drop)
    }

    /// Returns when the server has dealt with everything that was sent before. What it sent before that has arrived, too.
    ///
    /// # Errors
    /// When the server has refused a change since the last roundtrip, or the connection has ended.
    pub async fn force_roundtrip(&self) -> Result<(), RequestError> {
        self.request(Asked::Roundtrip).await.map(drop)
    }

    /// Asks for the version of the server, once for each connection.
    ///
    /// # Errors
    /// When the answer is not understood, or the connection has ended.
    pub async fn request_server_info(&self) -> Result<ServerInfo, RequestError> {
        match self.request(Asked::ServerInfo).await? {
            Reply::ServerInfo(info) => Ok(info),
            Reply::Done => unreachable!("the core answers this request with nothing else"),
        }
    }

    /// How far the connection is.
    pub fn state(&self) -> ConnectionState {
        self.state.borrow().clone()
    }

    /// Waits until the connection is open or has ended for good, whatever it is now, and says which.
    ///
    /// # Errors
    /// When it has ended for good.
    pub async fn connected(&self) -> Result<(), Disconnect> {
        let mut state = self.state.clone();
        let settled = state.wait_for(|state| !matches!(state, ConnectionState::Lost(_))).await;
        match settled.as_deref() {
            Ok(ConnectionState::Open) => Ok(()),
            Ok(ConnectionState::Ended(reason)) => Err(reason.clone()),
            _ => Err(Disconnect::Closed),
        }
    }

    /// Waits until the connection is lost or has ended, and says why. Returns at once when there is none.
    pub async fn lost(&self) -> Disconnect {
        let mut state = self.state.clone();
        let lost = state.wait_for(|state| !matches!(state, ConnectionState::Open)).await;
        match lost.as_deref() {
            Ok(ConnectionState::Lost(reason) | ConnectionState::Ended(reason)) => reason.clone(),
            _ => Disconnect::Closed,
        }
    }

    /// Whether changes travel.
    pub fn is_connected(&self) -> bool {
        matches!(*self.state.borrow(), ConnectionState::Open)
    }

    /// Waits until the connection has ended for good, and says why it has.
    pub async fn closed(&self) -> Disconnect {
        let mut state = self.state.clone();
        let ended = state.wait_for(|state| matches!(state, ConnectionState::Ended(_))).await;
        match ended.as_deref() {
            Ok(ConnectionState::Ended(reason)) => reason.clone(),
            _ => Disconnect::Closed,
        }
    }

    /// The address of the session's page.
    pub fn page_url(&self) -> String {
        page_url(&self.url, &self.id)
    }

    /// Opens the session's page in the browser that `BOKEH_BROWSER` names, else in the system's. Does not wait for it.
    ///
    /// # Errors
    /// When the browser does not start.
    pub fn show(&self) -> Result<(), ShowError> {
        show(&self.page_url())
    }

    /// Closes the connection, after what was sent before. The document stays, on this side only. A server that does not
    /// answer is given two seconds.
    pub async fn close(&self) {
        self.close_with("closed").await;
    }

    /// Like [`close`](Self::close), with a reason for the server, of which 123 bytes are sent.
    pub async fn close_with(&self, reason: &str) {
        // A task that is gone has closed it already.
        self.send(Command::Close(reason.to_owned())).await.ok();
        self.closed().await;
    }

    async fn request(&self, asked: Asked) -> Result<Reply, RequestError> {
        let (reply, outcome) = oneshot::channel();
        let answer = async {
            self.send(Command::Request(asked, reply)).await?;
            outcome.await.map_err(|_closed| SessionEnded)?
        };
        match self.reply_timeout {
            None => answer.await,
            Some(limit) => timeout(limit, answer).await.unwrap_or(Err(RequestError::Timeout(limit))),
        }
    }

    async fn send(&self, command: Command) -> Result<(), SessionEnded> {
        self.commands.send(command).await.map_err(|_closed| SessionEnded)
    }
}

impl fmt::Debug for ClientSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSession").field("id", &self.id).field("url", &self.url).finish_non_exhaustive()
    }
}

/// Jobs for the document. It is no handle of the session: that lives as long as somebody uses it.
struct Post(mpsc::WeakSender<Command>);

impl Mailbox for Post {
    fn post(&self, job: Job) -> Result<(), PostError> {
        let commands = self.0.upgrade().ok_or(PostError::Gone)?;
        commands.try_send(Command::Run(job)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => PostError::Full,
            mpsc::error::TrySendError::Closed(_) => PostError::Gone,
        })
    }

    fn send(&self, job: Job) -> Pin<Box<dyn Future<Output = Result<(), PostError>> + Send + '_>> {
        Box::pin(async {
            let commands = self.0.upgrade().ok_or(PostError::Gone)?;
            commands.send(Command::Run(job)).await.map_err(|_closed| PostError::Gone)
        })
    }
}

/// How many commands may wait for a session before those who send them have to wait, too.
const MAILBOX_SIZE: usize = 1024;
