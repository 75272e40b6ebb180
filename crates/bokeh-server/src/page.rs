//! The page of an application.

mod failure;

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bokeh_embed::{Page, RenderItem, Root};
use bokeh_protocol::Token;

use crate::hosted::Hosted;
use crate::log_id::log_id;
use crate::refusal::Refusal;
use crate::selection::{Selection, select};
use crate::session::{PageRoots, SessionEnded};
use crate::sessions::CreateSessionError;

use failure::FailurePage;

/// Makes the session, unless it is there, and a page that connects to it.
pub(crate) async fn page(State(hosted): State<Arc<Hosted>>, parts: Parts) -> Response {
    match html(&hosted, &parts).await {
        Ok(html) => {
            // A page belongs to one visitor: nobody may keep it for the next.
            let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=UTF-8"));
            (StatusCode::OK, [content_type, no_store], html).into_response()
        }
        Err(response) => response,
    }
}

async fn html(hosted: &Hosted, parts: &Parts) -> Result<String, Response> {
    let common = &hosted.common;
    let application = &hosted.sessions.host().application;
    let selection = select(parts, &common.settings, &common.signing, |request| application.token_payload(request));
    let selection = selection.map_err(Refusal::into_response)?;
    let session = log_id(&selection.session_id);
    let roots = roots(hosted, &selection).await?;
    let expiry = unix_now().saturating_add(common.settings.session_token_expiration);
    let token = Token::new(selection.session_id)
        .expires_at(i64::try_from(expiry.as_secs()).unwrap_or(i64::MAX))
        .with_payload(selection.payload)
        .encode(&common.signing);
    let token = token.map_err(|error| failed(hosted, &session, &error))?;
    let item = roots.root_ids.into_iter().map(Root::new).fold(RenderItem::session(token), RenderItem::root);
    let page = Page::new(common.resources.clone()).title(roots.title).item(item);
    page.render().map_err(|error| failed(hosted, &session, &error))
}

/// What the page has to know of its session, which is made if need be.
async fn roots(hosted: &Hosted, selection: &Selection) -> Result<PageRoots, Response> {
    // Between being found and being asked, a session can end; the one made instead is new.
    for _attempt in 0..3 {
        let session = hosted.sessions.get_or_create(&selection.session_id, &selection.payload).await;
        let session = session.map_err(|error| match &error {
            // Whoever made the session has logged it.
            CreateSessionError::Build(_) | CreateSessionError::Panicked(_) => {
                failure_page(hosted, &log_id(&selection.session_id), &error)
            }
            CreateSessionError::Full | CreateSessionError::Stopping => refusal(&error).into_response(),
        })?;
        match session.handle.page_roots().await {
            Ok(roots) => return Ok(roots),
            Err(SessionEnded) => drop(hosted.sessions.discard(&session)),
        }
    }
    Err(Refusal::INTERNAL.into_response())
}

/// What a program sees when there is no session.
pub(crate) fn refusal(error: &CreateSessionError) -> Refusal {
    match error {
        CreateSessionError::Full => Refusal::FULL,
        CreateSessionError::Stopping => Refusal::status(StatusCode::SERVICE_UNAVAILABLE),
        CreateSessionError::Build(_) | CreateSessionError::Panicked(_) => Refusal::INTERNAL,
    }
}

/// The time since 1970 UTC, which tokens count in.
pub(crate) fn unix_now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn failed(hosted: &Hosted, session: &str, error: &(dyn Error + 'static)) -> Response {
    tracing::error!(app = hosted.sessions.host().route, session, error, "could not make a page");
    failure_page(hosted, session, error)
}

fn failure_page(hosted: &Hosted, session: &str, error: &dyn Error) -> Response {
    let error = hosted.common.settings.show_errors.then_some(error);
    FailurePage { app: &hosted.sessions.host().route, session, error }.into_response()
}
