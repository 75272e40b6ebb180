//! The list of applications.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::hosted::url_path;

/// What stands at the prefix itself.
#[derive(Clone, Debug)]
pub(crate) enum Index {
    /// Another address: that of the only application.
    Redirect(HeaderValue),
    /// A page with links.
    List(String),
}

impl Index {
    /// The index of applications at `routes`, which are sorted and begin with a slash.
    pub(crate) fn new(prefix: &str, routes: &[&str], redirects: bool) -> Self {
        if let ([route], true) = (routes, redirects) {
            let url = format!("{}{}", url_path(prefix), url_path(route));
            if let Ok(url) = HeaderValue::try_from(url) {
                return Self::Redirect(url);
            }
        }
        let link = |route: &&str| {
            let (href, name) = (escape(&format!("{}{}", url_path(prefix), url_path(route))), escape(&route[1..]));
            format!("      <li><a href=\"{href}\">{name}</a></li>\n")
        };
        let links: String = routes.iter().map(link).collect();
        Self::List(format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n  <head>\n    <meta charset=\"utf-8\">\n    \
             <meta name=\"viewport\" content=\"width=device-width\">\n    <title>Bokeh applications</title>\n    \
             <style>body {{ font: 1.2em/1.6 sans-serif; margin: 2em auto; max-width: 30em; }}</style>\n  </head>\n  \
             <body>\n    <h1>Applications</h1>\n    <ul>\n{links}    </ul>\n  </body>\n</html>\n"
        ))
    }

    pub(crate) fn response(&self) -> Response {
        match self {
            Self::Redirect(url) => (StatusCode::FOUND, [(header::LOCATION, url.clone())]).into_response(),
            Self::List(html) => Html(html.clone()).into_response(),
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
