//! The script `autoload.js`, which puts a session into a page of somebody else's.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use minijinja::context;

use crate::error::RenderError;
use crate::page::Documents;
use crate::render_item::RenderItem;
use crate::resources::Resources;
use crate::script_json::script_json;
use crate::templates::{AUTOLOAD, environment};

/// The script `autoload.js`: it loads BokehJS, unless the page has it, and shows a session in an element of the page.
///
/// ```
/// use bokeh_embed::{AutoloadScript, Resources};
///
/// let script = AutoloadScript::new("the token", "here", Resources::cdn())
///     .app_path("/sliders")
///     .absolute_url("https://plots.example.org/sliders")
///     .render()?;
/// assert!(script.contains(r#"embed_items(docs_json, render_items, "/sliders", "https://plots.example.org/sliders")"#));
/// # Ok::<(), bokeh_embed::RenderError>(())
/// ```
#[derive(Clone, Debug)]
pub struct AutoloadScript {
    token: String,
    element_id: String,
    resources: Resources,
    app_path: String,
    absolute_url: Option<String>,
}

impl AutoloadScript {
    /// Shows the session of this token in the element with this id.
    pub fn new(token: impl Into<String>, element_id: impl Into<String>, resources: Resources) -> Self {
        Self {
            token: token.into(),
            element_id: element_id.into(),
            resources,
            app_path: "/".to_owned(),
            absolute_url: None,
        }
    }

    /// Sets the path of the application, at which BokehJS opens the WebSocket: `/` unless told otherwise.
    #[must_use]
    pub fn app_path(mut self, path: impl Into<String>) -> Self {
        self.app_path = path.into();
        self
    }

    /// Sets the address of the application as a whole URL, for a page of another server. BokehJS is loaded from that server,
    /// too, if its address is a path.
    #[must_use]
    pub fn absolute_url(mut self, url: impl Into<String>) -> Self {
        let url = url.into();
        if let Some(origin) = origin(&url) {
            self.resources = self.resources.at_origin(origin);
        }
        self.absolute_url = Some(url);
        self
    }

    /// The script as text.
    ///
    /// # Errors
    /// When something cannot be written as JSON.
    pub fn render(&self) -> Result<String, RenderError> {
        let item = RenderItem::session(&self.token).in_element(&self.element_id).use_for_title(false);
        let mut place = format!(", {}", script_json(&self.app_path)?);
        if let Some(url) = &self.absolute_url {
            place.push_str(", ");
            place.push_str(&script_json(url)?);
        }
        render(&self.element_id, &self.resources, &Documents::default(), &item, place)
    }
}

/// A script that loads BokehJS and shows something in an element. `place` is what BokehJS is told of a server.
pub(crate) fn render(
    element_id: &str,
    resources: &Resources,
    documents: &Documents,
    item: &RenderItem,
    place: String,
) -> Result<String, RenderError> {
    let scripts = resources.scripts();
    let urls: Vec<&str> = scripts.iter().map(|script| script.url.as_str()).collect();
    let hashes = scripts.iter().filter_map(|script| Some((script.url.as_str(), script.integrity.as_deref()?)));
    let hashes: BTreeMap<&str, &str> = hashes.collect();
    let safe = minijinja::Value::from_safe_string;
    let context = context! {
        element_id => safe(script_json(&element_id)?),
        js_urls => safe(script_json(&urls)?),
        hashes => safe(script_json(&hashes)?),
        code => safe(resources.js_code()),
        settings => safe(resources.js_settings()),
        docs_json => safe(documents.to_json()),
        render_items => safe(script_json(&[item])?),
        place => safe(place),
    };
    Ok(environment().get_template(AUTOLOAD)?.render(context)?)
}

/// Scheme and host of a URL.
fn origin(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    is_web.then(|| &url[..scheme.len() + "://".len() + host.len()])
}
