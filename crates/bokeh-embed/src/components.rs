//! Parts of a page, for templates of somebody else's.

#[cfg(test)]
mod tests;

use bokeh_document::Document;
use bokeh_protocol::ModelId;

use crate::bundle::Bundle;
use crate::error::RenderError;
use crate::excerpt;
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
    documents: Documents,
    item: RenderItem,
    bundles: Vec<Bundle>,
}

impl Components {
    /// The parts for the document as it is now.
    ///
    /// # Errors
    /// When something cannot be written as JSON.
    pub fn new(document: &Document) -> Result<Self, RenderError> {
        let roots = Root::all(document, document.roots());
        Self::with_roots(&excerpt::whole(document), roots, Bundle::needed_by(document))
    }

    /// The parts for some models of a document, with what they refer to, in this order. They need not be its roots.
    ///
    /// # Errors
    /// When the document has no such model, or something cannot be written as JSON.
    pub fn of(document: &Document, models: impl IntoIterator<Item = impl Into<ModelId>>) -> Result<Self, RenderError> {
        let models: Vec<ModelId> = models.into_iter().map(Into::into).collect();
        let json = excerpt::of(document, &models)?.to_string();
        Self::with_roots(&json, Root::all(document, &models), Bundle::needed_by(document))
    }

    fn with_roots(json: &str, roots: Vec<Root>, bundles: Vec<Bundle>) -> Result<Self, RenderError> {
        let mut documents = Documents::default();
        let item = RenderItem::whole(documents.add_json(json)).use_for_title(false);
        let item = roots.into_iter().fold(item, RenderItem::root);
        Ok(Self { script: documents.script(std::slice::from_ref(&item))?, documents, item, bundles })
    }

    /// The script elements that draw the roots. They can stand anywhere in the page, once.
    pub fn script(&self) -> &str {
        &self.script
    }

    /// The same as JavaScript only, for a script of one's own.
    ///
    /// # Errors
    /// When something cannot be written as JSON.
    pub fn javascript(&self) -> Result<String, RenderError> {
        self.documents.javascript(std::slice::from_ref(&self.item))
    }

    /// The roots with the elements that they are drawn in, for a page that makes its elements itself. What
    /// [`divs`](Self::divs) makes has the attribute `data-root-id` as well.
    pub fn roots(&self) -> &[Root] {
        self.item.roots()
    }

    /// The elements that the roots are drawn in, in the document's order.
    pub fn divs(&self) -> impl Iterator<Item = String> {
        self.roots().iter().map(element)
    }

    /// The element of the first root with this name.
    pub fn div(&self, name: &str) -> Option<String> {
        self.roots().iter().find(|root| root.has_name(name)).map(element)
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
