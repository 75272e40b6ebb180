use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bokeh_application::{BuildDocumentError, SessionContext, SessionParts};
use bokeh_document::Document;
use bokeh_protocol::Payload;
use futures_util::future::FutureExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::{Attendance, Creation, Session, Sessions, Slot};
use crate::log_id::log_id;
use crate::session::SessionHandle;
use crate::threads::panic_message;

/// Why there is no session. Cheap to clone, since all who waited for it are told.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum CreateSessionError {
    #[error("the application failed")]
    Build(#[source] Arc<BuildDocumentError>),
    #[error("the application panicked: {0}")]
    Panicked(Arc<str>),
    #[error("there are as many sessions as there may be")]
    Full,
    #[error("the server is stopping")]
    Stopping,
}

/// Starts to make a session. Nobody has to wait for it: it goes on if the request that asked for it is given up.
pub(super) fn start(sessions: Sessions, id: Arc<str>, payload: Payload, vacancy: OwnedSemaphorePermit) -> Creation {
    let threads = sessions.host().threads.clone();
    let task = threads.spawn(async move {
        let made = AssertUnwindSafe(make(&sessions, &id, payload, vacancy)).catch_unwind().await;
        let made = made.unwrap_or_else(|panic| Err(CreateSessionError::Panicked(panic_message(&*panic).into())));
        if let Err(error) = &made {
            let app = &sessions.host().route;
            tracing::error!(
                app,
                session = log_id(&id),
                error = error as &dyn std::error::Error,
                "could not make a session"
            );
        }
        settle(&sessions, id, made)
    });
    async move { task.await.unwrap_or(Err(CreateSessionError::Stopping)) }.boxed().shared()
}

async fn make(
    sessions: &Sessions,
    id: &str,
    payload: Payload,
    vacancy: OwnedSemaphorePermit,
) -> Result<Arc<Session>, CreateSessionError> {
    let host = sessions.host();
    sessions.load().await;
    let context = SessionContext::new(SessionParts {
        id: id.to_string(),
        token_payload: payload,
        server: sessions.0.server.clone(),
        logout_url: host.logout_url.clone(),
    });
    for error in host.application.session_created(&context).await {
        tracing::error!(app = host.route, hook = "on_session_created", error, "a hook failed");
    }
    let (document_handle, mailbox) = SessionHandle::prepare();
    context.begin(document_handle.clone());
    let mut document = Document::new();
    document.set_handle(document_handle);
    host.application.fill(&mut document, &context).await.map_err(|error| {
        context.end();
        CreateSessionError::Build(Arc::new(error))
    })?;
    let span = tracing::info_span!("session", app = host.route, id = log_id(id));
    span.in_scope(|| document.check().iter().for_each(|finding| tracing::warn!("{finding}")));
    let handle = SessionHandle::spawn(&host.threads, host.clock.clone(), mailbox, document, span);
    tracing::debug!(app = host.route, session = log_id(id), "session created");
    let attendance = Attendance::new(host.max_connections, Instant::now());
    Ok(Arc::new(Session { handle, context, attendance, _vacancy: vacancy }))
}

/// Puts the session into the table, or makes its id free again.
fn settle(
    sessions: &Sessions,
    id: Arc<str>,
    made: Result<Arc<Session>, CreateSessionError>,
) -> Result<Arc<Session>, CreateSessionError> {
    let mut table = sessions.0.table.lock();
    match (made, table.remove(&id)) {
        (Ok(session), Some(Slot::Pending(_))) => {
            table.insert(id, Slot::Live(session.clone()));
            Ok(session)
        }
        // The table was emptied meanwhile: the server stops.
        (Ok(session), _) => {
            session.context.end();
            Err(CreateSessionError::Stopping)
        }
        (Err(error), _) => Err(error),
    }
}
