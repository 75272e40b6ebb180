//! The session without time, tasks and sockets: what arrives goes in, what follows comes out.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use bokeh_document::{Author, CallbackFailure, CallbackId, Document, EncodedPatch, Job, Origin, Publisher, Timers};
use bokeh_protocol::{ErrorContent, Event, Map, Message, MessageIds, MessageType, RawMessage, ServerInfo};

/// How much of an error its author is told: it may quote an id of many megabytes.
const MAX_ERROR_CHARS: usize = 10_000;

/// A connection of a session. Numbers are not used again within a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ConnectionId(pub(crate) u64);

/// What follows from something that happened to the session.
#[derive(Debug)]
pub(crate) enum Effect {
    /// A message is to be sent.
    Send(ConnectionId, Message),
    /// Something the application is to blame for.
    Failure(CallbackFailure),
    /// A request of a peer that was refused, and why.
    Refused(ConnectionId, MessageType, String),
    /// Something a peer sent that was passed over.
    Warning(String),
}

/// The document of a session and those who look at it.
#[derive(Debug)]
pub(crate) struct SessionCore {
    document: Document,
    publisher: Publisher,
    message_ids: MessageIds,
    connections: BTreeMap<ConnectionId, Link>,
    last_connection: u64,
    timers: Timers,
    /// The connections that were the first to pull the document with each token. BokehJS uses a token on a second connection
    /// only when it has lost the first one.
    answered: BTreeMap<u64, ConnectionId>,
    effects: Vec<Effect>,
}

#[derive(Debug)]
struct Link {
    /// Whether it has pulled or pushed the document: before that, patches would mean nothing to it.
    is_ready: bool,
    /// A hash of its token.
    token: u64,
}

impl SessionCore {
    /// A session around a document that the application has filled.
    pub(crate) fn new(document: Document, now: Duration) -> Self {
        let mut core = SessionCore {
            document,
            publisher: Publisher::default(),
            message_ids: MessageIds::new("s"),
            connections: BTreeMap::new(),
            last_connection: 0,
            timers: Timers::default(),
            answered: BTreeMap::new(),
            effects: Vec::new(),
        };
        core.settle(now);
        core
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    /// When [`tick`](Self::tick) is to be called next.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.timers.deadline()
    }

    /// What has followed since the last call, in order.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// A connection is open: it is told so.
    pub(crate) fn attach(&mut self, token: u64) -> ConnectionId {
        self.last_connection += 1;
        let connection = ConnectionId(self.last_connection);
        self.connections.insert(connection, Link { is_ready: false, token });
        let ack = Message::ack(self.message_ids.mint());
        self.effects.push(Effect::Send(connection, ack));
        connection
    }

    /// A connection is closed.
    pub(crate) fn detach(&mut self, connection: ConnectionId, now: Duration) {
        if self.connections.remove(&connection).is_some() {
            self.document.emit(&Event { name: "connection_lost".into(), values: Map::default() });
            self.settle(now);
        }
    }

    /// Runs a job with the document.
    pub(crate) fn run(&mut self, job: Job, now: Duration) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| job(&mut self.document))) {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            self.effects.push(Effect::Warning(format!("a job panicked: {text}")));
        }
        self.settle(now);
    }

    /// Runs the scheduled callbacks whose time has come.
    pub(crate) fn tick(&mut self, now: Duration) {
        for callback in self.timers.take_due(now) {
            self.run_scheduled(callback, now);
        }
    }

    /// A message from a peer. Its reply comes after everything that it has caused.
    pub(crate) fn receive(&mut self, connection: ConnectionId, message: &RawMessage, now: Duration) {
        if !self.connections.contains_key(&connection) {
            return;
        }
        match message.header.msgtype {
            MessageType::PullDocReq => self.pull(connection, message),
            MessageType::PushDoc => self.push(connection, message, now),
            MessageType::PatchDoc => self.patch(connection, message, now),
            MessageType::ServerInfoReq => {
                let version = bokeh_schema::BOKEH_VERSION;
                let info = ServerInfo { bokeh: version.into(), server: version.into() };
                let id = self.message_ids.mint();
                self.send(connection, Message::server_info_reply(id, message.header.msgid.clone(), &info));
            }
            // The receiver refuses everything else.
            other => self.refuse(connection, message, format!("a server does not take {other}")),
        }
    }

    fn pull(&mut self, connection: ConnectionId, message: &RawMessage) {
        let is_alone = !self.connections.iter().any(|(id, link)| link.is_ready && *id != connection);
        let Some(link) = self.connections.get_mut(&connection) else { return };
        link.is_ready = true;
        // After a lost connection BokehJS 3.9.2 does not use the buffers of the reply; arrays in the text it reads.
        let is_inline = *self.answered.entry(link.token).or_insert(connection) != connection;
        let (content, buffers) = self.publisher.whole(&mut self.document, is_inline, is_alone);
        let id = self.message_ids.mint();
        self.send(connection, Message::pull_doc_reply(id, message.header.msgid.clone(), content, buffers));
    }

    fn push(&mut self, connection: ConnectionId, message: &RawMessage, now: Duration) {
        let origin = origin(connection);
        let pushed = match message.content.get("doc") {
            Some(doc) => self.document.replace_with(doc, &message.buffers, origin).map_err(|error| error.to_string()),
            None => Err("the content has no 'doc'".to_owned()),
        };
        if let Err(error) = pushed {
            return self.refuse(connection, message, error);
        }
        if let Some(link) = self.connections.get_mut(&connection) {
            link.is_ready = true;
        }
        let models: Vec<_> = self.document.models().collect();
        self.publish(Some(Author { origin, models: &models }));
        self.answer(connection, message);
        self.settle(now);
    }

    fn patch(&mut self, connection: ConnectionId, message: &RawMessage, now: Duration) {
        let origin = origin(connection);
        match self.document.apply_patch(&message.content, &message.buffers, origin) {
            Ok(applied) => {
                self.publish(Some(Author { origin, models: &applied.defined }));
                self.answer(connection, message);
            }
            Err(error) => self.refuse(connection, message, error.to_string()),
        }
        self.settle(now);
    }

    /// Says that a request is done, or what its callbacks did wrong.
    fn answer(&mut self, connection: ConnectionId, message: &RawMessage) {
        let failures = self.document.take_failures();
        let text = failures.first().map(ToString::to_string);
        self.effects.extend(failures.into_iter().map(Effect::Failure));
        match text {
            Some(text) => self.send_error(connection, message, &text),
            None => {
                let ok = Message::ok(self.message_ids.mint(), message.header.msgid.clone());
                self.send(connection, ok);
            }
        }
    }

    fn refuse(&mut self, connection: ConnectionId, message: &RawMessage, error: String) {
        self.send_error(connection, message, &error);
        self.effects.push(Effect::Refused(connection, message.header.msgtype, error));
    }

    fn send_error(&mut self, connection: ConnectionId, message: &RawMessage, text: &str) {
        let content = ErrorContent { text: text.chars().take(MAX_ERROR_CHARS).collect(), traceback: None };
        let error = Message::error(self.message_ids.mint(), message.header.msgid.clone(), &content);
        self.send(connection, error);
    }

    fn run_scheduled(&mut self, callback: CallbackId, now: Duration) {
        self.document.run_scheduled(callback);
        self.settle(now);
    }

    /// Passes on what happened: changes to the peers, schedules to the timers, failures to the log.
    fn settle(&mut self, now: Duration) {
        self.publish(None);
        self.timers.apply(self.document.take_schedule_changes(), now);
        self.effects.extend(self.document.take_failures().into_iter().map(Effect::Failure));
        self.effects.extend(self.document.take_warnings().into_iter().map(Effect::Warning));
    }

    /// Sends the changes to all connections that have the document: to the author without its own.
    fn publish(&mut self, author: Option<Author<'_>>) {
        let ready: Vec<ConnectionId> =
            self.connections.iter().filter(|(_, link)| link.is_ready).map(|(id, _)| *id).collect();
        if ready.is_empty() {
            return self.publisher.skip(&mut self.document);
        }
        let published = self.publisher.publish(&mut self.document, author);
        // The same messages serve all who get the same: the texts and the buffers are shared.
        let mut for_others = None;
        for connection in ready {
            let messages = if published.has_author(origin(connection)) {
                self.messages(&published.for_peer(origin(connection)))
            } else {
                for_others.get_or_insert_with(|| self.messages(&published.for_others())).clone()
            };
            self.effects.extend(messages.into_iter().map(|message| Effect::Send(connection, message)));
        }
    }

    fn messages(&mut self, patches: &[EncodedPatch]) -> Vec<Message> {
        patches.iter().map(|patch| Message::patch_doc(self.message_ids.mint(), patch)).collect()
    }

    fn send(&mut self, connection: ConnectionId, message: Message) {
        self.effects.push(Effect::Send(connection, message));
    }
}

/// Who a connection is to the document.
fn origin(connection: ConnectionId) -> Origin {
    Origin::Peer(connection.0)
}
