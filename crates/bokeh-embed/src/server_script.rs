//! Script elements that put an application of a server into any page.

#[cfg(test)]
mod tests;

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json};

use crate::element_id::ElementId;
use crate::page::escape as escape_html;
use crate::script_json::script_json;

/// A script element that shows an application of a Bokeh server where it stands in a page, whoever serves the page. Each visitor
/// gets a session of their own.
///
/// `url` is the application's address, such as `http://localhost:5006/sliders`. The server has to let the page in: its setting
/// `allow_websocket_origin` must name the page's host and port.
///
/// ```
/// use bokeh_embed::server_document;
///
/// let script = server_document("http://localhost:5006/sliders").argument("user", "Ann & Bob").to_string();
/// assert!(script.contains("http://localhost:5006/sliders/autoload.js?bokeh-autoload-element="));
/// assert!(script.contains("user=Ann%20%26%20Bob"));
/// ```
pub fn server_document(url: impl AsRef<str>) -> ServerScript {
    ServerScript::new(url.as_ref())
}

/// A script element that shows a session of a Bokeh server: one that a client has made, say, and has filled for this visitor.
///
/// Everybody who sees the page sees the same session, so a page must not be kept for the next visitor.
///
/// ```
/// use bokeh_embed::server_session;
///
/// let script = server_session("the-id", "http://localhost:5006/sliders").to_string();
/// assert!(script.contains(r#"{"Bokeh-Session-Id":"the-id"}"#));
/// ```
pub fn server_session(session_id: impl Into<String>, url: impl AsRef<str>) -> ServerScript {
    ServerScript::new(url.as_ref()).header("Bokeh-Session-Id", session_id)
}

/// A script element for a page: what [`server_document`] and [`server_session`] make. Its text is HTML, to be inserted as it is.
#[derive(Clone, Debug)]
#[must_use = "nothing is shown unless the element stands in a page"]
pub struct ServerScript {
    /// Without a slash at the end.
    url: String,
    element_id: ElementId,
    arguments: Vec<(String, String)>,
    headers: Map<String, Json>,
    with_credentials: bool,
    with_resources: bool,
    relative_urls: bool,
}

impl ServerScript {
    fn new(url: &str) -> Self {
        Self {
            url: url.trim_end_matches('/').to_owned(),
            element_id: ElementId::random(),
            arguments: Vec::new(),
            headers: Map::new(),
            with_credentials: false,
            with_resources: true,
            relative_urls: false,
        }
    }

    /// Adds an argument of the request, which the application finds in its session's context. Names that begin with `bokeh-` are
    /// left out: they have a meaning of their own.
    pub fn argument(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        if !name.starts_with("bokeh-") {
            self.arguments.push((name, value.into()));
        }
        self
    }

    /// Adds a header of the request, which the application finds in its session's context.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), Json::String(value.into()));
        self
    }

    /// Lets the browser send the cookies that it has for the server, also if the page is another server's.
    pub fn with_credentials(mut self) -> Self {
        self.with_credentials = true;
        self
    }

    /// Leaves it to the page to load BokehJS, in the server's version.
    pub fn without_resources(mut self) -> Self {
        self.with_resources = false;
        self
    }

    /// Lets the page look for BokehJS and the WebSocket at its own host: for a page behind the same proxy as the server.
    pub fn relative_urls(mut self) -> Self {
        self.relative_urls = true;
        self
    }

    /// Puts the application into the element with this id instead of a new one. The script gets this id: BokehJS puts an element
    /// in its place.
    pub fn in_element(mut self, element_id: impl Into<String>) -> Self {
        self.element_id = ElementId::new(element_id);
        self
    }

    /// Where the script `autoload.js` is asked for.
    fn autoload_url(&self) -> String {
        let mut url = format!("{}/autoload.js?bokeh-autoload-element={}", self.url, escape(self.element_id.as_str()));
        let mut add = |name: &str, value: &str| {
            url.push('&');
            url.push_str(&escape(name));
            url.push('=');
            url.push_str(&escape(value));
        };
        let path = path(&self.url);
        if !path.is_empty() {
            add("bokeh-app-path", path);
        }
        if !self.relative_urls {
            add("bokeh-absolute-url", &self.url);
        }
        if !self.with_resources {
            add("resources", "none");
        }
        for (name, value) in &self.arguments {
            add(name, value);
        }
        url
    }
}

impl fmt::Display for ServerScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = |value: &Json| script_json(value).map_err(|_never_for_json| fmt::Error);
        let id = escape_html(self.element_id.as_str());
        let url = json(&Json::String(self.autoload_url()))?;
        let headers = json(&Json::Object(self.headers.clone()))?;
        let credentials = if self.with_credentials { "include" } else { "same-origin" };
        write!(
            f,
            r#"<script id="{id}">
  (async () => {{
    const {{nonce}} = document.currentScript;
    const url = {url};
    try {{
      const response = await fetch(url, {{headers: {headers}, credentials: "{credentials}"}});
      if (!response.ok) {{
        throw new Error(`${{response.status}} ${{response.statusText}}`);
      }}
      const script = document.createElement("script");
      script.nonce = nonce;
      script.textContent = await response.text();
      document.body.append(script);
    }} catch (error) {{
      console.error(`Bokeh: could not load ${{url}}: ${{error.message}}`);
    }}
  }})();
</script>"#
        )
    }
}

/// The path of a URL, empty for the root.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("", |at| &rest[at..])
}

fn escape(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

/// Everything but what stands for itself in a query, so that addresses stay readable.
const QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/').remove(b':');
