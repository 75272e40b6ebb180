//! What the tests know of the API.

use bokeh_document::{Change, Document, Origin};
use bokeh_protocol::{Array, Map, ModelId, Object, PatchEvent, Text, Value};

/// An object of this class with these attributes.
pub(crate) fn object<const N: usize>(class: &str, attributes: [(&str, Value); N]) -> Object {
    let attributes = attributes.into_iter().map(|(name, value)| (Text::from(name), value)).collect();
    Object { name: class.into(), id: None, attributes }
}

/// A slider from 0 to 10.
pub(crate) fn slider(value: i64) -> Object {
    object("Slider", [("start", 0.into()), ("end", 10.into()), ("value", value.into())])
}

pub(crate) fn div(text: &str) -> Object {
    object("Div", [("text", text.into())])
}

/// Columns of floats.
pub(crate) fn columns<const N: usize>(columns: [(&str, Vec<f64>); N]) -> Map {
    columns.into_iter().map(|(name, column)| (name, Value::from(Array::from(column)))).collect()
}

pub(crate) fn list<const N: usize>(items: [i64; N]) -> Value {
    items.into_iter().map(Value::from).collect()
}

/// A document with a slider, a div and a data source as roots, about which nothing is left to be told.
pub(crate) struct Small {
    pub(crate) doc: Document,
    pub(crate) slider: ModelId,
    pub(crate) div: ModelId,
    pub(crate) source: ModelId,
}

pub(crate) fn small() -> Small {
    let mut doc = Document::new();
    let slider = doc.add_root(slider(0));
    let div = doc.add_root(div(""));
    let data = Value::Map(Map::from_iter([("x", list([1]))]));
    let source = doc.add_root(object("ColumnDataSource", [("data", data)]));
    doc.take_changes();
    Small { doc, slider, div, source }
}

/// Applies a patch with these events from peer 7.
pub(crate) fn patch(doc: &mut Document, events: &serde_json::Value) -> Result<Vec<ModelId>, String> {
    let content = serde_json::json!({ "events": events });
    doc.apply_patch(&content, &[], Origin::Peer(7)).map(|applied| applied.defined).map_err(|error| error.to_string())
}

/// The changes since the last call in short: `local Div.text`, `peer Slider.value`, `peer title`.
pub(crate) fn changes(doc: &mut Document) -> Vec<String> {
    let changes = doc.take_changes();
    changes.iter().map(|change| short(doc, change)).collect()
}

fn short(doc: &Document, change: &Change) -> String {
    let origin = match change.origin {
        Origin::Local => "local",
        Origin::Peer(_) => "peer",
    };
    let class = change.event.model().and_then(|model| doc.class_name(model)).unwrap_or("?");
    let what = match &change.event {
        PatchEvent::ModelChanged { attr, .. } => format!("{class}.{attr}"),
        PatchEvent::MessageSent { msg_type, .. } => format!("message {msg_type}"),
        PatchEvent::TitleChanged { .. } => "title".to_owned(),
        PatchEvent::RootAdded { .. } => format!("+{class}"),
        PatchEvent::RootRemoved { .. } => format!("-{class}"),
        PatchEvent::ColumnDataChanged { cols, .. } => format!("{class} data {cols:?}"),
        PatchEvent::ColumnsStreamed { .. } => format!("{class} stream"),
        PatchEvent::ColumnsPatched { .. } => format!("{class} patch"),
    };
    format!("{origin} {what}")
}
