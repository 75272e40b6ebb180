//! Whole HTML pages.

mod context;
mod documents;
mod html;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use bokeh_document::Document;
use minijinja::context;
use minijinja::value::Serde;

use crate::error::RenderError;
use crate::render_item::RenderItem;
use crate::resources::Resources;
use crate::templates::{BASE, MACROS, environment};

pub(crate) use context::embed;
pub(crate) use documents::Documents;
pub(crate) use html::{element, escape, script};

/// An HTML page with documents in it.
///
/// The page is made by a template with the blocks and variables of Bokeh's own: [`template`](Self::template).
#[derive(Clone, Debug)]
pub struct Page {
    title: String,
    resources: Resources,
    items: Vec<RenderItem>,
    documents: Documents,
    template: Option<String>,
    others: BTreeMap<String, String>,
    variables: BTreeMap<String, minijinja::Value>,
}

impl Page {
    /// An empty page.
    pub fn new(resources: Resources) -> Self {
        Self {
            title: String::new(),
            resources,
            items: Vec::new(),
            documents: Documents::default(),
            template: None,
            others: BTreeMap::new(),
            variables: BTreeMap::new(),
        }
    }

    /// Sets the title. A page without one is called `Bokeh Plot`, as in Bokeh.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Adds a document that comes from a server.
    #[must_use]
    pub fn item(mut self, item: RenderItem) -> Self {
        self.items.push(item);
        self
    }

    /// Adds a document as it is now. The page holds it, so it needs no server; callbacks in Rust do not run there. Without a title
    /// of its own the page gets the document's.
    #[must_use]
    pub fn document(mut self, document: &Document) -> Self {
        let key = self.documents.add(document);
        self.items.push(RenderItem::document(key, document));
        if self.title.is_empty() {
            self.title = document.title().to_owned();
        }
        self
    }

    /// Replaces the template by another one in the language of Jinja.
    ///
    /// It can begin with `{% extends base %}` and fill blocks: `head`, `inner_head`, `title`, `preamble`, `resources`,
    /// `css_resources`, `js_resources`, `postamble`, `body`, `inner_body`, `contents`, `root`. It sees `title`,
    /// `bokeh_css`, `bokeh_js`, `plot_script`, `plot_div`, `docs`, and of the first document `doc` and `roots`; roots are
    /// found by position or name. `embed(root)` makes a root's element; as in Bokeh, `{% from macros import embed %}` may
    /// stand before.
    ///
    /// ```
    /// use bokeh_embed::{Page, RenderItem, Resources, Root};
    ///
    /// let template = r#"{% extends base %}{% block contents %}
    ///   <aside>{{ embed(roots.menu) }}</aside>
    /// {% endblock %}"#;
    /// let item = RenderItem::session("token").root(Root::new("s1001").name("menu").in_element("m"));
    /// let html = Page::new(Resources::cdn()).template(template).item(item).render()?;
    /// assert!(html.contains(r#"<aside><div id="m" data-root-id="s1001""#));
    /// # Ok::<(), bokeh_embed::RenderError>(())
    /// ```
    #[must_use]
    pub fn template(mut self, source: impl Into<String>) -> Self {
        self.template = Some(source.into());
        self
    }

    /// Adds a template that the page's [own](Self::template) can extend, include or import under `name`.
    #[must_use]
    pub fn other_template(mut self, name: impl Into<String>, source: impl Into<String>) -> Self {
        self.others.insert(name.into(), source.into());
        self
    }

    /// Adds a variable for the template. It hides a variable of the same name.
    ///
    /// What HTML would read is escaped in texts, unless the template says `{{ name | safe }}`.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        self.variables.insert(name.into(), minijinja::Value::from(Serde(value.into())));
        self
    }

    /// The page as text.
    ///
    /// # Errors
    /// When the template does not parse or uses what is not there.
    pub fn render(&self) -> Result<String, RenderError> {
        let environment = environment();
        let context = self.context()?;
        let html = match &self.template {
            None => environment.get_template(BASE)?.render(context)?,
            Some(source) if self.others.is_empty() => {
                environment.template_from_named_str(PAGE, source)?.render(context)?
            }
            Some(source) => {
                let mut environment = environment.clone();
                for (name, source) in &self.others {
                    environment.add_template(name, source)?;
                }
                environment.template_from_named_str(PAGE, source)?.render(context)?
            }
        };
        Ok(html)
    }

    fn context(&self) -> Result<minijinja::Value, RenderError> {
        let safe = minijinja::Value::from_safe_string;
        let docs = context::docs(&self.items);
        let doc = docs.first().cloned().unwrap_or_default();
        let title = if self.title.is_empty() { DEFAULT_TITLE } else { &self.title };
        let variables = minijinja::Value::from(self.variables.clone());
        let page = context! {
            title,
            base => BASE,
            macros => MACROS,
            bokeh_css => safe(String::new()),
            bokeh_js => safe(self.resources.to_html()),
            plot_script => safe(self.documents.script(&self.items)?),
            plot_div => safe(self.plot_div()),
            roots => doc.get_attr("roots").unwrap_or_default(),
            doc,
            docs,
        };
        Ok(context! { ..variables, ..page })
    }

    fn plot_div(&self) -> String {
        let roots = self.items.iter().flat_map(RenderItem::roots);
        roots.map(html::element).collect::<Vec<_>>().join("\n    ")
    }
}

const DEFAULT_TITLE: &str = "Bokeh Plot";
/// The name of the user's own template.
const PAGE: &str = "<bokeh>/page.html";
