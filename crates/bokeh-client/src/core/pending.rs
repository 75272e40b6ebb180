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
        /// Whether it is not the user who asked, but the client, for its copy has missed something.
        is_repair: bool,
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
        let is_awaited = |request: &Request| !matches!(request, Request::Patch | Request::Pull { is_repair: true, .. });
        self.0.drain(..).filter(move |(_, request)| is_awaited(request))
    }

    /// Whether the server was asked for its document.
    pub(super) fn has_pull(&self) -> bool {
        self.0.iter().any(|(_, request)| matches!(request, Request::Pull { .. }))
    }

    /// Remembers a change that was sent while a pull is pending.
    pub(super) fn note_sent(&mut self, message: &Message) {
        for (_, request) in &mut self.0 {
            if let Request::Pull { sent_since, .. } = request {
                sent_since.push(message.clone());
            }
        }
    }

    /// Takes out of a patch what this side need not be told.
    ///
    /// That is the end of roots that it never had, and what only says that a push replaces the roots. Python's server tells
    /// the pusher, too: first that the old roots are gone, then that the new ones are there. Applied, it would take the
    /// document apart and put it together again, and undo what has happened since the push.
    pub(super) fn remove_echoes(&mut self, content: &mut Json, document: &Document) {
        let push = self.0.iter_mut().find_map(|(_, request)| match request {
            Request::Push { has_arrived, .. } => Some(has_arrived),
            _ => None,
        });
        let Some(events) = content.get_mut("events").and_then(Json::as_array_mut) else { return };
        let mut before_push = push;
        let mut added = Vec::new();
        events.retain(|event| {
            let id = event["model"]["id"].as_str().unwrap_or_default();
            let model = document.model_by_wire_id(id);
            if event["kind"] == "RootAdded" {
                added.push(id.to_owned());
            }
            match (event["kind"].as_str(), &mut before_push) {
                (Some("RootRemoved"), _) if model.is_none() => added.iter().any(|added| added == id),
                (Some("RootRemoved"), Some(has_arrived)) => **has_arrived,
                (Some("RootAdded"), Some(has_arrived)) => {
                    let is_echo = model.is_some_and(|model| document.roots().contains(&model));
                    **has_arrived |= is_echo;
                    !is_echo
                }
                _ => true,
            }
        });
    }
}
