//! What an application says of itself.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::hosted::Hosted;

/// `{"url": <route without prefix>, "data": <the application's metadata>}`.
pub(crate) async fn metadata(State(hosted): State<Arc<Hosted>>) -> Response {
    let url = json!(if hosted.route.is_empty() { "/" } else { &hosted.route });
    let data = json!(hosted.sessions.host().application.metadata_fields());
    // In this order, whatever the order of a map is.
    let body = format!(r#"{{"url": {url}, "data": {data}}}"#);
    let content_type = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, content_type)], body).into_response()
}
