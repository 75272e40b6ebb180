//! What visitors see where nothing is.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::hosted::url_path;

/// The page for addresses that nobody has. It leads to the list of the applications if there is one.
#[derive(Clone, Debug)]
pub(crate) struct NotFound {
    html: String,
}

impl NotFound {
    /// The page of a server whose paths begin with `prefix`.
    pub(crate) fn new(prefix: &str, has_index: bool) -> Self {
        let link = format!("<p><a href=\"{}/\">What is on this server</a></p>", url_path(prefix));
        let link = if has_index { &link } else { "" };
        let title = "404: Not Found";
        Self { html: format!("<html><title>{title}</title><body>{title}{link}</body></html>") }
    }
}

impl IntoResponse for NotFound {
    fn into_response(self) -> Response {
        let content_type = HeaderValue::from_static("text/html; charset=UTF-8");
        (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, content_type)], self.html).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_leads_to_the_index_if_there_is_one() {
        for (prefix, has_index, expected) in [
            ("", true, "<p><a href=\"/\">What is on this server</a></p>"),
            ("/a \"b\"", true, "<p><a href=\"/a%20%22b%22/\">What is on this server</a></p>"),
            ("/a", false, ""),
        ] {
            let page = NotFound::new(prefix, has_index).html;
            let body = format!("<body>404: Not Found{expected}</body></html>");
            assert!(page.ends_with(&body), "{page}");
        }
    }
}
