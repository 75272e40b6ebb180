//! Whole HTML pages.

mod context;
mod html;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use minijinja::value::Serde;
use minijinja::{Environment, context};

use crate::element_id::ElementId;
use crate::error::RenderError;
use crate::render_item::RenderItem;
use crate::resources::Resources;
use crate::script_json::script_json;
use crate::templates::{BASE, MACROS, PLOT_SCRIPT, environment};

pub(crate) use context::embed;

/// An HTML page with documents in it.
///
/// The page is made by a template with the blocks and variables of Bokeh's own: [`template`](Self::template).
#[derive(Clone, Debug)]
pub struct Page {
    title: String,
    resources: Resources,
    items: Vec<RenderItem>,
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

    /// Adds a document.
    #[must_use]
    pub fn item(mut self, item: RenderItem) -> Self {
        self.items.push(item);
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
        let context = self.context(environment)?;
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

    fn context(&self, environment: &Environment<'_>) -> Result<minijinja::Value, RenderError> {
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
            bokeh_js => safe(self.bokeh_js()?),
            plot_script => safe(self.plot_script(environment)?),
            plot_div => safe(self.plot_div()),
            roots => doc.get_attr("roots").unwrap_or_default(),
            doc,
            docs,
        };
        Ok(context! { ..variables, ..page })
    }

    fn bokeh_js(&self) -> Result<String, RenderError> {
        let mut tags: Vec<String> = self.resources.scripts().iter().map(html::script).collect();
        let log_level = script_json(&self.resources.js_log_level())?;
        tags.push(format!("<script>Bokeh.set_log_level({log_level});</script>"));
        Ok(tags.join("\n    "))
    }

    fn plot_div(&self) -> String {
        let roots = self.items.iter().flat_map(RenderItem::roots);
        roots.map(html::element).collect::<Vec<_>>().join("\n    ")
    }

    /// Both scripts at the end of the body. The documents come over the WebSocket, so the first script holds none.
    fn plot_script(&self, environment: &Environment<'_>) -> Result<String, RenderError> {
        let safe = minijinja::Value::from_safe_string;
        let docs_json_id = ElementId::random();
        let context = context! {
            docs_json => "{}",
            docs_json_id => docs_json_id.as_str(),
            docs_json_id_json => safe(script_json(&docs_json_id.as_str())?),
            render_items => safe(script_json(&self.items)?),
        };
        Ok(environment.get_template(PLOT_SCRIPT)?.render(context)?)
    }
}

const DEFAULT_TITLE: &str = "Bokeh Plot";
/// The name of the user's own template.
const PAGE: &str = "<bokeh>/page.html";
