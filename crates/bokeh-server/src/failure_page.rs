//! What visitors see when an application fails.

#[cfg(test)]
mod tests;

use std::error::Error;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::dev::with_reloading;

/// A page in the place of one that an application could not build.
#[derive(Debug)]
pub(crate) struct FailurePage<'a> {
    /// The application's route.
    pub(crate) app: &'a str,
    /// The session's name in the log.
    pub(crate) session: &'a str,
    /// What went wrong, for those who may know.
    pub(crate) error: Option<&'a dyn Error>,
    /// The prefix of a server whose pages load again when their application has changed.
    pub(crate) reloads_below: Option<&'a str>,
}

impl FailurePage<'_> {
    fn html(&self) -> String {
        let (app, session) = (escape(self.app), escape(self.session));
        let details = self.error.map(|error| format!("<pre>{}</pre>", escape(&causes(error)))).unwrap_or_default();
        let title = "500: Internal Server Error";
        format!(
            "<html><title>{title}</title><body style=\"font-family: sans-serif; margin: 2em\"><h1>{title}</h1>\
             <p>The application <code>{app}</code> could not build this page.</p>{details}\
             <p>The server's log says more about session <code>{session}</code>.</p></body></html>"
        )
    }
}

impl IntoResponse for FailurePage<'_> {
    fn into_response(self) -> Response {
        let content_type = HeaderValue::from_static("text/html; charset=UTF-8");
        let no_store = HeaderValue::from_static("no-store");
        let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, no_store)];
        let html = match self.reloads_below {
            None => self.html(),
            Some(prefix) => with_reloading(self.html(), prefix),
        };
        (StatusCode::INTERNAL_SERVER_ERROR, headers, html).into_response()
    }
}

/// An error and what caused it, each on a line.
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push('\n');
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
