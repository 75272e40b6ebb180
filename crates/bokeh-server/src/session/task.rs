//! The task that owns a session, and the handle by which others reach it.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use bokeh_document::{Document, DocumentHandle, Job, Mailbox, NewsSource, PostError, Work};
use bokeh_embed::Bundle;
use bokeh_protocol::{Message, MessageType, RawMessage};
use futures_util::future::{BoxFuture, FutureExt};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::{Instrument, Span, error, warn};

use crate::log_line::log_line;
use crate::metrics::{AppMetrics, DirtyPlaces};
use crate::threads::Threads;

use super::core::{ConnectionId, Effect, SessionCore};
use super::outbox::{Outbox, Outgoing};

/// How many commands may wait for a session before those who send them have to wait, too.
const MAILBOX_SIZE: usize = 1024;

/// Everything that can happen to a session, one at a time.
enum Command {
    Attach(Arrival, Outbox, oneshot::Sender<ConnectionId>),
    Detach(ConnectionId),
    /// The connection's socket has taken everything.
    Drained(ConnectionId),
    /// The peer has answered the last ping.
    Answered(ConnectionId),
    Receive(ConnectionId, RawMessage, Waiting),
    Run(Job),
    /// The document's primary has said something.
    Hear(NewsSource),
    PageRoots(oneshot::Sender<PageRoots>),
    End,
}

impl Command {
    /// Whether a replica that has no callbacks can be done with it at once.
    fn is_quick(&self) -> bool {
        match self {
            Self::Attach(..) | Self::Detach(_) | Self::Answered(_) | Self::Hear(_) => true,
            Self::Receive(_, message, sender) => message.header.msgtype == MessageType::PatchDoc && sender.is_brief(),
            // Whole documents, at which these look, may be large.
            Self::Drained(_) | Self::PageRoots(_) => false,
            // User code.
            Self::Run(_) | Self::End => false,
        }
    }
}

/// Who joins a session.
struct Arrival {
    /// A hash of the token.
    token: u64,
    /// Another server has given the token, and may have answered it.
    is_from_elsewhere: bool,
}

/// Who waits until a message has been handled.
struct Waiting {
    /// The length of the message.
    n_bytes: usize,
    done: oneshot::Sender<()>,
}

impl Waiting {
    /// Whether the message, and the answer to it, is dealt with before anybody has to wait for it.
    fn is_brief(&self) -> bool {
        self.n_bytes <= MAX_BRIEF_BYTES
    }
}

/// What a page has to know of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageRoots {
    /// The document's title.
    pub(crate) title: String,
    /// The ids of the roots on the wire, in order.
    pub(crate) root_ids: Vec<String>,
    /// What of BokehJS it needs to be drawn.
    pub(crate) bundles: Vec<Bundle>,
}

/// The session is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the session has ended")]
pub(crate) struct SessionEnded;

/// Reaches a session's task. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct SessionHandle {
    commands: mpsc::Sender<Command>,
    ended: watch::Receiver<()>,
}

impl SessionHandle {
    /// The handle of a document that has no session yet, and the mailbox from which its session will read.
    pub(crate) fn prepare() -> (DocumentHandle, SessionMailbox) {
        let (sender, receiver) = mpsc::channel(MAILBOX_SIZE);
        let handle = DocumentHandle::new(Arc::new(Post(sender.downgrade())));
        (handle, SessionMailbox { sender, receiver })
    }

    /// Starts the task of a session around a document that the application has filled. `span` is what it logs under.
    ///
    /// It runs on `threads`, which user code may block. While nothing but small news of a primary has to be passed on, it runs
    /// on the runtime of the sockets, `io`, which keeps the time as well: to go to another thread and back takes longer.
    pub(crate) fn spawn(
        threads: &Threads,
        io: Handle,
        mailbox: SessionMailbox,
        mut document: Document,
        metrics: Arc<AppMetrics>,
        span: Span,
    ) -> SessionHandle {
        let SessionMailbox { sender, receiver } = mailbox;
        let (alive, ended) = watch::channel(());
        document.set_observer(threads.watchdog().watch(span.clone(), metrics.clone()));
        let stop = CancellationToken::new();
        let task = Task {
            core: SessionCore::new(document, Duration::ZERO),
            io,
            span,
            started: Instant::now(),
            outboxes: HashMap::new(),
            unanswered: HashMap::new(),
            threads: threads.clone(),
            dirty_places: DirtyPlaces::new(metrics.clone()),
            metrics,
            stop: stop.clone(),
            _stop_on_drop: stop.drop_guard(),
            _alive: alive,
        };
        task.go_on(receiver, None);
        SessionHandle { commands: sender, ended }
    }

    /// Joins the session; its first message is the acknowledgement.
    pub(crate) async fn attach(
        &self,
        token: &str,
        is_from_elsewhere: bool,
        outbox: Outbox,
    ) -> Result<ConnectionId, SessionEnded> {
        let mut hasher = DefaultHasher::new();
        token.hash(&mut hasher);
        let (reply, connection) = oneshot::channel();
        let arrival = Arrival { token: hasher.finish(), is_from_elsewhere };
        self.send(Command::Attach(arrival, outbox, reply)).await?;
        connection.await.map_err(|_gone| SessionEnded)
    }

    /// Hands over a message of a connection, which arrived as so many bytes, and waits until it has been handled: a peer has one
    /// message at a time in the session, however fast it sends.
    pub(crate) async fn receive(
        &self,
        connection: ConnectionId,
        message: RawMessage,
        n_bytes: usize,
    ) -> Result<(), SessionEnded> {
        let (done, handled) = oneshot::channel();
        self.send(Command::Receive(connection, message, Waiting { n_bytes, done })).await?;
        handled.await.map_err(|_gone| SessionEnded)
    }

    /// Leaves the session.
    pub(crate) async fn detach(&self, connection: ConnectionId) {
        // A session that has ended has no connections anyway.
        self.send(Command::Detach(connection)).await.ok();
    }

    /// Says that the connection's socket has taken everything.
    pub(crate) async fn drained(&self, connection: ConnectionId) {
        // A session that has ended has nothing more to say.
        self.send(Command::Drained(connection)).await.ok();
    }

    /// Says that the peer has answered the last ping.
    pub(crate) async fn answered(&self, connection: ConnectionId) {
        // A session that has ended does not want to know.
        self.send(Command::Answered(connection)).await.ok();
    }

    /// How many commands wait.
    pub(crate) fn n_waiting(&self) -> usize {
        self.commands.max_capacity() - self.commands.capacity()
    }

    /// What a page has to know.
    pub(crate) async fn page_roots(&self) -> Result<PageRoots, SessionEnded> {
        let (reply, roots) = oneshot::channel();
        self.send(Command::PageRoots(reply)).await?;
        roots.await.map_err(|_gone| SessionEnded)
    }

    /// Ends the session: its connections are closed, its document is dropped. Returns when that is done.
    pub(crate) async fn end(&self) {
        self.send(Command::End).await.ok();
        // The sender never sends: an error says that the task is over.
        self.ended.clone().changed().await.ok();
    }

    async fn send(&self, command: Command) -> Result<(), SessionEnded> {
        self.commands.send(command).await.map_err(|_gone| SessionEnded)
    }
}

/// Where commands wait for a session that is still being created.
#[derive(Debug)]
pub(crate) struct SessionMailbox {
    sender: mpsc::Sender<Command>,
    receiver: mpsc::Receiver<Command>,
}

/// Jobs for the document. It is no handle of the session, which lives as long as it is in a table.
struct Post(mpsc::WeakSender<Command>);

impl Mailbox for Post {
    fn post(&self, job: Job) -> Result<(), PostError> {
        self.post_command(Command::Run(job))
    }

    fn hear(&self, source: NewsSource) -> Result<(), PostError> {
        self.post_command(Command::Hear(source))
    }

    fn send(&self, job: Job) -> BoxFuture<'_, Result<(), PostError>> {
        async {
            let commands = self.0.upgrade().ok_or(PostError::Gone)?;
            commands.send(Command::Run(job)).await.map_err(|_closed| PostError::Gone)
        }
        .boxed()
    }
}

impl Post {
    fn post_command(&self, command: Command) -> Result<(), PostError> {
        let commands = self.0.upgrade().ok_or(PostError::Gone)?;
        commands.try_send(command).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => PostError::Full,
            mpsc::error::TrySendError::Closed(_) => PostError::Gone,
        })
    }
}

struct Task {
    core: SessionCore,
    io: Handle,
    span: Span,
    started: Instant,
    outboxes: HashMap<ConnectionId, Outbox>,
    /// Those who wait until their message has been handled.
    unanswered: HashMap<ConnectionId, Waiting>,
    threads: Threads,
    metrics: Arc<AppMetrics>,
    dirty_places: DirtyPlaces,
    /// Ends what was spawned.
    stop: CancellationToken,
    _stop_on_drop: DropGuard,
    /// Dropped with the task, which is how others see its end.
    _alive: watch::Sender<()>,
}

impl Task {
    /// Goes on where the next command belongs.
    fn go_on(self, commands: mpsc::Receiver<Command>, command: Option<Command>) {
        let span = self.span.clone();
        if command.is_none() && self.may_run_beside_sockets() {
            drop(self.io.clone().spawn(self.run_beside_sockets(commands).instrument(span)));
        } else {
            let threads = self.threads.clone();
            drop(threads.spawn(self.run(commands, command).instrument(span)));
        }
    }

    /// Whether everything that the document's callbacks could do is done elsewhere, and no long message is to be answered.
    fn may_run_beside_sockets(&self) -> bool {
        let document = self.core.document();
        let runs_no_user_code = document.primary().is_some() && !document.has_callbacks();
        runs_no_user_code && self.unanswered.values().all(Waiting::is_brief)
    }

    /// Takes commands that can neither block nor take long.
    async fn run_beside_sockets(mut self, mut commands: mpsc::Receiver<Command>) {
        self.pass_on();
        loop {
            match self.next(&mut commands).await {
                Some(command) if command.is_quick() => self.handle(command),
                command => return self.go_on(commands, Some(command.unwrap_or(Command::End))),
            }
            self.pass_on();
        }
    }

    /// Takes commands of all kinds.
    async fn run(mut self, mut commands: mpsc::Receiver<Command>, mut command: Option<Command>) {
        self.pass_on();
        loop {
            if command.is_none() {
                command = self.next(&mut commands).await;
            }
            match command.take() {
                None | Some(Command::End) => break,
                Some(command) => self.handle(command),
            }
            self.pass_on();
            if self.may_run_beside_sockets() {
                return self.go_on(commands, None);
            }
        }
        self.core.run(Box::new(Document::destroy_session), self.started.elapsed());
        self.pass_on();
        for outbox in self.outboxes.values() {
            outbox.push(Outgoing::Close { code: 1001, reason: "the session has ended".to_owned() }, true);
        }
    }

    /// The next command. What is due meanwhile is done.
    async fn next(&mut self, commands: &mut mpsc::Receiver<Command>) -> Option<Command> {
        loop {
            let due = self.core.deadline().map(|deadline| {
                let _in_the_clocks_runtime = self.io.enter();
                tokio::time::sleep_until(self.started + deadline)
            });
            let tick = async {
                match due {
                    Some(due) => due.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                command = commands.recv() => return command,
                () = tick => self.core.tick(self.started.elapsed()),
            }
            self.pass_on();
        }
    }

    fn handle(&mut self, command: Command) {
        let now = self.started.elapsed();
        match command {
            Command::Attach(Arrival { token, is_from_elsewhere }, outbox, reply) => {
                if is_from_elsewhere {
                    self.core.note_other_answer(token);
                }
                let connection = self.core.attach(token);
                self.outboxes.insert(connection, outbox);
                if reply.send(connection).is_err() {
                    self.detach(connection, now);
                }
            }
            Command::Detach(connection) => self.detach(connection, now),
            Command::Drained(connection) => self.core.catch_up(connection, now),
            Command::Answered(connection) => self.core.has_answered(connection, now),
            Command::Receive(connection, message, sender) => {
                self.core.receive(connection, &message, now);
                self.unanswered.insert(connection, sender);
            }
            Command::Run(job) => self.core.run(job, now),
            Command::Hear(source) => self.core.run(Box::new(|document| document.hear(source)), now),
            Command::PageRoots(reply) => {
                let document = self.core.document();
                let ids = document.roots().iter().filter_map(|root| document.wire_id(*root));
                let root_ids = ids.map(str::to_owned).collect();
                let roots =
                    PageRoots { title: document.title().to_owned(), root_ids, bundles: Bundle::needed_by(document) };
                // Whoever asked may be gone.
                reply.send(roots).ok();
            }
            Command::End => {}
        }
    }

    fn detach(&mut self, connection: ConnectionId, now: Duration) {
        self.outboxes.remove(&connection);
        self.core.detach(connection, now);
    }

    /// Starts what user code has spawned. It ends with the session.
    fn start(&self, work: Work) {
        let (stop, span) = (self.stop.clone(), Span::current());
        match work {
            Work::Future(future) => {
                let task = async move { stop.run_until_cancelled(future).await };
                // Nobody waits for the end of it.
                drop(self.threads.spawn(task.instrument(span)));
            }
            Work::Blocking(work) => self.threads.run_in_background(work, stop, span),
        }
    }

    /// Hands messages to the connections, what was spawned to the threads, and everything else to the log.
    fn pass_on(&mut self) {
        for (_, sender) in self.unanswered.extract_if(|connection, _| !self.core.is_waiting(*connection)) {
            // The connection may be gone by now.
            sender.done.send(()).ok();
        }
        for work in self.core.take_work() {
            self.start(work);
        }
        for effect in self.core.take_effects() {
            match effect {
                Effect::Send(connection, message) => self.send(connection, message, false),
                Effect::SendState(connection, message) => self.send(connection, message, true),
                Effect::Ping(connection) => {
                    if let Some(outbox) = self.outboxes.get(&connection) {
                        outbox.push(Outgoing::Ping, false);
                    }
                }
                Effect::Failure(failure) => {
                    self.metrics.errors.callback.add(1);
                    error!("{failure}");
                }
                Effect::Refused(connection, msgtype, error) => {
                    self.metrics.errors.message.add(1);
                    warn!(connection = connection.0, "refused {msgtype}: {}", log_line(&error));
                }
                Effect::Warning(warning) => warn!("{}", log_line(&warning)),
            }
        }
        self.dirty_places.set(self.core.n_dirty());
    }

    fn send(&mut self, connection: ConnectionId, message: Message, is_state: bool) {
        let Some(outbox) = self.outboxes.get(&connection) else { return };
        let is_too_much = outbox.push(Outgoing::Message(message), is_state);
        if is_too_much && outbox.ask_for_notice() {
            self.core.fall_behind(connection);
        }
    }
}

/// Some hundred events, or a selection of some thousand points.
const MAX_BRIEF_BYTES: usize = 64 << 10;
