//! What an application knows of a session.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use bokeh_document::DocumentHandle;
use bokeh_protocol::Payload;

use crate::request::Request;
use crate::server_context::ServerContext;

/// One session of an application: where it came from and how to reach its document. Cheap to clone.
#[derive(Clone)]
pub struct SessionContext(Arc<Inner>);

/// What a server knows of a session before its document exists.
#[derive(Clone, Debug, Default)]
pub struct SessionParts {
    /// The session's id.
    pub id: String,
    /// What travelled in the token: `arguments`, `headers`, `cookies` and what handlers added.
    pub token_payload: Payload,
    /// The application's other sessions.
    pub server: ServerContext,
    /// Where a user logs out, if users log in.
    pub logout_url: Option<String>,
}

impl SessionContext {
    /// The context of a session that is about to begin. For servers.
    pub fn new(parts: SessionParts) -> Self {
        let request = Request::from_payload(&parts.token_payload);
        Self(Arc::new(Inner { parts, request, document: OnceLock::new(), has_ended: AtomicBool::new(false) }))
    }

    /// The session's id.
    pub fn id(&self) -> &str {
        &self.0.parts.id
    }

    /// The request of the page that the session was made for.
    pub fn request(&self) -> &Request {
        &self.0.request
    }

    /// What travelled in the token of the page, beside the session's id and the expiry.
    pub fn token_payload(&self) -> &Payload {
        &self.0.parts.token_payload
    }

    /// The application's sessions on this server.
    pub fn server(&self) -> &ServerContext {
        &self.0.parts.server
    }

    /// Where a user logs out, if users log in.
    pub fn logout_url(&self) -> Option<&str> {
        self.0.parts.logout_url.as_deref()
    }

    /// The way into the session's document from elsewhere. There is none until the server has set the session up.
    pub fn document(&self) -> Option<DocumentHandle> {
        self.0.document.get().cloned()
    }

    /// Whether the session has ended.
    pub fn has_ended(&self) -> bool {
        self.0.has_ended.load(Ordering::Acquire)
    }

    /// Makes the document's handle known and lists the session with its [server](Self::server). For servers; only the
    /// first call counts.
    pub fn begin(&self, document: DocumentHandle) {
        if self.0.document.set(document).is_ok() {
            self.0.parts.server.add(&self.0);
        }
    }

    /// Marks the session as ended and strikes it off its server's list. For servers.
    pub fn end(&self) {
        self.0.has_ended.store(true, Ordering::Release);
        self.0.parts.server.remove(&self.0);
    }
}

pub(crate) struct Inner {
    parts: SessionParts,
    request: Request,
    document: OnceLock<DocumentHandle>,
    has_ended: AtomicBool,
}

impl From<Arc<Inner>> for SessionContext {
    fn from(inner: Arc<Inner>) -> Self {
        Self(inner)
    }
}

impl fmt::Debug for SessionContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionContext")
            .field("id", &self.id())
            .field("has_ended", &self.has_ended())
            .finish_non_exhaustive()
    }
}
