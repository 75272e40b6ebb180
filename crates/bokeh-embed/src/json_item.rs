//! A model and what it needs, for pages that draw it by a script of their own.

#[cfg(test)]
mod tests;

use bokeh_document::Document;
use bokeh_protocol::ModelId;
use serde_json::Value as Json;
use serde_json::json;

use crate::bundle::BOKEHJS_VERSION;
use crate::excerpt;

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
    let doc = excerpt::of(document, &[root]).ok()?;
    Some(json!({ "target_id": target, "root_id": root_id, "doc": doc, "version": BOKEHJS_VERSION }))
}
