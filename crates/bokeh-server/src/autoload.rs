//! The script that puts a session into a page of somebody else's.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bokeh_application::AutoloadRequest;
use bokeh_embed::{AutoloadScript, RenderError, Resources};
use bokeh_protocol::AllowList;

use crate::arrival::Base;
use crate::entry::{Entry, failed};
use crate::handshake::upgrade_headers;
use crate::hosted::Hosted;
use crate::refusal::Refusal;
use crate::selection::Query;

/// Makes the session, unless it is there, and a script that connects to it. HEAD only asks whether there would be one.
pub(crate) async fn autoload(State(hosted): State<Arc<Hosted>>, parts: Parts) -> Response {
    match script(&hosted, &parts).await {
        Ok(script) => {
            let content_type = HeaderValue::from_static("application/javascript");
            let no_store = HeaderValue::from_static("no-store");
            let headers = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, no_store)];
            (StatusCode::OK, headers, script).into_response()
        }
        Err(response) => response,
    }
}

/// Lets pages of other servers read what is answered, also when that is no script.
pub(crate) async fn readable_elsewhere(State(hosted): State<Arc<Hosted>>, request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let mut response = next.run(request).await;
    allow_origins(response.headers_mut(), &asked, &hosted.common.allow_list);
    response
}

/// Tells a browser that pages of other servers may ask for the script.
pub(crate) async fn preflight(headers: HeaderMap) -> Response {
    let mut response = StatusCode::OK.into_response();
    let answer = response.headers_mut();
    answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("PUT, GET, OPTIONS"));
    // To a request with cookies a star is no wildcard.
    if let Some(wanted) = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    response
}

/// What the page that loads the script says of itself.
struct Wanted {
    element_id: String,
    app_path: Option<String>,
    absolute_url: Option<String>,
    with_resources: bool,
}

impl Wanted {
    fn of(query: &Query) -> Result<Self, Refusal> {
        let argument = |name| Ok(query.text(name)?.filter(|text| !text.is_empty()));
        Ok(Self {
            element_id: argument("bokeh-autoload-element")?.ok_or(NO_ELEMENT)?,
            app_path: argument("bokeh-app-path")?,
            absolute_url: argument("bokeh-absolute-url")?,
            with_resources: argument("resources")?.as_deref() != Some("none"),
        })
    }
}

async fn script(hosted: &Hosted, parts: &Parts) -> Result<String, Response> {
    let Wanted { element_id, app_path, absolute_url, with_resources } =
        Wanted::of(&Query::of(&parts.uri)).map_err(Refusal::into_response)?;
    if parts.method == Method::HEAD {
        return Entry::check(hosted, parts).map(|()| String::new()).map_err(Refusal::into_response);
    }
    let entry = Entry::find(hosted, parts).await?;
    let mut request = AutoloadRequest::new(entry.token.as_str(), entry.base.prefix(&hosted.common), element_id);
    request.app_path = app_path.unwrap_or(request.app_path);
    request.absolute_url = absolute_url;
    request.with_resources = with_resources;
    let context = entry.session.context.clone();
    let asked = request.clone();
    let script = hosted.run(|app| async move { app.autoload(&asked, &context).await }).await;
    let session_id = entry.session.context.id();
    match script.map_err(|error| failed(hosted, session_id, &*error))? {
        Some(script) => Ok(script),
        None => render(hosted, request, &entry.base).map_err(|error| failed(hosted, session_id, &error)),
    }
}

/// The script of an application whose handlers make none.
fn render(hosted: &Hosted, request: AutoloadRequest, base: &Base) -> Result<String, RenderError> {
    let resources = if request.with_resources {
        hosted.common.resources.clone().at_origin(base.as_str())
    } else {
        Resources::none()
    };
    let script = AutoloadScript::new(request.token, request.element_id, resources).app_path(request.app_path);
    match request.absolute_url {
        None => script.render(),
        Some(url) => script.absolute_url(url).render(),
    }
}

/// Pages of everybody may ask; who may connect is decided when they do. Cookies count only if the page may connect: the script
/// carries a token, which is for nobody else.
fn allow_origins(answer: &mut HeaderMap, request: &HeaderMap, allow_list: &AllowList) {
    let is_allowed = allow_list.allows(upgrade_headers(request));
    let origin = request.get(header::ORIGIN).filter(|_| is_allowed);
    let origin = origin.cloned().unwrap_or(HeaderValue::from_static("*"));
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    answer.entry(header::ACCESS_CONTROL_ALLOW_HEADERS).or_insert(HeaderValue::from_static("*"));
    answer.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    answer.insert(header::VARY, HeaderValue::from_static("Origin"));
}

const NO_ELEMENT: Refusal = Refusal::reason(StatusCode::BAD_REQUEST, "No bokeh-autoload-element query parameter");
