//! The document as a whole: to JSON and from it.

use bokeh_protocol::{Buffer, BytesMode, Decoder, Definition, Encoder, Graph, ModelId, Value};
use rustc_hash::FxHashSet;
use serde_json::Value as Json;

use crate::kind_check::ModelClasses;
use crate::redefine::Unnamed;
use crate::stage::{Committed, Meaning, Stage};
use crate::{Document, Origin, ReadError};

impl Graph for Document {
    fn wire_id(&self, model: ModelId) -> Option<&str> {
        Document::wire_id(self, model)
    }

    fn definition(&self, model: ModelId) -> Option<Definition<'_>> {
        let entry = self.entry(model).ok()?;
        let attributes = entry.attributes().iter().filter(|(attr, _)| self.is_serialized(entry.class, *attr));
        let named = attributes.map(|(attr, value)| (self.property_ref(entry.class, *attr), value));
        Some(Definition { class: self.name_of(entry.class), attributes: named.collect() })
    }
}

impl Document {
    /// The document as JSON, and the buffers beside it: what a PULL-DOC-REPLY carries under `doc`.
    ///
    /// ```
    /// use bokeh_document::Document;
    /// use bokeh_protocol::BytesMode;
    ///
    /// let (json, _) = Document::new().to_json(BytesMode::Inline);
    /// assert!(json.starts_with(br#"{"version":"3.9.2","title":"Bokeh Application","config":{"#));
    /// ```
    #[must_use]
    pub fn to_json(&self, bytes: BytesMode<'_>) -> (Vec<u8>, Vec<Buffer>) {
        let mut encoder = Encoder::new(self, &|_| false, bytes);
        self.encode(&mut encoder);
        encoder.finish()
    }

    /// Writes the document; all models are written in full where they first occur.
    pub fn encode(&self, encoder: &mut Encoder<'_>) {
        encoder.raw("{\"version\":");
        encoder.string(bokeh_schema::BOKEH_VERSION);
        encoder.raw(",\"title\":");
        encoder.string(&self.title);
        encoder.raw(",\"config\":");
        encoder.value(&Value::from(self.config));
        encoder.raw(",\"roots\":");
        encoder.value(&self.roots.iter().copied().map(Value::Model).collect());
        if !self.defs.is_empty() {
            encoder.raw(",\"defs\":");
            encoder.raw(&Json::from(self.defs.clone()).to_string());
        }
        if self.has_js_callbacks() {
            encoder.raw(",\"callbacks\":");
            encoder.value(&self.js_callbacks);
        }
        encoder.raw("}");
    }

    /// Replaces title, configuration and roots by those of a document in JSON: of all of it, or on an error nothing. The
    /// callbacks of the document itself and its scheduled callbacks stay.
    ///
    /// In a document that [follows a server](Self::follow_server) models stay whose ids are defined again, with what is now
    /// said of them: their handles and callbacks stay valid, and callbacks are told of what has changed. Only such a document keeps
    /// what JavaScript is to do when events of the document happen (the field `callbacks`), and models of classes that nobody
    /// has heard of.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn replace_with(&mut self, document: &Json, buffers: &[Buffer], origin: Origin) -> Result<(), ReadError> {
        let known = self.known_classes();
        let replaced = self.try_replace(document, buffers, origin);
        if replaced.is_err() {
            self.forget_classes_since(&known);
        }
        replaced
    }

    fn try_replace(&mut self, document: &Json, buffers: &[Buffer], origin: Origin) -> Result<(), ReadError> {
        let title = document.get("title").and_then(Json::as_str).ok_or(ReadError::Field("title"))?;
        let config = document.get("config").ok_or(ReadError::Field("config"))?;
        let roots = document.get("roots").and_then(Json::as_array).ok_or(ReadError::Field("roots"))?;
        let defs = match document.get("defs") {
            None | Some(Json::Null) => &Vec::new(),
            Some(Json::Array(defs)) => defs,
            Some(_) => return Err(ReadError::Field("defs")),
        };
        for def in defs {
            let name = def.get("name").and_then(Json::as_str).ok_or(ReadError::Field("defs"))?;
            if self.class_named(name).is_err() && self.dynamic.len() < Self::MAX_DYNAMIC_CLASSES {
                self.add_dynamic(name);
            }
        }
        let follows = self.follows_server;
        let mut stage = Stage::new(self, Meaning { can_refer: false, can_redefine: follows });
        let mut decoder = Decoder::new(&mut stage, buffers);
        let config = decoder.value(config)?;
        let roots = roots.iter().map(|root| decoder.value(root)).collect::<Result<Vec<_>, _>>()?;
        let js_callbacks = document.get("callbacks").filter(|_| follows).map(|callbacks| decoder.value(callbacks));
        let js_callbacks = js_callbacks.transpose()?.unwrap_or_default();
        let roots: Option<Vec<ModelId>> = roots.iter().map(Value::as_model).collect();
        let mut roots = roots.ok_or(ReadError::Field("roots"))?;
        let mut named = FxHashSet::default();
        roots.retain(|root| named.insert(*root));
        let config = match config {
            Value::Null => None,
            Value::Model(config) if stage.class_name(config) == Some("DocumentConfig") => Some(config),
            _ => return Err(ReadError::Field("config")),
        };

        // Everything was read: from here on nothing can fail.
        let Committed { redefined, .. } = stage.commit();
        self.defs = defs.clone();
        let overwritten = self.overwrite(redefined, Unnamed::HasDefault);
        let kept = if follows { named } else { FxHashSet::default() };
        self.retain_roots(&kept, origin);
        if let Some(old) = std::mem::replace(&mut self.config, config) {
            self.remove(old);
        }
        if let Some(entry) = config.and_then(|config| self.models.get_mut(&config.index)) {
            entry.is_pinned = true;
        }
        self.pin_js_callbacks(false);
        self.js_callbacks = js_callbacks;
        self.pin_js_callbacks(true);
        for root in &roots {
            self.add_root_from(*root, origin);
        }
        if follows {
            // The order counts for those who draw.
            self.roots = roots;
        }
        self.title_from(title.into(), origin);
        self.tell_overwritten(overwritten, origin);
        if follows {
            self.renew_subscriptions();
        }
        Ok(())
    }

    /// Whether JavaScript is to do something when events of the document happen. No root leads to its models.
    #[must_use]
    pub fn has_js_callbacks(&self) -> bool {
        self.js_callbacks.as_map().is_some_and(|callbacks| !callbacks.is_empty())
    }

    /// Keeps the models of the document's own JavaScript callbacks, to which no root leads, or lets them go.
    fn pin_js_callbacks(&mut self, is_pinned: bool) {
        let mut models = Vec::new();
        self.js_callbacks.for_each_model(&mut |model| models.push(model));
        for model in models {
            if let Some(entry) = self.models.get_mut(&model.index) {
                entry.is_pinned = is_pinned;
            }
        }
    }
}
