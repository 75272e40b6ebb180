//! Users log in before they see anything.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bokeh_application::{Access, Auth, HttpResponse};

use crate::due_body::Late;
use crate::hosted::url_path;
use crate::http_request::http_request;
use crate::refusal::Refusal;

/// Lets nobody through to the routes whom `auth` does not know.
pub(crate) fn guarded(routes: Router, auth: Option<&Arc<dyn Auth>>) -> Router {
    match auth {
        None => routes,
        Some(auth) => routes.route_layer(from_fn_with_state(auth.clone(), check)),
    }
}

/// The routes by which users log in and out.
pub(crate) fn doors(prefix: &str, auth: &Arc<dyn Auth>) -> Router {
    let mut paths = auth.paths();
    paths.sort_unstable();
    paths.dedup();
    paths.iter().fold(Router::new(), |router, path| {
        router.route(&format!("{prefix}{}", url_path(path)), any(respond).with_state(auth.clone()))
    })
}

async fn check(State(auth): State<Arc<dyn Auth>>, request: Request, next: Next) -> Response {
    // Everything else is refused anyway, or tells nothing.
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let mut asked = http_request(&parts, Vec::new());
    // Who may look at something may also ask whether it is there.
    Method::GET.as_str().clone_into(&mut asked.method);
    match auth.authorize(&asked).await {
        Ok(Access::Granted(headers)) => {
            let mut response = next.run(Request::from_parts(parts, body)).await;
            append(response.headers_mut(), headers);
            response
        }
        // A page that follows a redirect with its WebSocket gets nowhere.
        Ok(Access::Refused(_)) if parts.headers.contains_key(header::UPGRADE) => NOT_LOGGED_IN.into_response(),
        Ok(Access::Refused(answer)) => response(answer),
        Err(error) => failed(&*error),
    }
}

async fn respond(State(auth): State<Arc<dyn Auth>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = match to_bytes(body, MAX_BODY_BYTES).await {
        Ok(body) => body,
        Err(error) if is_late(&error) => return Refusal::status(StatusCode::REQUEST_TIMEOUT).into_response(),
        Err(_too_long) => return Refusal::status(StatusCode::PAYLOAD_TOO_LARGE).into_response(),
    };
    match auth.respond(&http_request(&parts, body.into())).await {
        Ok(answer) => response(answer),
        Err(error) => failed(&*error),
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

fn failed(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Response {
    let error: &(dyn std::error::Error + 'static) = error;
    tracing::error!(error, "could not tell who asks");
    Refusal::INTERNAL.into_response()
}

const OF_CONNECTION: [HeaderName; 4] =
    [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::UPGRADE];
const NOT_LOGGED_IN: Refusal = Refusal::reason(StatusCode::FORBIDDEN, "Not logged in");
/// More than that is no form for a name and a password.
const MAX_BODY_BYTES: usize = 10 << 20;
