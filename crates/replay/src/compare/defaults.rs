//! What an attribute is when a definition does not have it.

use bokeh_document::Document;
use bokeh_protocol::{BytesMode, Encoder, NoModels, Object};
use serde_json::Value as Json;

/// The default of a property, as it stands on the wire; `None` when there is no such class or property.
pub(super) fn default(class: &str, property: &str) -> Option<Json> {
    let mut document = Document::new();
    let object = Object { name: class.into(), id: None, attributes: Vec::new() };
    let model = document.insert(object.into()).ok()?;
    let value = document.value(model, property).ok()?;
    let mut encoder = Encoder::new(&NoModels, &|_| false, BytesMode::Inline);
    encoder.value(&value);
    serde_json::from_slice(&encoder.finish().0).ok()
}

/// Whether two values are the same to a reader who knows one type of number, and constants without their wrapper.
pub(super) fn is_same(a: &Json, b: &Json) -> bool {
    match (bare(a), bare(b)) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b)),
        (a, b) => a == b,
    }
}

fn bare(json: &Json) -> &Json {
    if json["type"] == "value" && json["units"].is_null() { &json["value"] } else { json }
}
