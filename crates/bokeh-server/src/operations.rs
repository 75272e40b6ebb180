//! What those ask who run the server: whether it lives, whether it takes sessions, and what it counts.

mod report;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::arrival::arrive;
use crate::hosted::{Common, Hosted};
use crate::peer::Peer;
use crate::refusal::Refusal;
use crate::settings::Exposure;

use report::report;

/// What the answers are made of.
#[derive(Clone)]
pub(crate) struct Operations {
    pub(crate) common: Arc<Common>,
    pub(crate) apps: Vec<Arc<Hosted>>,
}

/// The routes `/healthz`, `/readyz` and, if somebody may see them, `/metrics`. The prefix does not count for them: it is
/// machines on the same side of the proxy that ask.
pub(crate) fn operations(operations: Operations) -> Router {
    let exposure = operations.common.settings.metrics;
    let mut metrics = Router::new().route(METRICS, get(report));
    if exposure == Exposure::Local {
        metrics = metrics.route_layer(from_fn(only_local));
    }
    let router = Router::new().route(HEALTH, get(health)).route(READY, get(ready));
    let router = if exposure == Exposure::Nobody { router } else { router.merge(metrics) };
    let common = operations.common.clone();
    router.route_layer(from_fn_with_state(common, arrive)).with_state(operations)
}

/// The process answers. That is all there is to say.
async fn health() -> Response {
    plain(StatusCode::OK, "ok\n")
}

/// Whether pages may be sent here.
async fn ready(State(Operations { common, .. }): State<Operations>) -> Response {
    if common.draining.is_cancelled() {
        let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, "shutting down\n");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(Refusal::RETRY_AFTER));
        return response;
    }
    plain(StatusCode::OK, "ready\n")
}

/// Lets programs on this machine through, and no proxy on it that asks for somebody else.
async fn only_local(request: Request, next: Next) -> Response {
    let is_passed_on = FORWARDED.iter().any(|name| request.headers().contains_key(*name));
    let is_local = request.extensions().get::<Peer>().is_some_and(Peer::is_local);
    if is_local && !is_passed_on { next.run(request).await } else { Refusal::NOT_FOUND.into_response() }
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}

/// The paths that are taken up, unless an application is there.
pub(crate) const PATHS: [&str; 3] = [HEALTH, READY, METRICS];
const HEALTH: &str = "/healthz";
const READY: &str = "/readyz";
const METRICS: &str = "/metrics";
/// What proxies add when they pass a request on.
const FORWARDED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "x-forwarded-proto"];
