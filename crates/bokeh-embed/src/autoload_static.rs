//! A document as a script of its own, which can be loaded into any page.

#[cfg(test)]
mod tests;

use bokeh_document::Document;
use bokeh_protocol::ModelId;

use crate::autoload_script::render;
use crate::bundle::Bundle;
use crate::element_id::ElementId;
use crate::error::RenderError;
use crate::excerpt;
use crate::page::{Documents, escape};
use crate::render_item::RenderItem;
use crate::resources::Resources;

/// A script with the document in it, for a file, and the element that loads the file and shows the document where it stands.
/// No server is needed beside the one that has the file.
///
/// `script_path` is where pages find the script. They need not load anything else: the script loads the parts of BokehJS that
/// the document needs from `resources`, unless the page has them.
///
/// ```
/// use bokeh_document::Document;
/// use bokeh_embed::{Resources, autoload_static};
/// use bokeh_protocol::Object;
///
/// let mut doc = Document::new();
/// doc.add_root(Object { name: "Div".into(), id: None, attributes: vec![("text".into(), "hello".into())] });
/// let parts = autoload_static(&doc, Resources::cdn(), "/plots/greeting.js")?;
/// assert!(parts.script().contains("hello"));
/// assert!(parts.tag().starts_with(r#"<script src="/plots/greeting.js" id=""#));
/// # Ok::<(), bokeh_embed::RenderError>(())
/// ```
///
/// # Errors
/// When something cannot be written as JSON.
pub fn autoload_static(
    document: &Document,
    resources: Resources,
    script_path: impl Into<String>,
) -> Result<AutoloadStatic, RenderError> {
    AutoloadStatic::new(document, None, resources, script_path.into())
}

/// A script that shows a document, and the element that loads it: what [`autoload_static`] makes.
#[derive(Clone, Debug)]
pub struct AutoloadStatic {
    script: String,
    script_path: String,
    element_id: ElementId,
}

impl AutoloadStatic {
    /// The same for some models of a document, with what they refer to.
    ///
    /// # Errors
    /// When the document has no such model, or something cannot be written as JSON.
    pub fn of(
        document: &Document,
        models: impl IntoIterator<Item = impl Into<ModelId>>,
        resources: Resources,
        script_path: impl Into<String>,
    ) -> Result<Self, RenderError> {
        let models: Vec<ModelId> = models.into_iter().map(Into::into).collect();
        Self::new(document, Some(&models), resources, script_path.into())
    }

    fn new(
        document: &Document,
        models: Option<&[ModelId]>,
        resources: Resources,
        script_path: String,
    ) -> Result<Self, RenderError> {
        let json = match models {
            None => excerpt::whole(document),
            Some(models) => excerpt::of(document, models)?.to_string(),
        };
        let mut documents = Documents::default();
        let key = documents.add_json(&json);
        let element_id = ElementId::random();
        let item = RenderItem::whole(key).in_element(element_id.as_str()).use_for_title(false);
        let resources = resources.only(&Bundle::needed_by(document));
        let script = render(element_id.as_str(), &resources, &documents, &item, String::new())?;
        Ok(Self { script, script_path, element_id })
    }

    /// The script, for a file.
    pub fn script(&self) -> &str {
        &self.script
    }

    /// The element that loads the script. It stands where the document is to be shown, once in a page.
    pub fn tag(&self) -> String {
        format!(r#"<script src="{}" id="{}"></script>"#, escape(&self.script_path), escape(self.element_id.as_str()))
    }
}
