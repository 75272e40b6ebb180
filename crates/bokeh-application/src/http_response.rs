//! An answer to an HTTP request.

use crate::auth::Cookie;

/// An answer to a request.
///
/// ```
/// use bokeh_application::HttpResponse;
///
/// let response = HttpResponse::redirect("/login").with_header("Cache-Control", "no-store");
/// assert_eq!(response.status, 303);
/// assert_eq!(response.header("location"), Some("/login"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status, such as 200.
    pub status: u16,
    /// Names and values; one name can stand there several times, such as `Set-Cookie`. A server leaves out those that are no
    /// headers, such as values with line breaks.
    pub headers: Vec<(String, String)>,
    /// What comes after the head.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// An answer without headers and body.
    pub fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// A page, which no cache keeps and no page of another origin shows inside of itself.
    pub fn html(status: u16, html: impl Into<String>) -> Self {
        Self { body: html.into().into_bytes(), ..Self::new(status) }
            .with_header("Content-Type", "text/html; charset=UTF-8")
            .with_header("Cache-Control", "no-store")
            .with_header("Content-Security-Policy", "frame-ancestors 'none'")
            .with_header("X-Content-Type-Options", "nosniff")
    }

    /// A text, which no cache keeps.
    pub fn text(status: u16, text: impl Into<String>) -> Self {
        Self { body: text.into().into_bytes(), ..Self::new(status) }
            .with_header("Content-Type", "text/plain; charset=UTF-8")
            .with_header("Cache-Control", "no-store")
    }

    /// Sends a browser elsewhere, where it asks with `GET`.
    pub fn redirect(url: impl Into<String>) -> Self {
        Self::new(303).with_header("Location", url).with_header("Cache-Control", "no-store")
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a cookie.
    #[must_use]
    pub fn with_cookie(self, cookie: &Cookie) -> Self {
        self.with_header("Set-Cookie", cookie.to_string())
    }

    /// The first header of a name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
