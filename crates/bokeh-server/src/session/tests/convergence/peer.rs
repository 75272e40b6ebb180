//! A peer: its copy of the document, and the messages on their way to it and from it.

use std::collections::VecDeque;
use std::time::Duration;

use bokeh_document::{Author, Document, EncodedPatch, Origin, Publisher};
use bokeh_protocol::{Buffer, Header, Message, MessageType, RawMessage};
use serde_json::{Value as Json, json};

use super::super::super::core::ConnectionId;

/// The server, seen from a peer.
const SERVER: Origin = Origin::Peer(0);

/// How a peer behaves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habits {
    /// BokehJS takes over the attributes of a model that is defined again, and knows models for a while after they are gone.
    /// Python's client does neither.
    pub(super) is_browser: bool,
    /// How long a message takes to the server and from it.
    pub(super) ms_up: u64,
    pub(super) ms_down: u64,
}

/// Messages on their way, in order, with the time of their arrival; none stands for a ping or its answer.
pub(super) type Queue = VecDeque<(Duration, Option<RawMessage>)>;

pub(super) struct Peer {
    pub(super) id: ConnectionId,
    pub(super) doc: Document,
    pub(super) habits: Habits,
    pub(super) is_reading: bool,
    /// Whether the server was told that too much waits.
    pub(super) is_behind: bool,
    /// On their way to the server.
    pub(super) up: Queue,
    /// On their way from the server.
    pub(super) down: Queue,
    publisher: Publisher,
    n_sent: u32,
}

impl Peer {
    pub(super) fn new(id: ConnectionId, habits: Habits) -> Self {
        let mut doc = Document::new();
        doc.set_id_prefix(format!("c{}x", id.0));
        doc.expect_exact_peers();
        if habits.is_browser {
            doc.follow_server();
        }
        Peer {
            id,
            doc,
            habits,
            is_reading: true,
            is_behind: false,
            up: VecDeque::new(),
            down: VecDeque::new(),
            publisher: Publisher::default(),
            n_sent: 0,
        }
    }

    /// Sends its own changes, with other events beside them.
    pub(super) fn tell(&mut self, beside: &[Json], now: Duration) {
        for patch in self.publish(&[]) {
            self.request("PATCH-DOC", content(&patch, beside), buffers(&patch), now);
        }
    }

    pub(super) fn request(&mut self, msgtype: &str, content: Json, buffers: Vec<Buffer>, now: Duration) {
        self.n_sent += 1;
        let header = Header::new(self.n_sent.to_string(), msgtype.parse::<MessageType>().unwrap());
        self.send(Some(RawMessage { header, content, buffers }), now);
    }

    fn send(&mut self, message: Option<RawMessage>, now: Duration) {
        let after = self.up.back().map_or(Duration::ZERO, |(at, _)| *at);
        let at = after.max(now + Duration::from_millis(self.habits.ms_up));
        self.up.push_back((at, message));
    }

    /// Something comes from the server.
    pub(super) fn expect(&mut self, message: Option<&Message>, now: Duration) {
        let after = self.down.back().map_or(Duration::ZERO, |(at, _)| *at);
        let at = after.max(now + Duration::from_millis(self.habits.ms_down));
        let raw = |message: &Message| {
            let content = serde_json::from_slice(message.content()).unwrap();
            RawMessage { header: message.header().clone(), content, buffers: message.buffers().to_vec() }
        };
        self.down.push_back((at, message.map(raw)));
    }

    pub(super) fn read(&mut self, message: Option<RawMessage>, now: Duration) {
        let Some(message) = message else { return self.send(None, now) };
        match message.header.msgtype {
            MessageType::PullDocReply => {
                self.doc.replace_with(&message.content["doc"], &message.buffers, SERVER).unwrap();
                let models: Vec<_> = self.doc.models().collect();
                self.publish(&models);
            }
            // What a peer cannot read it passes over.
            MessageType::PatchDoc => {
                if let Ok(applied) = self.doc.apply_patch(&message.content, &message.buffers, SERVER) {
                    self.publish(&applied.defined);
                }
            }
            _ => {}
        }
    }

    /// What it has changed itself since the last time.
    fn publish(&mut self, defined: &[bokeh_protocol::ModelId]) -> Vec<EncodedPatch> {
        let author = Author { origin: SERVER, models: defined };
        let changes = self.publisher.publish(&mut self.doc, Some(author));
        changes.for_peer(SERVER)
    }
}

fn content(patch: &EncodedPatch, beside: &[Json]) -> Json {
    let own = patch.iter().map(|event| serde_json::from_slice(&event.json).unwrap());
    json!({ "events": own.chain(beside.iter().cloned()).collect::<Vec<Json>>() })
}

fn buffers(patch: &EncodedPatch) -> Vec<Buffer> {
    patch.iter().flat_map(|event| event.buffers.to_vec()).collect()
}
