//! Templates of pages.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The template of an application's pages, in the language of Jinja. Cheap to clone.
///
/// It can begin with `{% extends base %}` and fill blocks of Bokeh's own page (`title`, `preamble`, `postamble`, `contents`
/// and so on), and place roots by their names:
///
/// ```
/// use bokeh_application::{Application, Template};
/// use bokeh_document::Document;
///
/// let template = Template::new(r#"{% extends base %}
/// {% block contents %}<aside>{{ embed(roots.menu) }}</aside>{% endblock %}"#);
/// let app = Application::new(|_: &mut Document| {}).template(template);
/// # let _ = app;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Arc<Sources>);

impl Template {
    /// A template of one text.
    pub fn new(source: impl Into<String>) -> Self {
        Self(Arc::new(Sources { main: source.into(), others: BTreeMap::new() }))
    }

    /// Adds a template that the first can extend, include or import under `name`.
    #[must_use]
    pub fn with_other(mut self, name: impl Into<String>, source: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.0).others.insert(name.into(), source.into());
        self
    }

    /// The text that pages are made of.
    pub fn source(&self) -> &str {
        &self.0.main
    }

    /// The other templates by their names.
    pub fn others(&self) -> &BTreeMap<String, String> {
        &self.0.others
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Sources {
    main: String,
    others: BTreeMap<String, String>,
}
