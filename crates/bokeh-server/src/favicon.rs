//! The icon in the browser's tab.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// The icon. Browsers ask for it unbidden, and complain when there is none.
pub(crate) async fn favicon() -> Response {
    let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("image/x-icon"));
    let cache = (header::CACHE_CONTROL, HeaderValue::from_static("max-age=86400"));
    ([content_type, cache], ICON).into_response()
}

const ICON: &[u8] = include_bytes!("../assets/favicon.ico");
