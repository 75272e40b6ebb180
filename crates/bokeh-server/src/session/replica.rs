//! What a session does whose document is a replica: its primary decides what becomes of the peers' messages.

#[cfg(test)]
mod tests;

use std::time::Duration;

use bokeh_document::{Author, Content, News, Origin, Segment, Submission, SubmissionKind};
use bokeh_protocol::{Buffer, MessageType, ModelId, RawMessage};
use serde_json::{Value as Json, json};

use super::core::{ConnectionId, Effect, SessionCore, origin};
use super::named::Named;

/// A message that the primary has not answered yet.
#[derive(Debug)]
pub(super) struct Submitted {
    message: RawMessage,
    /// The places of its events that were not submitted, in order.
    stale: Vec<usize>,
    /// The places of those that were, in order. None where all were.
    places: Option<Vec<usize>>,
}

impl Submitted {
    fn new(message: RawMessage, stale: Vec<usize>) -> Self {
        let events = message.content.get("events").and_then(Json::as_array);
        let places = || (0..events.map_or(0, Vec::len)).filter(|place| stale.binary_search(place).is_err()).collect();
        let places = (!stale.is_empty()).then(places);
        Self { message, stale, places }
    }

    /// An event of what was submitted, as a patch. There can be very many, each of which is asked for.
    fn event(&self, index: usize) -> Option<Json> {
        let place = self.places.as_ref().map_or(Some(&index), |places| places.get(index))?;
        let event = self.message.content.get("events")?.get(place)?;
        Some(json!({ "events": [event] }))
    }
}

impl SessionCore {
    /// Whether the connection's last message is still to be answered.
    pub(crate) fn is_waiting(&self, connection: ConnectionId) -> bool {
        self.submitted.contains_key(&connection)
    }

    /// Hands a PATCH-DOC or PUSH-DOC to the primary, if there is one. Answers whether.
    pub(super) fn submit(&mut self, connection: ConnectionId, message: &RawMessage, now: Duration) -> bool {
        let Some(primary) = self.document.primary().cloned() else { return false };
        let Some(link) = self.connections.get_mut(&connection) else { return false };
        let (kind, buffers) = match message.header.msgtype {
            MessageType::PushDoc => (SubmissionKind::Push, &message.buffers[..]),
            _ => (SubmissionKind::Patch, &message.buffers[..]),
        };
        let named = Named::new(&self.document, message, link, &self.recent, now);
        let content = named.content(message);
        primary.submit(connection.0, Submission { kind, content: &content, buffers });
        self.submitted.insert(connection, Submitted::new(message.clone(), named.into_stale()));
        true
    }

    /// Makes true what the primary has said.
    pub(super) fn follow_news(&mut self, now: Duration) {
        while let Some(news) = self.document.take_news() {
            self.follow(news, now);
        }
    }

    fn follow(&mut self, news: News, now: Duration) {
        let connection = news.answers.map(ConnectionId);
        let submitted = connection.and_then(|connection| self.submitted.remove(&connection));
        let (Some(connection), Some(submitted)) = (connection, submitted) else {
            self.take_segments(news.segments, None);
            return self.publish(None, now);
        };
        let message = &submitted.message;
        let named = self.connections.get_mut(&connection).map(|link| {
            let named = Named::new(&self.document, message, link, &self.recent, now);
            named.leave_out(&submitted.stale)
        });
        let defined = self.take_segments(news.segments, Some(&submitted));
        self.document.note_submitted(&message.content);
        self.hear_messages(&submitted, connection);
        let models = self.note_outcome(connection, message, named, defined, news.error.is_some(), now);
        self.publish(Some(Author { origin: origin(connection), models: &models }), now);
        match news.error {
            None => self.answer(connection, message),
            // The primary has logged it.
            Some(error) => self.send_error(connection, message, &error),
        }
    }

    /// Notes what an answered message means for its author's copy. Answers the models that the author is sure to have.
    fn note_outcome(
        &mut self,
        connection: ConnectionId,
        message: &RawMessage,
        named: Option<Named>,
        defined: Vec<ModelId>,
        has_failed: bool,
        now: Duration,
    ) -> Vec<ModelId> {
        let (Some(named), Some(link)) = (named, self.connections.get_mut(&connection)) else { return defined };
        match message.header.msgtype {
            MessageType::PushDoc if has_failed => Vec::new(),
            MessageType::PushDoc => {
                link.has_whole(false, now);
                self.document.models().collect()
            }
            _ if has_failed => {
                named.were_refused(link, &self.recent, now);
                defined
            }
            _ => {
                named.were_applied(&self.document, &[], link, &self.recent, now);
                if link.loses_models(&defined, now) { Vec::new() } else { defined }
            }
        }
    }

    /// Applies what has happened, in order. Answers the models that the author of `answered` has defined.
    fn take_segments(&mut self, segments: Vec<Segment>, answered: Option<&Submitted>) -> Vec<ModelId> {
        let mut defined = Vec::new();
        for segment in segments {
            let is_whole = matches!(segment.content, Content::Whole(_));
            if self.awaits_whole && !is_whole {
                continue;
            }
            match self.take_segment(&segment, answered) {
                Ok(models) => {
                    self.awaits_whole &= !is_whole;
                    if segment.peer.is_some() {
                        defined.extend(models);
                    }
                }
                Err(error) => {
                    self.effects.push(Effect::Warning(format!("the replica has missed something: {error}")));
                    self.awaits_whole = true;
                    if let Some(primary) = self.document.primary() {
                        if is_whole { primary.give_up() } else { primary.resend() }
                    }
                }
            }
        }
        defined
    }

    /// Code on this side hears the messages of peers, too.
    fn hear_messages(&mut self, submitted: &Submitted, author: ConnectionId) {
        let events = submitted.message.content.get("events").and_then(Json::as_array);
        for event in events.into_iter().flatten().filter(|event| event["kind"] == "MessageSent") {
            let patch = json!({ "events": [event] });
            // Messages that only the primary understands are none of this side's.
            self.document.apply_patch(&patch, &submitted.message.buffers, origin(author)).ok();
        }
    }

    fn take_segment(&mut self, segment: &Segment, answered: Option<&Submitted>) -> Result<Vec<ModelId>, String> {
        let origin = segment.peer.map_or(Origin::PRIMARY, Origin::Peer);
        let (content, buffers): (&Json, &[Buffer]) = match &segment.content {
            Content::Whole(whole) => {
                let replaced = self.document.replace_with_news(whole, &segment.buffers);
                return replaced.map(|()| Vec::new()).map_err(|error| error.to_string());
            }
            Content::Patch(patch) => (patch, &segment.buffers),
            Content::Submitted(index) => {
                let submitted = answered.ok_or("an event of no submission")?;
                let event = submitted.event(*index).ok_or("an event that was not submitted")?;
                let applied = self.document.apply_news(&event, &submitted.message.buffers, origin);
                return applied.map(|applied| applied.defined).map_err(|error| error.to_string());
            }
        };
        let applied = self.document.apply_news(content, buffers, origin);
        applied.map(|applied| applied.defined).map_err(|error| error.to_string())
    }
}
