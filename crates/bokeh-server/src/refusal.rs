//! Answers that are not what was asked for.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::ext::ReasonPhrase;

/// A request that is not served, with the text that says why.
///
/// Statuses, bodies and reason phrases are Bokeh's: people and programs know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    body: Body,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    /// A page that shows the status and what the standard calls it.
    Status,
    /// A page that shows the status and this reason, which is also the reason phrase.
    Reason(&'static str),
    /// This text and no page: what the reference's WebSocket layer sends.
    Plain(&'static str),
}

impl Refusal {
    pub(crate) const NOT_FOUND: Self = Self::status(StatusCode::NOT_FOUND);
    pub(crate) const METHOD_NOT_ALLOWED: Self = Self::status(StatusCode::METHOD_NOT_ALLOWED);
    pub(crate) const INTERNAL: Self = Self::status(StatusCode::INTERNAL_SERVER_ERROR);
    pub(crate) const BAD_REQUEST: Self = Self::status(StatusCode::BAD_REQUEST);
    pub(crate) const STOPPING: Self = Self::status(StatusCode::SERVICE_UNAVAILABLE);
    pub(crate) const FULL: Self = Self::reason(StatusCode::SERVICE_UNAVAILABLE, "Too many sessions");

    /// When to try again, in seconds, after a refusal that need not be the last word.
    pub(crate) const RETRY_AFTER: &str = "5";

    pub(crate) const fn status(status: StatusCode) -> Self {
        Self { status, body: Body::Status }
    }

    pub(crate) const fn reason(status: StatusCode, reason: &'static str) -> Self {
        Self { status, body: Body::Reason(reason) }
    }

    pub(crate) const fn plain(status: StatusCode, text: &'static str) -> Self {
        Self { status, body: Body::Plain(text) }
    }

    /// What the answer says, for the log.
    pub(crate) fn text(&self) -> &'static str {
        match self.body {
            Body::Status => self.status.canonical_reason().unwrap_or_default(),
            Body::Reason(text) | Body::Plain(text) => text,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (code, text) = (self.status.as_u16(), self.text());
        let body = match self.body {
            Body::Plain(_) => text.to_owned(),
            _ => format!("<html><title>{code}: {text}</title><body>{code}: {text}</body></html>"),
        };
        let content_type = HeaderValue::from_static("text/html; charset=UTF-8");
        let mut response = (self.status, [(header::CONTENT_TYPE, content_type)], body).into_response();
        if let Body::Reason(reason) = self.body {
            response.extensions_mut().insert(ReasonPhrase::from_static(reason.as_bytes()));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(Self::RETRY_AFTER));
        }
        if self.status == StatusCode::UPGRADE_REQUIRED {
            response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        response
    }
}
