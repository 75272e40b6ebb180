//! A model and what it needs, for pages that draw it by a script of their own.

#[cfg(test)]
mod tests;

use bokeh_document::Document;
use bokeh_protocol::{BytesMode, Encoder, ModelId, Value};
use serde_json::Value as Json;
use serde_json::json;

use crate::bundle::BOKEHJS_VERSION;

/// What `Bokeh.embed.embed_item(item, target)` draws in a page that has loaded BokehJS: one model with all that it refers to.
/// `target` is the id of an element of the page; the script can name it instead.
///
/// None if the document has no such model.
///
/// ```
/// use bokeh_document::Document;
/// use bokeh_embed::json_item;
/// use bokeh_protocol::Object;
///
/// let mut doc = Document::new();
/// let div = doc.add_root(Object { name: "Div".into(), id: None, attributes: vec![("text".into(), "hello".into())] });
/// let item = json_item(&doc, div, Some("here")).ok_or("the model is there")?;
/// assert_eq!(item["target_id"], "here");
/// assert_eq!(item["doc"]["roots"][0]["attributes"]["text"], "hello");
/// # Ok::<(), &str>(())
/// ```
pub fn json_item(document: &Document, root: impl Into<ModelId>, target: Option<&str>) -> Option<Json> {
    let root = root.into();
    let root_id = document.wire_id(root)?;
    let mut encoder = Encoder::new(document, &|_| false, BytesMode::Inline);
    encoder.value(&[root].into_iter().map(Value::Model).collect());
    let (roots, _no_buffers) = encoder.finish();
    let roots: Json = serde_json::from_slice(&roots).ok()?;
    // Title, configuration and definitions of classes are those of the whole.
    let (whole, _no_buffers) = document.to_json(BytesMode::Inline);
    let mut doc: Json = serde_json::from_slice(&whole).ok()?;
    doc.as_object_mut()?.insert("roots".to_owned(), roots);
    Some(json!({ "target_id": target, "root_id": root_id, "doc": doc, "version": BOKEHJS_VERSION }))
}
