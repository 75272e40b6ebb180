//! From a request to a session: what pages and autoload scripts have in common.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use bokeh_application::{Application, HandlerError};
use bokeh_embed::Resources;
use bokeh_protocol::Token;

use crate::arrival::Base;
use crate::failure_page::FailurePage;
use crate::hosted::Hosted;
use crate::log_id::log_id;
use crate::refusal::Refusal;
use crate::selection::{Selection, select};
use crate::session::{PageRoots, SessionEnded};
use crate::sessions::{CreateSessionError, Session, TokenId, Wanted};

/// A session that lives, and the way in for one page.
pub(crate) struct Entry {
    pub(crate) session: Arc<Session>,
    pub(crate) roots: PageRoots,
    /// As text, of this page alone.
    pub(crate) token: String,
    /// What stands before all paths.
    pub(crate) base: Base,
}

impl Entry {
    /// The BokehJS of its page, which loads at first what the document needs.
    pub(crate) fn resources(&self, hosted: &Hosted) -> Resources {
        let resources = hosted.common.resources.clone().at_origin(self.base.as_str());
        resources.at_first(&self.roots.bundles)
    }

    /// Whether [`find`](Self::find) would find or make a session, as far as that can be told without doing it.
    pub(crate) fn check(hosted: &Hosted, parts: &Parts) -> Result<(), Refusal> {
        let common = &hosted.common;
        let selection = select(parts, &common.settings, &common.signing)?;
        let is_open = !common.draining.is_cancelled() || hosted.sessions.find(&selection.session_id).is_some();
        if is_open { Ok(()) } else { Err(Refusal::STOPPING) }
    }

    /// Finds the session that a request wants, or makes it.
    pub(crate) async fn find(hosted: &Hosted, parts: &Parts) -> Result<Self, Response> {
        let common = &hosted.common;
        let selection = select(parts, &common.settings, &common.signing).map_err(Refusal::into_response)?;
        let Selection { session_id, mut payload, request } = selection;
        let http = request.as_ref().map(|request| request.http().clone()).unwrap_or_default();
        if let Some(request) = request {
            let extra = hosted.run(|app| async move { app.token_payload(&request).await }).await;
            payload.extend(extra.map_err(|error| failed(hosted, &session_id, &*error))?);
        }
        let expiry = unix_now().saturating_add(common.settings.session_token_expiration);
        let token = Token::new(session_id.as_str())
            .expires_at(i64::try_from(expiry.as_secs()).unwrap_or(i64::MAX))
            .with_payload(payload.clone())
            .encode(&common.signing);
        let token = token.map_err(|error| failed(hosted, &session_id, &error))?;
        let user = parts.extensions.get();
        let base = Base::of(parts);
        let wanted =
            Wanted { id: &session_id, token: &token, payload: &payload, http: &http, user, base: base.as_str() };
        let (session, roots) = session(hosted, &wanted).await?;
        session.give(TokenId::of(&token));
        Ok(Self { session, roots, token, base })
    }
}

impl Hosted {
    /// Asks the application where user code may block.
    pub(crate) async fn run<T, F>(&self, ask: impl FnOnce(Application) -> F) -> Result<T, HandlerError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, HandlerError>> + Send + 'static,
    {
        let host = self.sessions.host();
        let answer = host.threads.spawn(ask(host.application.clone())).await;
        answer.unwrap_or_else(|_no_result| Err("the application panicked".into()))
    }
}

/// The page of a failure, which is logged.
pub(crate) fn failed(hosted: &Hosted, session_id: &str, error: &(dyn Error + 'static)) -> Response {
    let session = log_id(session_id);
    tracing::error!(app = hosted.sessions.host().route, session, error, "could not make a page");
    failure_page(hosted, &session, error)
}

/// What a program sees when there is no session.
pub(crate) fn refusal(error: &CreateSessionError) -> Refusal {
    match error {
        CreateSessionError::Full => Refusal::FULL,
        CreateSessionError::Foreign => Refusal::reason(StatusCode::FORBIDDEN, "The session is another user's"),
        CreateSessionError::Stopping => Refusal::STOPPING,
        CreateSessionError::Build(_) | CreateSessionError::Panicked(_) | CreateSessionError::Invalid(_) => {
            Refusal::INTERNAL
        }
    }
}

/// The time since 1970 UTC, which tokens count in.
pub(crate) fn unix_now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// The session, which is made if need be, and what a page has to know of it.
async fn session(hosted: &Hosted, wanted: &Wanted<'_>) -> Result<(Arc<Session>, PageRoots), Response> {
    // Between being found and being asked, a session can end; the one made instead is new.
    for _attempt in 0..3 {
        let session = hosted.sessions.get_or_create(wanted).await;
        let session = session.map_err(|error| match &error {
            // Whoever made the session has logged it.
            CreateSessionError::Build(_) | CreateSessionError::Panicked(_) | CreateSessionError::Invalid(_) => {
                failure_page(hosted, &log_id(wanted.id), &error)
            }
            CreateSessionError::Full | CreateSessionError::Foreign | CreateSessionError::Stopping => {
                refusal(&error).into_response()
            }
        })?;
        match session.handle.page_roots().await {
            Ok(roots) => return Ok((session, roots)),
            Err(SessionEnded) => drop(hosted.sessions.discard(&session)),
        }
    }
    Err(Refusal::INTERNAL.into_response())
}

fn failure_page(hosted: &Hosted, session: &str, error: &dyn Error) -> Response {
    let common = &hosted.common;
    FailurePage {
        app: &hosted.sessions.host().route,
        session,
        error: common.settings.show_errors.then_some(error),
        reloads_below: common.dev.is_some().then_some(&common.prefix),
    }
    .into_response()
}
