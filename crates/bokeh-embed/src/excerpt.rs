//! Documents as the JSON that pages hold.

use bokeh_document::Document;
use bokeh_protocol::{BytesMode, Encoder, ModelId, Value};
use serde_json::Value as Json;

use crate::error::RenderError;

/// The document as it is now.
pub(crate) fn whole(document: &Document) -> String {
    let (json, _no_buffers) = document.to_json(BytesMode::Inline);
    String::from_utf8(json).expect("JSON is UTF-8")
}

/// The document with only these models and what they refer to. Title, configuration and definitions of classes are those of
/// the whole.
pub(crate) fn of(document: &Document, models: &[ModelId]) -> Result<Json, RenderError> {
    if models.iter().any(|model| document.wire_id(*model).is_none()) {
        return Err(RenderError::NoModel);
    }
    let mut encoder = Encoder::new(document, &|_| false, BytesMode::Inline);
    encoder.value(&models.iter().copied().map(Value::Model).collect());
    let (roots, _no_buffers) = encoder.finish();
    let mut excerpt: Json = serde_json::from_str(&whole(document))?;
    if let Some(fields) = excerpt.as_object_mut() {
        fields.insert("roots".to_owned(), serde_json::from_slice(&roots)?);
    }
    Ok(excerpt)
}
