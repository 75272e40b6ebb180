//! What a page tells BokehJS: which document to show, and where.

use bokeh_document::Document;
use bokeh_protocol::{ModelId, Value};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::element_id::ElementId;

/// One document on a page and the elements that its roots are drawn in.
///
/// ```
/// use bokeh_embed::{RenderItem, Root};
///
/// let item = RenderItem::session("the token").root(Root::new("s1001").in_element("here"));
/// assert_eq!(
///     serde_json::to_string(&item)?,
///     r#"{"token":"the token","roots":{"s1001":"here"},"root_ids":["s1001"],"use_for_title":true}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderItem {
    source: Source,
    element_id: Option<ElementId>,
    roots: Vec<Root>,
    use_for_title: bool,
}

/// Where the document comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    /// A server, which BokehJS shows this token.
    Session(String),
    /// The page, where it stands under this key.
    Page(String),
}

impl RenderItem {
    /// The document of a session on a server, to which BokehJS connects with `token`.
    pub fn session(token: impl Into<String>) -> Self {
        Self { source: Source::Session(token.into()), element_id: None, roots: Vec::new(), use_for_title: true }
    }

    /// A document that the page itself holds under this key.
    pub(crate) fn document(key: String, document: &Document) -> Self {
        Self { roots: Root::all(document, document.roots()), ..Self::whole(key) }
    }

    /// The same without elements for its roots.
    pub(crate) fn whole(key: String) -> Self {
        Self { source: Source::Page(key), element_id: None, roots: Vec::new(), use_for_title: true }
    }

    /// Draws roots that have no element of their own in the element with this id, instead of the page's body.
    #[must_use]
    pub fn in_element(mut self, element_id: impl Into<String>) -> Self {
        self.element_id = Some(ElementId::new(element_id));
        self
    }

    /// Adds a root after those that are there. Without any, BokehJS draws what it finds into the page's body.
    #[must_use]
    pub fn root(mut self, root: Root) -> Self {
        self.roots.push(root);
        self
    }

    /// Sets whether the page's title follows the document's; it does unless told otherwise.
    #[must_use]
    pub fn use_for_title(mut self, use_for_title: bool) -> Self {
        self.use_for_title = use_for_title;
        self
    }

    /// The roots, in the document's order.
    pub fn roots(&self) -> &[Root] {
        &self.roots
    }
}

impl Serialize for RenderItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut item = serializer.serialize_map(None)?;
        match &self.source {
            Source::Session(token) => item.serialize_entry("token", token)?,
            Source::Page(key) => item.serialize_entry("docid", key)?,
        }
        if let Some(element_id) = &self.element_id {
            item.serialize_entry("elementid", element_id.as_str())?;
        }
        if !self.roots.is_empty() {
            item.serialize_entry("roots", &Elements(&self.roots))?;
            // BokehJS pairs the document's roots with these by position, so the order counts and the ids need not match.
            let ids: Vec<&str> = self.roots.iter().map(Root::model_id).collect();
            item.serialize_entry("root_ids", &ids)?;
        }
        item.serialize_entry("use_for_title", &self.use_for_title)?;
        item.end()
    }
}

/// A root of a document and the element that it is drawn in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    model_id: String,
    element_id: ElementId,
    name: Option<String>,
    tags: Vec<String>,
}

impl Root {
    /// The model with this id in an element with a new id.
    pub fn new(model_id: impl Into<String>) -> Self {
        Self { model_id: model_id.into(), element_id: ElementId::random(), name: None, tags: Vec::new() }
    }

    /// A model of a document, with the name and the tags that it has there. None if it is not there.
    pub fn of(document: &Document, model: ModelId) -> Option<Self> {
        let root = Self::new(document.wire_id(model)?);
        let root = match document.value(model, "name") {
            Ok(Value::Str(name)) => root.name(name.to_string()),
            _ => root,
        };
        let tags = match document.value(model, "tags") {
            Ok(Value::List(tags)) => tags.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        };
        Some(root.tags(tags))
    }

    /// Those of the models that are there.
    pub(crate) fn all(document: &Document, models: &[ModelId]) -> Vec<Self> {
        models.iter().filter_map(|model| Self::of(document, *model)).collect()
    }

    /// Draws it in the element with this id instead.
    #[must_use]
    pub fn in_element(mut self, element_id: impl Into<String>) -> Self {
        self.element_id = ElementId::new(element_id);
        self
    }

    /// Sets the model's name, by which a template can find the root.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the model's tags, which a template can read.
    #[must_use]
    pub fn tags(mut self, tags: impl IntoIterator<Item = String>) -> Self {
        self.tags = tags.into_iter().collect();
        self
    }

    /// The id of the model.
    pub fn model_id(&self) -> &str {
        &self.model_id
    }

    /// The id of the element.
    pub fn element_id(&self) -> &ElementId {
        &self.element_id
    }

    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.name.as_deref() == Some(name)
    }

    pub(crate) fn name_and_tags(&self) -> (Option<&str>, &[String]) {
        (self.name.as_deref(), &self.tags)
    }
}

/// The map from roots to elements.
struct Elements<'a>(&'a [Root]);

impl Serialize for Elements<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|root| (&root.model_id, root.element_id.as_str())))
    }
}
