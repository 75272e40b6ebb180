//! The parts of a document in which a copy can differ from it.

use bokeh_protocol::{ModelId, PatchEvent, Text};
use bokeh_schema::Kind;
use serde_json::Value as Json;

use crate::Document;
use crate::model::Entry;

/// A part of a document that is told, and can be restored, as a whole.
///
/// ```
/// use bokeh_document::{Document, Place};
/// use serde_json::json;
///
/// let doc = Document::new();
/// let patch = json!({"events": [{"kind": "TitleChanged", "title": "Hello"}, {"kind": "Nonsense"}]});
/// assert_eq!(doc.places_named(&patch), [Some(Place::Title), None]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// What a property holds; of data sources, all columns.
    Property(ModelId, Text),
    /// All properties of a model that were ever set.
    Model(ModelId),
    /// Whether the model of this id on the wire is a root. It may be gone.
    Root(Text),
    /// The title.
    Title,
}

impl Document {
    /// What an event is about; `None` for messages, which leave nothing behind.
    #[must_use]
    pub fn place_of(&self, event: &PatchEvent) -> Option<Place> {
        match event {
            PatchEvent::ModelChanged { model, attr, .. }
            | PatchEvent::ColumnDataChanged { model, attr, .. }
            | PatchEvent::ColumnsStreamed { model, attr, .. }
            | PatchEvent::ColumnsPatched { model, attr, .. } => Some(Place::Property(*model, attr.clone())),
            PatchEvent::RootAdded { model } | PatchEvent::RootRemoved { model } => {
                self.entry(*model).ok().map(|entry| Place::Root(entry.wire_id.clone()))
            }
            PatchEvent::TitleChanged { .. } => Some(Place::Title),
            PatchEvent::MessageSent { .. } => None,
        }
    }

    /// The models that this place keeps in view by itself.
    #[must_use]
    pub fn models_at(&self, place: &Place) -> Vec<ModelId> {
        match place {
            Place::Property(model, attr) => {
                let linked = |entry: &Entry| {
                    let attr = self.attr(entry.class, attr).ok()?;
                    Some(entry.linked_by(attr).to_vec())
                };
                self.entry(*model).ok().and_then(linked).unwrap_or_default()
            }
            Place::Root(id) => {
                self.model_by_wire_id(id).filter(|model| self.roots.contains(model)).into_iter().collect()
            }
            Place::Model(_) | Place::Title => Vec::new(),
        }
    }

    /// Whether what is at this place can keep models in view.
    #[must_use]
    pub fn leads_to_models(&self, place: &Place) -> bool {
        matches!(place, Place::Root(_)) || !self.models_at(place).is_empty()
    }

    /// For each event in the content of a PATCH-DOC, be it good or bad, what it is about: as far as that can be told, and is
    /// something that this document has.
    #[must_use]
    pub fn places_named(&self, content: &Json) -> Vec<Option<Place>> {
        let events = content.get("events").and_then(Json::as_array);
        events.into_iter().flatten().map(|event| self.place_named(event)).collect()
    }

    fn place_named(&self, event: &Json) -> Option<Place> {
        let id = || event.get("model")?.get("id")?.as_str();
        match event.get("kind")?.as_str()? {
            "TitleChanged" => Some(Place::Title),
            kind @ ("RootAdded" | "RootRemoved") => {
                // A root of its own making the peer keeps, even when this document never gets it.
                let is_defined = kind == "RootAdded" && event["model"].get("name").is_some();
                let is_ours = |id: &str| self.by_wire_id.contains_key(id) || self.ids.gone.contains(id);
                id().filter(|id| is_defined || is_ours(id)).map(|id| Place::Root(id.into()))
            }
            "ModelChanged" | "ColumnDataChanged" | "ColumnsStreamed" | "ColumnsPatched" => {
                let model = self.model_by_wire_id(id()?)?;
                let class = self.entry(model).ok()?.class;
                let attr = self.attr(class, event.get("attr")?.as_str()?).ok()?;
                Some(Place::Property(model, self.property_name(class, attr)))
            }
            _ => None,
        }
    }

    /// The events that bring a place of a copy to where this document is; none when there is nothing to be brought: the
    /// model is not shown, or the property has no value.
    pub(crate) fn restoring_events(&self, place: &Place) -> Vec<PatchEvent> {
        match place {
            Place::Title => vec![PatchEvent::TitleChanged { title: self.title.clone() }],
            Place::Property(model, attr) => self.restoring_event(*model, attr).into_iter().collect(),
            Place::Model(model) => {
                let Ok(entry) = self.entry(*model) else { return Vec::new() };
                let names = entry.attributes().iter().map(|(attr, _)| self.property_name(entry.class, *attr));
                names.filter_map(|attr| self.restoring_event(*model, &attr)).collect()
            }
            Place::Root(id) => {
                let root = self.model_by_wire_id(id).filter(|model| self.roots.contains(model));
                root.map(|model| PatchEvent::RootAdded { model }).into_iter().collect()
            }
        }
    }

    fn restoring_event(&self, model: ModelId, attr: &Text) -> Option<PatchEvent> {
        if !self.was_attached(model) {
            return None;
        }
        let entry = self.entry(model).ok()?;
        let index = self.attr(entry.class, attr).ok().filter(|index| self.is_serialized(entry.class, *index))?;
        let new = self.effective(entry, index)?;
        let attr = attr.clone();
        Some(match (self.kind(entry.class, index), new.as_map()) {
            (Some(Kind::ColumnData), Some(data)) => {
                PatchEvent::ColumnDataChanged { model, attr, data: data.clone(), cols: None }
            }
            _ => PatchEvent::ModelChanged { model, attr, new },
        })
    }
}
