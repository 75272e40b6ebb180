//! What was asked and not answered yet.

use std::collections::VecDeque;

use bokeh_document::Document;
use bokeh_protocol::{Message, MessageType};
use serde_json::Value as Json;

/// The requests without an answer, in the order in which they were sent. The server answers them in this order.
#[derive(Debug, Default)]
pub(super) struct Pending(VecDeque<(String, Request)>);

/// What was asked.
#[derive(Debug)]
pub(super) enum Request {
    Pull {
        /// The changes that were sent after the request.
        sent_since: Vec<Message>,
    },
    Push {
        /// Whether the server had another document before.
        is_first: bool,
        /// Whether the server is known to have taken the document: its own old changes have ended.
        has_arrived: bool,
    },
    Patch,
    ServerInfo,
    Roundtrip,
}

impl Request {
    pub(super) fn message_type(&self) -> MessageType {
        match self {
            Self::Pull { .. } => MessageType::PullDocReq,
            Self::Push { .. } => MessageType::PushDoc,
            Self::Patch => MessageType::PatchDoc,
            Self::ServerInfo | Self::Roundtrip => MessageType::ServerInfoReq,
        }
    }
}

impl Pending {
    pub(super) fn push(&mut self, id: String, request: Request) {
        self.0.push_back((id, request));
    }

    /// The request that an answer with this `reqid` is for; it is not pending any more.
    pub(super) fn take(&mut self, id: &str) -> Option<Request> {
        let place = self.0.iter().position(|(other, _)| other == id)?;
        self.0.remove(place).map(|(_, request)| request)
    }

    /// All requests but changes, whose answers nobody waits for.
    pub(super) fn take_all(&mut self) -> impl Iterator<Item = (String, Request)> {
        self.0.drain(..).filter(|(_, request)| !matches!(request, Request::Patch))
    }

    /// Remembers a change that was sent while a pull is pending.
    pub(super) fn note_sent(&mut self, message: &Message) {
        for (_, request) in &mut self.0 {
            if let Request::Pull { sent_since } = request {
                sent_since.push(message.clone());
            }
        }
    }

    /// Takes out of a patch what only says that a push replaces the roots. Python's server tells the pusher, too: first that
    /// the old roots are gone, then that the new ones are there. Applied, it would take the document apart and put it
    /// together again, and handles of its models would be void.
    pub(super) fn remove_echoes(&mut self, content: &mut Json, document: &Document) {
        let push = self.0.iter_mut().find_map(|(_, request)| match request {
            Request::Push { has_arrived, .. } => Some(has_arrived),
            _ => None,
        });
        let (Some(has_arrived), Some(events)) = (push, content.get_mut("events").and_then(Json::as_array_mut)) else {
            return;
        };
        events.retain(|event| {
            let model = event["model"]["id"].as_str();
            match event["kind"].as_str() {
                // A root that this side has already: adding it again is no change.
                Some("RootAdded") => *has_arrived |= model.is_some_and(|id| document.model_by_wire_id(id).is_some()),
                Some("RootRemoved") => return *has_arrived,
                _ => {}
            }
            true
        });
    }
}
