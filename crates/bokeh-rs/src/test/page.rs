//! What is in a browser's tab: a copy of the document, made of what the server has sent.

use std::collections::HashMap;

use bokeh_document::{Document, EncodedPatch, Origin};
use bokeh_models::Model;
use bokeh_models::models::Range;
use bokeh_protocol::{Begun, Buffer, Decoder, Message, ModelId, ModelReader, PatchEvent, Text, Value};
use serde_json::Value as Json;

/// The origin of everything that the server does, as the page sees it.
const SERVER: Origin = Origin::Peer(0);

/// A tab that has the document open.
pub(super) struct Page {
    pub(super) origin: Origin,
    pub(super) copy: Document,
    /// What the server has sent, since somebody last asked.
    pub(super) received: Vec<PatchEvent>,
    /// What the page has sent, since somebody last asked.
    pub(super) said: Vec<PatchEvent>,
    /// Start and end of ranges as they first were on the page, by their ids on the wire.
    pub(super) first_bounds: HashMap<Text, (f64, f64)>,
}

impl Page {
    /// A page that has pulled the document.
    pub(super) fn new(origin: Origin, reply: &[u8], buffers: &[Buffer]) -> Result<Self, String> {
        let mut page = Page {
            origin,
            copy: Document::new(),
            received: Vec::new(),
            said: Vec::new(),
            first_bounds: HashMap::new(),
        };
        page.copy.follow_server();
        page.copy.expect_exact_peers();
        page.replace(reply, buffers)?;
        Ok(page)
    }

    /// Takes over the document of a PULL-DOC-REPLY.
    pub(super) fn replace(&mut self, reply: &[u8], buffers: &[Buffer]) -> Result<(), String> {
        let reply: Json = serde_json::from_slice(reply).map_err(|error| error.to_string())?;
        let doc = reply.get("doc").unwrap_or(&Json::Null);
        self.copy.replace_with(doc, buffers, SERVER).map_err(|error| error.to_string())?;
        self.forget();
        Ok(())
    }

    /// Takes a patch of the server. `models` knows the server's models by their ids on the wire.
    pub(super) fn receive(&mut self, patch: &EncodedPatch, models: &HashMap<Text, ModelId>) -> Result<(), String> {
        let message = Message::patch_doc("test", patch);
        let content: Json = serde_json::from_slice(message.content()).map_err(|error| error.to_string())?;
        let mut reader = ServerModels(models);
        let events = Decoder::new(&mut reader, message.buffers()).patch(&content).map_err(|error| error.to_string())?;
        self.received.extend(events);
        self.copy.apply_patch(&content, message.buffers(), SERVER).map_err(|error| error.to_string())?;
        self.forget();
        Ok(())
    }

    /// Changes the copy as the page has done before it tells the server.
    pub(super) fn change(&mut self, content: &Json, buffers: &[Buffer]) -> Result<(), String> {
        self.copy.apply_patch(content, buffers, Origin::Local).map_err(|error| error.to_string())?;
        self.forget();
        Ok(())
    }

    /// What a property of a model holds on the page; the model is named by its id on the wire.
    pub(super) fn value(&self, id: &str, property: &str) -> Option<Value> {
        self.copy.value(self.copy.model_by_wire_id(id)?, property).ok()
    }

    /// Whether BokehJS tells the server of an event of a model.
    pub(super) fn is_subscribed(&self, id: &str, event: &str) -> bool {
        match self.value(id, "subscribed_events") {
            Some(Value::Set(names)) => names.iter().any(|name| name.as_str() == Some(event)),
            _ => false,
        }
    }

    fn note_bounds(&mut self) {
        let copy = &self.copy;
        let bound = |model, name| copy.value(model, name).ok().and_then(|bound| bound.as_f64());
        for model in copy.models().filter(|model| copy.is_a(*model, Range::CLASS)) {
            if let (Some(id), Some(bounds)) = (copy.wire_id(model), bound(model, "start").zip(bound(model, "end"))) {
                self.first_bounds.entry(id.into()).or_insert(bounds);
            }
        }
    }

    /// The copy has no peers of its own, and keeps no models that nothing leads to.
    fn forget(&mut self) {
        self.note_bounds();
        self.copy.take_changes();
        self.copy.take_detached();
        self.copy.take_warnings();
        self.copy.sweep();
    }
}

/// Reads events in terms of the server's models.
struct ServerModels<'a>(&'a HashMap<Text, ModelId>);

impl ModelReader for ServerModels<'_> {
    fn reference(&mut self, id: &str) -> Option<ModelId> {
        self.0.get(id).copied()
    }

    fn begin(&mut self, class: &str, id: &str) -> Result<Begun, String> {
        self.reference(id).map(Begun::Known).ok_or_else(|| format!("the server has no {class}({id})"))
    }

    fn finish(&mut self, _: ModelId, _: Vec<(Text, Value)>) -> Result<(), String> {
        Ok(())
    }
}
