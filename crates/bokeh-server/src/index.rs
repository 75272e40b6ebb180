//! The list of applications.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::hosted::url_path;

/// What stands at the prefix itself.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// The addresses of the applications, and how they are called.
    links: Vec<(String, String)>,
    /// Whether to lead to the only application at once.
    redirects: bool,
}

impl Index {
    /// The index of applications at `routes`, which are sorted and begin with a slash.
    pub(crate) fn new(prefix: &str, routes: &[&str], redirects: bool) -> Self {
        let link = |route: &&str| (format!("{}{}", url_path(prefix), url_path(route)), route[1..].to_owned());
        Self { links: routes.iter().map(link).collect(), redirects }
    }

    /// The answer to a request that came by `base`.
    pub(crate) fn response(&self, base: &str) -> Response {
        if let ([(path, _)], true) = (self.links.as_slice(), self.redirects)
            && let Ok(url) = HeaderValue::try_from(format!("{base}{path}"))
        {
            return (StatusCode::FOUND, [(header::LOCATION, url)]).into_response();
        }
        Html(self.list(base)).into_response()
    }

    fn list(&self, base: &str) -> String {
        let link = |(path, name): &(String, String)| {
            format!("      <li><a href=\"{}\">{}</a></li>\n", escape(&format!("{base}{path}")), escape(name))
        };
        let links: String = self.links.iter().map(link).collect();
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n  <head>\n    <meta charset=\"utf-8\">\n    \
             <meta name=\"viewport\" content=\"width=device-width\">\n    <title>Bokeh applications</title>\n    \
             <style>body {{ font: 1.2em/1.6 sans-serif; margin: 2em auto; max-width: 30em; }}</style>\n  </head>\n  \
             <body>\n    <h1>Applications</h1>\n    <ul>\n{links}    </ul>\n  </body>\n</html>\n"
        )
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
