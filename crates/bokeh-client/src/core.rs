//! The client without time, tasks and sockets: what arrives goes in, what follows comes out.

mod pending;
#[cfg(test)]
mod tests;

use std::mem;
use std::time::Duration;

use bokeh_document::{Author, CallbackFailure, Document, Origin, Publisher, Timers, Work};
use bokeh_protocol::{ErrorContent, Message, MessageIds, MessageType, ModelId, RawMessage, ServerInfo};
use serde_json::Value as Json;

use crate::{Disconnect, RequestError, Resume};
use pending::{Pending, Request};

/// A client's side of a session: the document, and the conversation about it with a server.
///
/// It opens nothing and reads no clock. Its owner tells it what happens, and carries out the [effects](Effect) afterwards.
/// Times count from a beginning that the owner chooses.
///
/// ```
/// use std::time::Duration;
///
/// use bokeh_client::{ClientCore, Effect};
/// use bokeh_document::Document;
/// use bokeh_protocol::{Header, MessageType, RawMessage};
///
/// let mut core = ClientCore::new(Document::new(), "c");
/// core.connected();
/// core.pull();
/// assert!(core.take_effects().is_empty(), "nothing may be sent before the server's ACK");
///
/// let ack = RawMessage { header: Header::new("s1", MessageType::Ack), content: ().into(), buffers: vec![] };
/// core.receive(ack, Duration::ZERO);
/// let effects = core.take_effects();
/// assert!(matches!(&effects[..], [Effect::Acknowledged, Effect::Send(message)] if message.header().msgtype == MessageType::PullDocReq));
/// ```
#[derive(Debug)]
pub struct ClientCore {
    document: Document,
    publisher: Publisher,
    message_ids: MessageIds,
    phase: Phase,
    /// Whether server and client have the same document, so that changes of one are changes of the other.
    is_attached: bool,
    /// Whether they had when the connection was lost.
    was_attached: bool,
    /// What the server of this connection has said about itself.
    server_info: Option<ServerInfo>,
    pending: Pending,
    /// The first ERROR to a change since the last roundtrip.
    refused: Option<String>,
    timers: Timers,
    effects: Vec<Effect>,
}

/// Names a request, so that its outcome can be told to whom it concerns. Not used again by the same client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(String);

/// What follows from something that happened to the client.
#[derive(Debug)]
#[non_exhaustive]
pub enum Effect {
    /// The server has acknowledged the connection.
    Acknowledged,
    /// A message is to be sent.
    Send(Message),
    /// A request has its outcome.
    Done(RequestId, Result<Reply, RequestError>),
    /// The connection is to be closed, since the server does not keep to the protocol.
    Disconnect(Disconnect),
    /// The server answered a change with this ERROR. The next roundtrip fails with it.
    Refused(String),
    /// A callback of this side failed.
    Failure(CallbackFailure),
    /// Something is to be run beside the document, as long as that lives.
    Start(Work),
    /// Something that the server sent was passed over.
    Warning(String),
}

/// What a request brought.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// It was carried out.
    Done,
    /// The server's version.
    ServerInfo(ServerInfo),
}

/// How far the connection is.
#[derive(Debug)]
enum Phase {
    /// Never, or not any more.
    NotConnected(Disconnect),
    /// What is sent too early makes the server close the connection, so it is kept until the ACK.
    BeforeAck(Vec<Message>),
    AfterAck,
}

/// The origin of what the server does.
const SERVER: Origin = Origin::Peer(0);

impl ClientCore {
    /// A client with a document and no connection. New models and messages get ids that begin with `id_prefix`, which must
    /// be another one for each client of a session, and not the server's: Python's is `p`, ours is `m`.
    pub fn new(mut document: Document, id_prefix: &str) -> Self {
        document.set_id_prefix(id_prefix);
        document.expect_exact_peers();
        document.follow_server();
        let mut core = ClientCore {
            document,
            publisher: Publisher::default(),
            message_ids: MessageIds::new(id_prefix),
            phase: Phase::NotConnected(Disconnect::Closed),
            is_attached: false,
            was_attached: false,
            server_info: None,
            pending: Pending::default(),
            refused: None,
            timers: Timers::default(),
            effects: Vec::new(),
        };
        core.settle(&[], Duration::ZERO);
        core
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// When [`tick`](Self::tick) is to be called next.
    pub fn deadline(&self) -> Option<Duration> {
        self.timers.deadline()
    }

    /// What has followed since the last call, in order.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        mem::take(&mut self.effects)
    }

    /// A connection is open. The server will acknowledge it; until then requests wait.
    pub fn connected(&mut self) {
        self.phase = Phase::BeforeAck(Vec::new());
    }

    /// The connection has ended: requests that wait for an answer fail. Changes of the document are local from now on.
    pub fn disconnected(&mut self, reason: &Disconnect) {
        self.phase = Phase::NotConnected(reason.clone());
        self.was_attached |= mem::take(&mut self.is_attached);
        self.server_info = None;
        for (id, _) in self.pending.take_all() {
            self.effects.push(Effect::Done(RequestId(id), Err(RequestError::Lost(reason.clone()))));
        }
    }

    /// After [`connected`](Self::connected) for a second time: makes the document that of both sides again, if it was when
    /// the connection was lost. Until that is done changes of either side stay there.
    pub fn resume(&mut self, resume: Resume) -> Option<RequestId> {
        self.was_attached.then(|| match resume {
            Resume::Pull => self.pull(),
            Resume::Push => self.push(),
        })
    }

    /// Asks for the server's document, which replaces title, configuration and models of this one when it arrives. Models
    /// that it defines again stay, with their handles and callbacks; handles of the others are void then.
    pub fn pull(&mut self) -> RequestId {
        let id = self.message_ids.mint();
        self.request(Message::pull_doc_req(&*id), Request::Pull { sent_since: Vec::new(), is_repair: false })
    }

    /// Replaces the server's document by this one. Changes are sent from now on.
    pub fn push(&mut self) -> RequestId {
        // What has not been sent yet is in the document that is.
        self.publisher.skip(&mut self.document);
        let (content, buffers) = self.publisher.whole(&mut self.document, false, true);
        let id = self.message_ids.mint();
        let is_first = !mem::replace(&mut self.is_attached, true);
        self.request(Message::push_doc(id, content, buffers), Request::Push { is_first, has_arrived: false })
    }

    /// Asks for the server's version, once for each connection.
    pub fn server_info(&mut self) -> RequestId {
        let id = self.message_ids.mint();
        if let Some(info) = &self.server_info {
            self.effects.push(Effect::Done(RequestId(id.clone()), Ok(Reply::ServerInfo(info.clone()))));
            return RequestId(id);
        }
        self.request(Message::server_info_req(id), Request::ServerInfo)
    }

    /// Asks for a sign that the server has done everything that was sent before. Fails when it refused a change since the
    /// last roundtrip.
    pub fn roundtrip(&mut self) -> RequestId {
        let id = self.message_ids.mint();
        self.request(Message::server_info_req(id), Request::Roundtrip)
    }

    /// Does something with the document, and sends what it changed.
    pub fn run<T>(&mut self, job: impl FnOnce(&mut Document) -> T, now: Duration) -> T {
        let outcome = job(&mut self.document);
        self.settle(&[], now);
        outcome
    }

    /// Runs the scheduled callbacks whose time has come.
    pub fn tick(&mut self, now: Duration) {
        for callback in self.timers.take_due(now) {
            self.document.run_scheduled(callback);
            self.settle(&[], now);
        }
    }

    /// A message from the server.
    pub fn receive(&mut self, message: RawMessage, now: Duration) {
        match (&mut self.phase, message.header.msgtype) {
            (Phase::NotConnected(_), _) => {}
            (Phase::BeforeAck(waiting), MessageType::Ack) => {
                let waiting = mem::take(waiting);
                self.phase = Phase::AfterAck;
                self.effects.push(Effect::Acknowledged);
                self.effects.extend(waiting.into_iter().map(Effect::Send));
            }
            (Phase::BeforeAck(_), other) => self.effects.push(Effect::Disconnect(Disconnect::NoAck(other))),
            (Phase::AfterAck, MessageType::PatchDoc) => self.patch(message, now),
            (
                Phase::AfterAck,
                MessageType::Ok | MessageType::Error | MessageType::PullDocReply | MessageType::ServerInfoReply,
            ) => self.answer(&message, now),
            (Phase::AfterAck, other) => self.warn(format!("a client does not take {other}")),
        }
    }

    fn patch(&mut self, mut message: RawMessage, now: Duration) {
        // Python's server sends changes before the pull, whose answer will contain them.
        if !self.is_attached {
            return;
        }
        self.pending.remove_echoes(&mut message.content, &self.document);
        match self.document.apply_patch(&message.content, &message.buffers, SERVER) {
            Ok(applied) => self.settle(&applied.defined, now),
            // The document that was asked for has this change.
            Err(_) if self.pending.has_pull() => {}
            Err(error) => {
                self.warn(format!("a patch of the server cannot be applied, so its document is pulled anew: {error}"));
                let id = self.message_ids.mint();
                self.request(Message::pull_doc_req(&*id), Request::Pull { sent_since: Vec::new(), is_repair: true });
            }
        }
    }

    fn answer(&mut self, message: &RawMessage, now: Duration) {
        let answered = message.header.reqid.as_deref().and_then(|id| Some((id.to_owned(), self.pending.take(id)?)));
        let Some((id, request)) = answered else {
            return self.warn(format!("{} answers nothing that was asked", message.header.msgtype));
        };
        let asked = request.message_type();
        let is_repair = matches!(request, Request::Pull { is_repair: true, .. });
        let outcome = match (request, message.header.msgtype) {
            (request, MessageType::Error) => self.error(&request, &message.content),
            (Request::Patch, MessageType::Ok) => return,
            (Request::Patch, answer) => return self.warn(format!("the server answered PATCH-DOC by {answer}")),
            (Request::Push { .. }, MessageType::Ok) => Ok(Reply::Done),
            (Request::Pull { sent_since, .. }, MessageType::PullDocReply) => self.replace(message, &sent_since, now),
            (Request::Roundtrip, MessageType::ServerInfoReply) => match self.refused.take() {
                None => Ok(Reply::Done),
                Some(text) => Err(RequestError::Change(text)),
            },
            (Request::ServerInfo, MessageType::ServerInfoReply) => {
                let info = ServerInfo::parse(&message.content).map_err(RequestError::from);
                self.server_info = info.as_ref().ok().cloned();
                info.map(Reply::ServerInfo)
            }
            (_, answer) => Err(RequestError::Answer { request: asked, answer }),
        };
        if is_repair {
            if let Err(error) = outcome {
                self.warn(format!("the server's document cannot be pulled anew: {error}"));
            }
        } else if asked != MessageType::PatchDoc {
            self.effects.push(Effect::Done(RequestId(id), outcome));
        }
    }

    /// What an ERROR in answer to a request means.
    fn error(&mut self, request: &Request, content: &Json) -> Result<Reply, RequestError> {
        let text = ErrorContent::parse(content).map_or_else(|_| content.to_string(), |error| error.text);
        match request {
            Request::Patch => {
                self.effects.push(Effect::Refused(text.clone()));
                self.refused.get_or_insert_with(|| text.clone());
            }
            // The server still has another document.
            Request::Push { is_first: true, .. } => self.is_attached = false,
            _ => {}
        }
        Err(RequestError::Refused { request: request.message_type(), text })
    }

    /// Takes over the server's document.
    fn replace(&mut self, message: &RawMessage, sent_since: &[Message], now: Duration) -> Result<Reply, RequestError> {
        let doc = message.content.get("doc").unwrap_or(&Json::Null);
        self.document.replace_with(doc, &message.buffers, SERVER)?;
        self.is_attached = true;
        // The server wrote its answer before it saw these changes, and will not send them back to their author. What they
        // have made is still here, as nothing was swept yet.
        for message in sent_since {
            let content = serde_json::from_slice(message.content()).unwrap_or_default();
            if let Err(error) = self.document.apply_patch(&content, message.buffers(), SERVER) {
                self.warn(format!("a change did not outlast the pull: {error}"));
            }
        }
        let models: Vec<ModelId> = self.document.models().collect();
        self.settle(&models, now);
        Ok(Reply::Done)
    }

    /// Passes on what happened: changes to the server, schedules to the timers, failures to the log. `models` are those that
    /// the server has just defined.
    fn settle(&mut self, models: &[ModelId], now: Duration) {
        self.publish(models);
        self.timers.apply(self.document.take_schedule_changes(), now);
        self.effects.extend(self.document.take_work().into_iter().map(Effect::Start));
        self.effects.extend(self.document.take_failures().into_iter().map(Effect::Failure));
        self.effects.extend(self.document.take_warnings().into_iter().map(Effect::Warning));
    }

    /// Sends the changes that were not the server's own.
    fn publish(&mut self, models: &[ModelId]) {
        if !self.is_attached {
            return self.publisher.skip(&mut self.document);
        }
        let server = Author { origin: SERVER, models };
        for patch in self.publisher.publish(&mut self.document, Some(server)).for_peer(server.origin) {
            let message = Message::patch_doc(self.message_ids.mint(), &patch);
            self.pending.note_sent(&message);
            self.request(message, Request::Patch);
        }
    }

    fn request(&mut self, message: Message, request: Request) -> RequestId {
        let id = message.header().msgid.clone();
        match &mut self.phase {
            Phase::NotConnected(reason) => {
                let outcome = Err(RequestError::Lost(reason.clone()));
                self.effects.push(Effect::Done(RequestId(id.clone()), outcome));
                return RequestId(id);
            }
            Phase::BeforeAck(waiting) => waiting.push(message),
            Phase::AfterAck => self.effects.push(Effect::Send(message)),
        }
        self.pending.push(id.clone(), request);
        RequestId(id)
    }

    fn warn(&mut self, warning: String) {
        self.effects.push(Effect::Warning(warning));
    }
}
