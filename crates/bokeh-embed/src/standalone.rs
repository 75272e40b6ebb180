//! Pages that need no server.

#[cfg(test)]
mod tests;

use bokeh_document::Document;

use crate::bundle::Bundle;
use crate::error::RenderError;
use crate::page::Page;
use crate::resources::Resources;

/// A whole HTML page with the document in it, which a browser shows without any server. It loads the parts of BokehJS that the
/// document needs.
///
/// Callbacks in Rust do not run there; those in JavaScript do. [`Page`] can do more, such as templates.
///
/// ```
/// use bokeh_document::Document;
/// use bokeh_embed::{Resources, file_html};
/// use bokeh_protocol::Object;
///
/// let mut doc = Document::new();
/// doc.set_title("Greeting");
/// doc.add_root(Object { name: "Div".into(), id: None, attributes: vec![("text".into(), "hello".into())] });
/// let html = file_html(&doc, Resources::cdn())?;
/// assert!(html.contains("<title>Greeting</title>") && html.contains("bokeh-widgets-3.9.2.min.js"));
/// # Ok::<(), bokeh_embed::RenderError>(())
/// ```
///
/// # Errors
/// When something cannot be written as JSON.
pub fn file_html(document: &Document, resources: Resources) -> Result<String, RenderError> {
    Page::new(resources.only(&Bundle::needed_by(document))).document(document).render()
}
