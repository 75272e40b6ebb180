//! What hooks and sessions know of their server.

use std::fmt;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use crate::session_context::{Inner, SessionContext};

/// The sessions of one application on one server. Cheap to clone.
///
/// ```
/// use bokeh_application::ServerContext;
///
/// fn announce(server: &ServerContext) {
///     for session in server.sessions() {
///         let Some(document) = session.document() else { continue };
///         // A session that ends at this very moment needs no announcement.
///         document.post(|doc| doc.set_title("We close in five minutes")).ok();
///     }
/// }
/// ```
#[derive(Clone, Default)]
pub struct ServerContext {
    // Weak, since each session knows its server.
    sessions: Arc<Mutex<Vec<Weak<Inner>>>>,
}

impl ServerContext {
    /// The context of a server without sessions.
    pub fn new() -> Self {
        Self::default()
    }

    /// The sessions that live, oldest first.
    pub fn sessions(&self) -> Vec<SessionContext> {
        self.sessions.lock().iter().filter_map(Weak::upgrade).map(SessionContext::from).collect()
    }

    /// Adds a session once it lives.
    pub(crate) fn add(&self, session: &Arc<Inner>) {
        self.sessions.lock().push(Arc::downgrade(session));
    }

    /// Removes a session that has ended.
    pub(crate) fn remove(&self, session: &Arc<Inner>) {
        self.sessions.lock().retain(|known| !std::ptr::eq(known.as_ptr(), Arc::as_ptr(session)));
    }
}

impl fmt::Debug for ServerContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerContext").field("n_sessions", &self.sessions.lock().len()).finish()
    }
}
