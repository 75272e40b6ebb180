//! The list of applications.

mod template;
mod tornado;

use std::path::Path;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::hosted::url_path;
use crate::refusal::Refusal;

pub use template::IndexError;
use template::IndexTemplate;

/// What stands at the prefix itself.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// The addresses of the applications, and how they are called.
    links: Vec<(String, String)>,
    /// Whether to lead to the only application at once.
    redirects: bool,
    template: Option<IndexTemplate>,
    prefix: String,
}

impl Index {
    /// The index of applications at `routes`, which are sorted and begin with a slash.
    pub(crate) fn new(prefix: &str, routes: &[&str], redirects: bool) -> Self {
        let link = |route: &&str| (format!("{}{}", url_path(prefix), url_path(route)), route[1..].to_owned());
        Self { links: routes.iter().map(link).collect(), redirects, template: None, prefix: prefix.to_owned() }
    }

    /// The list of a template instead of the simple one.
    pub(crate) fn with_template(self, path: &Path, routes: &[&str]) -> Result<Self, IndexError> {
        Ok(Self { template: Some(IndexTemplate::read(path, &self.prefix, routes)?), ..self })
    }

    /// The answer to a request that came by `base`.
    pub(crate) fn response(&self, base: &str) -> Response {
        if let ([(path, _)], true) = (self.links.as_slice(), self.redirects)
            && let Ok(url) = HeaderValue::try_from(format!("{base}{path}"))
        {
            return (StatusCode::FOUND, [(header::LOCATION, url)]).into_response();
        }
        match &self.template {
            None => Html(self.list(base)).into_response(),
            Some(template) => match template.render(&format!("{base}{}", self.prefix)) {
                Ok(html) => Html(html).into_response(),
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "the template of the index failed");
                    Refusal::INTERNAL.into_response()
                }
            },
        }
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
