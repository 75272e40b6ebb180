use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bokeh_application::auth::User;
use bokeh_application::{BuildDocumentError, HttpRequest, SessionContext, SessionParts};
use bokeh_document::{Document, Finding, Problem};
use bokeh_protocol::Payload;
use futures_util::future::FutureExt;
use tokio::time::Instant;

use super::{Attendance, Creation, Host, Session, Sessions, Slot};
use crate::log_id::log_id;
use crate::quota::Permit;
use crate::session::SessionHandle;
use crate::settings::Validation;
use crate::threads::panic_message;

/// Why there is no session. Cheap to clone, since all who waited for it are told.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum CreateSessionError {
    #[error("the application failed")]
    Build(#[source] Arc<BuildDocumentError>),
    #[error("the application panicked: {0}")]
    Panicked(Arc<str>),
    #[error("the document has mistakes: {0}")]
    Invalid(Arc<str>),
    #[error("there are as many sessions as there may be")]
    Full,
    #[error("the session is another user's")]
    Foreign,
    #[error("the server is stopping")]
    Stopping,
}

/// A session that somebody asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) id: &'a str,
    /// The token that names it, as text.
    pub(crate) token: &'a str,
    pub(crate) payload: &'a Payload,
    /// The request that asks for it.
    pub(crate) http: &'a HttpRequest,
    /// Who asks for it, if that is known.
    pub(crate) user: Option<&'a User>,
    /// What stands before all paths when the router is nested in another.
    pub(crate) base: &'a str,
}

impl Wanted<'_> {
    pub(super) fn parts(&self, host: &Host) -> SessionParts {
        SessionParts {
            id: self.id.to_owned(),
            token: self.token.to_owned(),
            token_payload: self.payload.clone(),
            http: self.http.clone(),
            user: self.user.cloned(),
            logout_url: host.exit.as_ref().map(|exit| exit.url(self.base)),
            ..SessionParts::default()
        }
    }
}

/// Starts to make a session. Nobody has to wait for it: it goes on if the request that asked for it is given up.
pub(super) fn start(sessions: Sessions, parts: SessionParts, vacancy: Permit) -> Creation {
    let id: Arc<str> = parts.id.as_str().into();
    let threads = sessions.host().threads.clone();
    let task = threads.clone().spawn(async move {
        sessions.load().await;
        let context = SessionContext::new(SessionParts { server: sessions.0.server.clone(), ..parts });
        let made = AssertUnwindSafe(make(&sessions, &context, vacancy)).catch_unwind().await;
        let made = made.unwrap_or_else(|panic| Err(CreateSessionError::Panicked(panic_message(&*panic).into())));
        if let Err(error) = &made {
            let (app, session, error) = (&sessions.host().route, log_id(&id), error as &dyn std::error::Error);
            sessions.host().metrics.errors.session.add(1);
            tracing::error!(app, session, error, "could not make a session");
        }
        let settled = settle(&sessions, id, made).await;
        match &settled {
            Ok(session) => hear_of_ends(&sessions, session),
            // Whoever waits for the session does not wait for its hooks, too: they may ask for what has just blocked.
            Err(_) => drop(threads.spawn(async move { sessions.announce_end(&context).await })),
        }
        settled
    });
    async move { task.await.unwrap_or(Err(CreateSessionError::Stopping)) }.boxed().shared()
}

async fn make(
    sessions: &Sessions,
    context: &SessionContext,
    vacancy: Permit,
) -> Result<Arc<Session>, CreateSessionError> {
    let host = sessions.host();
    for error in host.application.session_created(context).await {
        tracing::error!(app = host.route, hook = "on_session_created", error, "a hook failed");
    }
    let metrics = host.metrics.clone();
    context.on_callbacks_reported(move |report| metrics.count_callbacks(report));
    let (document_handle, mailbox) = SessionHandle::prepare();
    context.begin(document_handle.clone());
    let mut document = Document::new();
    document.set_handle(document_handle);
    let filled = host.application.fill(&mut document, context).await;
    filled.map_err(|error| CreateSessionError::Build(Arc::new(error)))?;
    let session = log_id(context.id());
    let span = tracing::info_span!("session", app = host.route, id = session);
    span.in_scope(|| validate(&document, host.validation))?;
    let handle = SessionHandle::spawn(&host.threads, host.clock.clone(), mailbox, document, host.metrics.clone(), span);
    host.metrics.sessions_made.add(1);
    tracing::debug!(app = host.route, session, "session created");
    let attendance = Attendance::new(host.max_connections, Instant::now());
    Ok(Arc::new(Session { handle, context: context.clone(), attendance, _vacancy: vacancy }))
}

/// Looks for mistakes in the document and logs them.
fn validate(document: &Document, validation: Validation) -> Result<(), CreateSessionError> {
    if validation == Validation::Off {
        return Ok(());
    }
    let findings = document.check();
    findings.iter().for_each(|finding| tracing::warn!("{finding}"));
    let counts = |finding: &&Finding| match validation {
        Validation::Off | Validation::Log => false,
        Validation::Errors => !matches!(finding.problem, Problem::UnequalColumns(_)),
        Validation::All => true,
    };
    let mistakes: Vec<String> = findings.iter().filter(counts).map(ToString::to_string).collect();
    if mistakes.is_empty() { Ok(()) } else { Err(CreateSessionError::Invalid(mistakes.join("; ").into())) }
}

/// Lets whoever has the session's context end it.
fn hear_of_ends(sessions: &Sessions, session: &Session) {
    let (sessions, id) = (Arc::downgrade(&sessions.0), session.context.id().to_owned());
    session.context.on_end_requested(move |reason| {
        if let Some(inner) = sessions.upgrade() {
            Sessions(inner).end_on_request(&id, reason);
        }
    });
}

/// Puts the session into the table, or makes its id free again.
async fn settle(
    sessions: &Sessions,
    id: Arc<str>,
    made: Result<Arc<Session>, CreateSessionError>,
) -> Result<Arc<Session>, CreateSessionError> {
    let unwanted = {
        let mut table = sessions.0.table.lock();
        match (made, table.remove(&id)) {
            (Ok(session), Some(Slot::Pending(_))) => {
                table.insert(id, Slot::Live(session.clone()));
                return Ok(session);
            }
            (Ok(session), _) => session,
            (Err(error), _) => return Err(error),
        }
    };
    // The table was emptied meanwhile: the server stops.
    unwanted.handle.end().await;
    Err(CreateSessionError::Stopping)
}
