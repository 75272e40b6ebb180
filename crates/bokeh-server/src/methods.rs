//! Which methods an address answers.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;

use crate::refusal::Refusal;

/// Answers GET as `get` says, HEAD likewise without the content, and OPTIONS; refuses the others.
pub(crate) fn read_only<S: Clone + Send + Sync + 'static>(get: MethodRouter<S>) -> MethodRouter<S> {
    refuse_others(get.options(options))
}

/// Refuses what `known` does not answer, and says what it does.
pub(crate) fn refuse_others<S: Clone + Send + Sync + 'static>(known: MethodRouter<S>) -> MethodRouter<S> {
    known.fallback(async || Refusal::METHOD_NOT_ALLOWED)
}

async fn options() -> Response {
    (StatusCode::NO_CONTENT, [(header::ALLOW, HeaderValue::from_static("GET,HEAD,OPTIONS"))]).into_response()
}
