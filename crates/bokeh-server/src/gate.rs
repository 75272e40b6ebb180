//! Users log in before they see anything.

#[cfg(test)]
mod tests;

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bokeh_application::auth::{Access, Auth, AuthRequest, SignedCookies};
use bokeh_application::{HandlerError, HandlerFuture, HttpResponse};

use crate::arrival::Base;
use crate::due_body::Late;
use crate::hosted::url_path;
use crate::http_request::http_request;
use crate::peer::Peer;
use crate::refusal::Refusal;
use crate::threads::Threads;

/// Asks who may come in.
pub(crate) struct Gate {
    pub(crate) auth: Arc<dyn Auth>,
    /// Where that may block.
    pub(crate) threads: Threads,
    pub(crate) cookies: SignedCookies,
    /// As it stands in URLs.
    pub(crate) prefix: String,
}

/// Where users log out.
#[derive(Clone, Debug)]
pub(crate) enum Exit {
    /// A path of this server, with its prefix.
    Here(String),
    /// As it stands in links.
    Elsewhere(String),
}

/// Lets nobody through to the routes whom the gate does not know.
pub(crate) fn guarded(routes: Router, gate: Option<&Arc<Gate>>) -> Router {
    match gate {
        None => routes,
        Some(gate) => routes.route_layer(from_fn_with_state(gate.clone(), check)),
    }
}

/// The routes by which users log in and out.
pub(crate) fn doors(gate: &Arc<Gate>) -> Router {
    let mut paths = gate.auth.paths();
    paths.sort_unstable();
    paths.dedup();
    paths.iter().fold(Router::new(), |router, path| {
        router.route(&format!("{}{}", gate.prefix, url_path(path)), any(respond).with_state(gate.clone()))
    })
}

impl Exit {
    pub(crate) fn of(auth: &dyn Auth, prefix: &str) -> Option<Self> {
        let url = auth.logout_url()?;
        let is_here = auth.paths().contains(&url);
        Some(if is_here { Self::Here(format!("{}{}", url_path(prefix), url_path(&url))) } else { Self::Elsewhere(url) })
    }

    /// As it stands in links. `base` is what stands before all paths when the router is nested in another.
    pub(crate) fn url(&self, base: &str) -> String {
        match self {
            Self::Here(path) => format!("{base}{path}"),
            Self::Elsewhere(url) => url.clone(),
        }
    }
}

impl Gate {
    /// Asks where code may take its time.
    async fn ask<T: Send + 'static>(
        &self,
        parts: &Parts,
        body: Vec<u8>,
        ask: impl for<'a> FnOnce(&'a dyn Auth, &'a AuthRequest) -> HandlerFuture<'a, T> + Send + 'static,
    ) -> Result<T, Response> {
        let is_from_proxy = parts.extensions.get::<Peer>().is_some_and(|peer| peer.is_from_trusted_proxy);
        let mut http = http_request(parts, body);
        if http.method == "HEAD" {
            // Who may look at something may also ask whether it is there.
            Method::GET.as_str().clone_into(&mut http.method);
        }
        let request = AuthRequest::new(http, self.cookies.clone())
            .with_prefix(format!("{}{}", Base::of(parts).as_str(), self.prefix))
            .from_trusted_proxy(is_from_proxy);
        let auth = self.auth.clone();
        let answer = self.threads.spawn(async move { ask(&*auth, &request).await }).await;
        answer.unwrap_or_else(|_no_result| Err("the authentication panicked".into())).map_err(|error| failed(&error))
    }
}

async fn check(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    // Everything else is refused anyway, or shows nothing.
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    match gate.ask(&parts, Vec::new(), |auth, request| auth.authorize(request)).await {
        Ok(Access::Granted { user, headers }) => {
            if let Some(user) = user {
                parts.extensions.insert(user);
            }
            let mut response = next.run(Request::from_parts(parts, body)).await;
            append(response.headers_mut(), headers);
            // The next who asks may be somebody else.
            response.headers_mut().entry(header::CACHE_CONTROL).or_insert(NO_STORE);
            response
        }
        // A page that follows a redirect with its WebSocket gets nowhere.
        Ok(Access::Refused(_)) if parts.headers.contains_key(header::UPGRADE) => NOT_LOGGED_IN.into_response(),
        Ok(Access::Refused(answer)) => response(answer),
        Err(response) => response,
    }
}

async fn respond(State(gate): State<Arc<Gate>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = match to_bytes(body, MAX_BODY_BYTES).await {
        Ok(body) => body,
        Err(error) if is_late(&error) => return Refusal::status(StatusCode::REQUEST_TIMEOUT).into_response(),
        Err(_too_long) => return Refusal::status(StatusCode::PAYLOAD_TOO_LARGE).into_response(),
    };
    match gate.ask(&parts, body.into(), |auth, request| auth.respond(request)).await {
        Ok(answer) => response(answer),
        Err(response) => response,
    }
}

/// Whether the body did not come in time.
fn is_late(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<Late>() || error.source().is_some_and(is_late)
}

fn response(answer: HttpResponse) -> Response {
    let HttpResponse { status, headers, body } = answer;
    let Ok(status) = StatusCode::from_u16(status) else { return Refusal::INTERNAL.into_response() };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    append(response.headers_mut(), headers);
    response
}

/// Adds the headers that are of this answer and not of the connection that it came by.
fn append(to: &mut HeaderMap, headers: Vec<(String, String)>) {
    for (name, value) in headers {
        let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else { continue };
        if !OF_CONNECTION.contains(&name) {
            to.append(name, value);
        }
    }
}

fn failed(error: &HandlerError) -> Response {
    let error: &(dyn Error + 'static) = &**error;
    tracing::error!(error, "could not tell who asks");
    Refusal::INTERNAL.into_response()
}

const OF_CONNECTION: [HeaderName; 4] =
    [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::UPGRADE];
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NOT_LOGGED_IN: Refusal = Refusal::reason(StatusCode::FORBIDDEN, "Not logged in");
/// More than that is no form for a name and a password.
const MAX_BODY_BYTES: usize = 10 << 20;
