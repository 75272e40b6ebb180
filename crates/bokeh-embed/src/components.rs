//! Parts of a page, for templates of somebody else's.

#[cfg(test)]
mod tests;

use bokeh_document::Document;

use crate::bundle::Bundle;
use crate::error::RenderError;
use crate::page::{Documents, element};
use crate::render_item::{RenderItem, Root};
use crate::resources::Resources;

/// The parts of a page that show a document's roots: an element for each, and a script that draws all of them.
///
/// ```
/// use bokeh_document::Document;
/// use bokeh_embed::{Components, Resources};
/// use bokeh_protocol::Object;
///
/// let mut doc = Document::new();
/// let attributes = vec![("name".into(), "greeting".into()), ("text".into(), "hello".into())];
/// doc.add_root(Object { name: "Div".into(), id: None, attributes });
///
/// let parts = Components::new(&doc)?;
/// let head = parts.resources(Resources::cdn()).to_html();
/// let body = format!("<main>{}</main>{}", parts.div("greeting").unwrap_or_default(), parts.script());
/// # let _ = (head, body);
/// # Ok::<(), bokeh_embed::RenderError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Components {
    script: String,
    roots: Vec<Root>,
    bundles: Vec<Bundle>,
}

impl Components {
    /// The parts for the document as it is now.
    ///
    /// # Errors
    /// When something cannot be written as JSON.
    pub fn new(document: &Document) -> Result<Self, RenderError> {
        let mut documents = Documents::default();
        let item = RenderItem::document(documents.add(document), document).use_for_title(false);
        let roots = item.roots().to_vec();
        Ok(Self { script: documents.script(&[item])?, roots, bundles: Bundle::needed_by(document) })
    }

    /// The script elements that draw the roots. They can stand anywhere in the page, once.
    pub fn script(&self) -> &str {
        &self.script
    }

    /// The elements that the roots are drawn in, in the document's order.
    pub fn divs(&self) -> impl Iterator<Item = String> {
        self.roots.iter().map(element)
    }

    /// The element of the first root with this name.
    pub fn div(&self, name: &str) -> Option<String> {
        self.roots.iter().find(|root| root.has_name(name)).map(element)
    }

    /// The bundles that the page has to load.
    pub fn bundles(&self) -> &[Bundle] {
        &self.bundles
    }

    /// Of these resources the ones that the page has to load.
    pub fn resources(&self, resources: Resources) -> Resources {
        resources.only(&self.bundles)
    }
}
