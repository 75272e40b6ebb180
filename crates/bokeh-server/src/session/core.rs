//! The session without time, tasks and sockets: what arrives goes in, what follows comes out.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use bokeh_document::{
    Announcement, Author, CallbackFailure, CallbackId, Document, EncodedPatch, Job, Origin, Place, Published,
    PublishedEvent, Publisher, Timers, Work,
};
use bokeh_protocol::{ErrorContent, Event, Map, Message, MessageIds, MessageType, ModelId, RawMessage, ServerInfo};
use rustc_hash::FxHashSet;

use crate::threads::panic_message;

use super::link::Link;
use super::named::Named;
use super::recent::Recent;
use super::replica::Submitted;

/// How much of an error its author is told: it may quote an id of many megabytes.
const MAX_ERROR_CHARS: usize = 10_000;

/// How many tokens are remembered at least.
const MAX_TOKENS: usize = 1000;

/// A connection of a session. Numbers are not used again within a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ConnectionId(pub(crate) u64);

/// What follows from something that happened to the session.
#[derive(Debug)]
pub(crate) enum Effect {
    /// A message is to be sent.
    Send(ConnectionId, Message),
    /// A message with state is to be sent: it is as large as the document makes it.
    SendState(ConnectionId, Message),
    /// A ping is to be sent behind what was sent so far, and its answer to be [told](SessionCore::has_answered).
    Ping(ConnectionId),
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
    pub(super) document: Document,
    publisher: Publisher,
    /// What was sent lately.
    pub(super) recent: Recent,
    message_ids: MessageIds,
    pub(super) connections: BTreeMap<ConnectionId, Link>,
    last_connection: u64,
    timers: Timers,
    /// The connections that were the first to pull the document with each token. BokehJS uses a token on a second connection
    /// only when it has lost the first one.
    answered: BTreeMap<u64, ConnectionId>,
    /// What the primary is to answer, in a replica.
    pub(super) submitted: BTreeMap<ConnectionId, Submitted>,
    /// Whether the replica has missed something, and waits for the whole document.
    pub(super) awaits_whole: bool,
    pub(super) effects: Vec<Effect>,
}

impl SessionCore {
    /// A session around a document that the application has filled.
    pub(crate) fn new(document: Document, now: Duration) -> Self {
        let mut core = SessionCore {
            document,
            publisher: Publisher::default(),
            recent: Recent::default(),
            message_ids: MessageIds::new("s"),
            connections: BTreeMap::new(),
            last_connection: 0,
            timers: Timers::default(),
            answered: BTreeMap::new(),
            submitted: BTreeMap::new(),
            awaits_whole: false,
            effects: Vec::new(),
        };
        core.settle(now);
        core
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    /// In how many places connections may be wrong.
    pub(crate) fn n_dirty(&self) -> usize {
        self.connections.values().map(Link::n_dirty).sum()
    }

    /// When [`tick`](Self::tick) is to be called next.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        let repairs = self.connections.values().filter_map(Link::deadline).filter(|_| !self.document.is_held());
        repairs.chain(self.timers.deadline()).min()
    }

    /// What user code wants to have run beside the document since the last call.
    pub(crate) fn take_work(&mut self) -> Vec<Work> {
        self.document.take_work()
    }

    /// What has followed since the last call, in order.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// A connection is open: it is told so.
    pub(crate) fn attach(&mut self, token: u64) -> ConnectionId {
        self.last_connection += 1;
        let connection = ConnectionId(self.last_connection);
        self.connections.insert(connection, Link::new(origin(connection), token));
        let ack = Message::ack(self.message_ids.mint());
        self.effects.push(Effect::Send(connection, ack));
        if let Some(primary) = self.document.primary() {
            primary.peer_joined(connection.0);
        }
        connection
    }

    /// The page with this token, which is about to join, may have been given the document by another server.
    pub(crate) fn note_other_answer(&mut self, token: u64) {
        self.answered.entry(token).or_insert(ConnectionId(self.last_connection));
        self.forget_old_tokens();
    }

    /// A connection is closed.
    pub(crate) fn detach(&mut self, connection: ConnectionId, now: Duration) {
        if self.connections.remove(&connection).is_some() {
            self.submitted.remove(&connection);
            if let Some(primary) = self.document.primary() {
                primary.peer_left(connection.0);
            }
            self.document.emit(&Event { name: "connection_lost".into(), values: Map::default() });
            self.settle(now);
        }
    }

    /// More waits for the connection's socket than is good. From now on it is sent no changes, until
    /// [`catch_up`](Self::catch_up).
    pub(crate) fn fall_behind(&mut self, connection: ConnectionId) {
        if let Some(link) = self.connections.get_mut(&connection) {
            link.is_behind = true;
        }
    }

    /// The connection's socket has taken everything: it is sent what it has missed.
    pub(crate) fn catch_up(&mut self, connection: ConnectionId, now: Duration) {
        if let Some(link) = self.connections.get_mut(&connection) {
            link.is_behind = false;
            self.repair(now);
            self.ping(now);
        }
    }

    /// The connection has answered the last ping: everything before it has arrived.
    pub(crate) fn has_answered(&mut self, connection: ConnectionId, now: Duration) {
        if let Some(link) = self.connections.get_mut(&connection) {
            link.receipts.answered(now);
        }
    }

    /// Runs a job with the document.
    pub(crate) fn run(&mut self, job: Job, now: Duration) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| job(&mut self.document))) {
            self.effects.push(Effect::Warning(format!("a job panicked: {}", panic_message(&*panic))));
        }
        self.follow_news(now);
        self.settle(now);
    }

    /// Runs the scheduled callbacks whose time has come.
    pub(crate) fn tick(&mut self, now: Duration) {
        for callback in self.timers.take_due(now) {
            self.run_scheduled(callback, now);
        }
        self.repair(now);
        self.ping(now);
    }

    /// A message from a peer. Its reply comes after everything that it has caused.
    pub(crate) fn receive(&mut self, connection: ConnectionId, message: &RawMessage, now: Duration) {
        if !self.connections.contains_key(&connection) {
            return;
        }
        match message.header.msgtype {
            MessageType::PullDocReq => self.pull(connection, message, now),
            MessageType::PushDoc | MessageType::PatchDoc if self.submit(connection, message, now) => {}
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

    fn pull(&mut self, connection: ConnectionId, message: &RawMessage, now: Duration) {
        let is_alone = !self.connections.iter().any(|(id, link)| link.is_ready && *id != connection);
        let Some(link) = self.connections.get_mut(&connection) else { return };
        // After a lost connection BokehJS 3.9.2 does not use the buffers of the reply; arrays in the text it reads.
        let is_inline = *self.answered.entry(link.token).or_insert(connection) != connection;
        link.has_whole(is_inline || link.is_ready, now);
        link.has_read_held = self.document.is_held();
        let (content, buffers) = self.publisher.whole(&mut self.document, is_inline, is_alone);
        let id = self.message_ids.mint();
        let reply = Message::pull_doc_reply(id, message.header.msgid.clone(), content, buffers);
        self.effects.push(Effect::SendState(connection, reply));
        self.forget_old_tokens();
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
            link.has_whole(false, now);
        }
        let models: Vec<_> = self.document.models().collect();
        self.publish(Some(Author { origin, models: &models }), now);
        self.answer(connection, message);
        self.settle(now);
    }

    fn patch(&mut self, connection: ConnectionId, message: &RawMessage, now: Duration) {
        let Some(link) = self.connections.get_mut(&connection) else { return };
        let origin = link.origin;
        let named = Named::new(&self.document, message, link, &self.recent, now);
        match self.document.apply_patch(&named.content(message), &message.buffers, origin) {
            Ok(applied) => {
                named.were_applied(&self.document, &applied.passed_over, link, &self.recent, now);
                // What it has defined before it saw the whole document, it may have lost with the old one.
                let is_sure = !link.loses_models(&applied.defined, now);
                let models = if is_sure { &applied.defined[..] } else { &[] };
                self.publish(Some(Author { origin, models }), now);
                self.answer(connection, message);
            }
            Err(error) => {
                named.were_refused(link, &self.recent, now);
                self.refuse(connection, message, error.to_string());
            }
        }
        self.settle(now);
    }

    /// Says that a request is done, or what its callbacks did wrong.
    pub(super) fn answer(&mut self, connection: ConnectionId, message: &RawMessage) {
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

    pub(super) fn send_error(&mut self, connection: ConnectionId, message: &RawMessage, text: &str) {
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
        self.publish(None, now);
        self.repair(now);
        self.ping(now);
        self.timers.apply(self.document.take_schedule_changes(), now);
        self.effects.extend(self.document.take_failures().into_iter().map(Effect::Failure));
        self.effects.extend(self.document.take_warnings().into_iter().map(Effect::Warning));
    }

    /// Sends the changes to all connections that have the document: to the author without its own.
    pub(super) fn publish(&mut self, author: Option<Author<'_>>, now: Duration) {
        self.document.tell_primary();
        if !self.connections.values().any(|link| link.is_ready) {
            self.recent.clear();
            return self.publisher.skip(&mut self.document);
        }
        let published = self.publisher.publish(&mut self.document, author);
        if published.events().is_empty() {
            return;
        }
        // The same messages serve all who get the same: the texts and the buffers are shared.
        let mut for_all = None;
        let mut connections = std::mem::take(&mut self.connections);
        for (connection, link) in connections.iter_mut().filter(|(_, link)| link.is_ready) {
            let messages = if published.has_author(link.origin) || !link.is_plain(now) {
                let patches = self.select(link, &published, author, now);
                self.messages(&patches)
            } else {
                for_all.get_or_insert_with(|| self.messages(&published.for_others())).clone()
            };
            if !messages.is_empty() {
                link.receipts.note_sent(now);
            }
            self.effects.extend(messages.into_iter().map(|message| Effect::Send(*connection, message)));
        }
        let ready = connections.values().filter(|link| link.is_ready);
        let horizon = ready.map(|link| link.receipts.seen(now)).min().unwrap_or(now);
        self.connections = connections;
        for event in published.events() {
            for place in event.place.iter().chain(event.redefined()) {
                self.recent.note(place, event.origin, now, horizon);
            }
        }
    }

    /// What of the changes to send to one connection.
    fn select(
        &self,
        link: &mut Link,
        published: &Published,
        author: Option<Author<'_>>,
        now: Duration,
    ) -> Vec<EncodedPatch> {
        let is_answer = author.is_some_and(|author| author.origin == link.origin);
        link.retain_missing(|model| self.publisher.knows(model));
        let document = &self.document;
        let mentions = |event: &PublishedEvent, announcement: &Announcement, missing: &FxHashSet<ModelId>| {
            let mut has_any = false;
            let mut visit = |model| has_any |= missing.contains(&model);
            event.event.for_each_model(&mut visit);
            for model in announcement.defined.iter() {
                document.for_each_linked(*model, &mut visit);
            }
            has_any
        };
        let patches = link.select(published, is_answer, mentions, now);
        if published.has_author(link.origin) {
            // It has brought models back that it knew, and may not know what became of them.
            let rejoined = published.rejoined(link.origin).filter(|model| !link.may_have_lost(*model));
            let rejoined: Vec<ModelId> = rejoined.collect();
            link.has_got(&rejoined);
            // Others it may never have lost, so that it passes over their definition.
            let redefined = published.events().iter().flat_map(PublishedEvent::redefined).cloned();
            for place in rejoined.into_iter().map(Place::Model).chain(redefined) {
                link.is_wrong_about(place, now);
            }
        }
        patches
    }

    /// Sets right what peers have wrong, as far as it is due.
    fn repair(&mut self, now: Duration) {
        // What is held back is not to be told yet.
        if self.document.is_held() {
            return;
        }
        let mut connections = std::mem::take(&mut self.connections);
        for (connection, link) in &mut connections {
            let due = link.take_due(|place| self.document.leads_to_models(place), now);
            let mut got = Vec::new();
            for place in due.leading {
                got.extend(self.restore(*connection, link, &place, now));
            }
            link.has_got(&got);
            for place in due.plain {
                let got = self.restore(*connection, link, &place, now);
                link.has_got(&got);
            }
            for event in due.messages {
                let announcement = self.publisher.repeat(&self.document, &event, &|model| link.is_missing(model));
                link.is_told(None, &announcement.defined, now);
                link.has_got(&announcement.defined);
                self.send_state(*connection, announcement);
            }
        }
        self.connections = connections;
    }

    /// Asks those who were sent something whether it has arrived.
    fn ping(&mut self, now: Duration) {
        let due = self.connections.iter_mut().filter_map(|(id, link)| link.receipts.take_ping(now).then_some(*id));
        self.effects.extend(due.map(Effect::Ping));
    }

    /// Sets one place right. Answers the models of which the peer is sure to have the definition now.
    fn restore(&mut self, connection: ConnectionId, link: &mut Link, place: &Place, now: Duration) -> Vec<ModelId> {
        let mut got = Vec::new();
        for announcement in self.publisher.restore(&self.document, place, &|model| link.is_missing(model)) {
            link.is_told(Some(place), &announcement.defined, now);
            got.extend(self.taken_over(link, &announcement));
            self.send_state(connection, announcement);
        }
        got
    }

    /// Of the models that an announcement defines, those that the peer is sure to get. Python's client passes over the definition
    /// of a model that it has, and what that defines.
    fn taken_over(&self, link: &Link, announcement: &Announcement) -> Vec<ModelId> {
        let mut got = Vec::new();
        let mut open: Vec<ModelId> = announcement.direct.to_vec();
        while let Some(model) = open.pop() {
            if link.is_missing(model) && announcement.defined.contains(&model) && !got.contains(&model) {
                got.push(model);
                self.document.for_each_linked(model, &mut |linked| open.push(linked));
            }
        }
        got
    }

    fn send_state(&mut self, connection: ConnectionId, announcement: Announcement) {
        let message = Message::patch_doc(self.message_ids.mint(), &[announcement.event]);
        self.effects.push(Effect::SendState(connection, message));
    }

    /// A session that is visited by many must not remember all their tokens for ever.
    fn forget_old_tokens(&mut self) {
        if self.answered.len() > 2 * MAX_TOKENS {
            let newest = self.last_connection;
            self.answered.retain(|_, first| first.0 + MAX_TOKENS as u64 > newest);
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
pub(super) fn origin(connection: ConnectionId) -> Origin {
    Origin::Peer(connection.0)
}
