//! The core of a session, without time, tasks and sockets.

mod convergence;
mod defects;
mod replay;
mod rules;

use std::time::Duration;

use bokeh_document::Document;
use bokeh_protocol::{Header, Message, MessageType, ModelId, Object, RawMessage, Text, Value};
use serde_json::{Value as Json, json};

use super::core::{ConnectionId, Effect, SessionCore};

/// A session core with a clock that stands still until it is moved.
struct Session {
    core: SessionCore,
    now: Duration,
    log: Vec<String>,
    pinged: Vec<ConnectionId>,
}

impl Session {
    fn new(document: Document) -> Self {
        Session {
            core: SessionCore::new(document, Duration::ZERO),
            now: Duration::ZERO,
            log: Vec::new(),
            pinged: Vec::new(),
        }
    }

    /// A connection that has pulled the document, with nothing left to read.
    fn viewer(&mut self) -> ConnectionId {
        let connection = self.core.attach(self.core.document().n_models() as u64 + 1000);
        self.request(connection, "PULL-DOC-REQ", json!({}));
        self.sent();
        connection
    }

    fn request(&mut self, connection: ConnectionId, msgtype: &str, content: Json) {
        let msgtype: MessageType = msgtype.parse().unwrap();
        let message = RawMessage { header: Header::new("q", msgtype), content, buffers: Vec::new() };
        self.core.receive(connection, &message, self.now);
    }

    fn patch(&mut self, connection: ConnectionId, events: &Json) {
        self.request(connection, "PATCH-DOC", json!({ "events": events }));
    }

    fn set(&mut self, connection: ConnectionId, model: ModelId, attr: &str, new: impl Into<Json>) {
        let id = self.core.document().wire_id(model).unwrap().to_owned();
        self.patch(
            connection,
            &json!([{"kind": "ModelChanged", "model": {"id": id}, "attr": attr, "new": new.into()}]),
        );
    }

    fn run(&mut self, job: impl FnOnce(&mut Document) + Send + 'static) {
        self.core.run(Box::new(job), self.now);
    }

    fn advance(&mut self, by: Duration) {
        self.now += by;
        self.core.tick(self.now);
    }

    /// The messages since the last call; everything else goes to the log.
    fn messages(&mut self) -> Vec<(ConnectionId, Message)> {
        let mut messages = Vec::new();
        for effect in self.core.take_effects() {
            match effect {
                Effect::Send(connection, message) | Effect::SendState(connection, message) => {
                    messages.push((connection, message));
                }
                Effect::Ping(connection) => self.pinged.push(connection),
                Effect::Failure(failure) => self.log.push(failure.to_string()),
                Effect::Refused(_, msgtype, error) => self.log.push(format!("{msgtype}: {error}")),
                Effect::Warning(warning) => self.log.push(warning),
            }
        }
        messages
    }

    /// The messages since the last call in short: `1 OK`, `2 title`, `1 Slider.value`.
    fn sent(&mut self) -> Vec<String> {
        let short = |(connection, message): (ConnectionId, Message)| {
            let content: Json = serde_json::from_slice(message.content()).unwrap();
            let events = content["events"].as_array().cloned().unwrap_or_default();
            let texts: Vec<String> = if message.header().msgtype == MessageType::PatchDoc {
                events.iter().map(event).collect()
            } else {
                vec![message.header().msgtype.to_string()]
            };
            format!("{} {}", connection.0, texts.join(", "))
        };
        self.messages().into_iter().map(short).collect()
    }
}

fn event(event: &Json) -> String {
    match event["kind"].as_str().unwrap() {
        "ModelChanged" => format!("{}={}", event["attr"].as_str().unwrap(), event["new"]),
        "TitleChanged" => format!("title={}", event["title"]),
        kind => kind.to_owned(),
    }
}

fn object<const N: usize>(class: &str, attributes: [(&str, Value); N]) -> Object {
    let attributes = attributes.into_iter().map(|(name, value)| (Text::from(name), value)).collect();
    Object { name: class.into(), id: None, attributes }
}

/// A slider whose callback shows its value in a div, and fails at 9.
fn slider_and_div() -> (Document, ModelId, ModelId) {
    let mut doc = Document::new();
    let slider = doc.add_root(object("Slider", [("start", 0.into()), ("end", 10.into()), ("value", 1.into())]));
    let div = doc.add_root(object("Div", [("text", "idle".into())]));
    doc.on_change(slider, "value", move |doc, change| {
        let new = change.new.as_i64().unwrap();
        doc.set_value(div, "text", format!("{new}").into()).unwrap();
        if new == 9 { Err("nine") } else { Ok(()) }
    })
    .unwrap();
    (doc, slider, div)
}
