//! What an application knows of a session.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bokeh_document::DocumentHandle;
use bokeh_protocol::Payload;
use parking_lot::Mutex;
use serde_json::{Map, Value};

use crate::auth::User;
use crate::http_request::HttpRequest;
use crate::request::Request;
use crate::server_context::ServerContext;
use crate::template::Template;

/// One session of an application: where it came from and how to reach its document. Cheap to clone.
#[derive(Clone)]
pub struct SessionContext(Arc<Inner>);

/// What a server knows of a session before its document exists.
#[derive(Clone, Debug, Default)]
pub struct SessionParts {
    /// The session's id.
    pub id: String,
    /// The token that the session is made for, as text.
    pub token: String,
    /// What travelled in the token: `arguments`, `headers`, `cookies` and what handlers added.
    pub token_payload: Payload,
    /// The request that the session is made for: that of a page, or that of a WebSocket.
    pub http: HttpRequest,
    /// The application's other sessions.
    pub server: ServerContext,
    /// Who has asked for the session, if users log in.
    pub user: Option<User>,
    /// Where a user logs out, if users log in.
    pub logout_url: Option<String>,
}

impl SessionContext {
    /// The context of a session that is about to begin. For servers.
    pub fn new(parts: SessionParts) -> Self {
        let request = Request::from_payload(&parts.token_payload).with_http(parts.http.clone());
        Self(Arc::new(Inner {
            parts,
            request,
            document: OnceLock::new(),
            has_ended: AtomicBool::new(false),
            is_expired: AtomicBool::new(false),
            end: Mutex::default(),
            on_callbacks: Mutex::default(),
            look: Mutex::default(),
            failure: Mutex::default(),
        }))
    }

    /// The session's id.
    pub fn id(&self) -> &str {
        &self.0.parts.id
    }

    /// The request of the page that the session was made for.
    pub fn request(&self) -> &Request {
        &self.0.request
    }

    /// The token that the session was made for, as text. Later pages of the session have others.
    pub fn token(&self) -> &str {
        &self.0.parts.token
    }

    /// What travelled in the token of the page, beside the session's id and the expiry.
    pub fn token_payload(&self) -> &Payload {
        &self.0.parts.token_payload
    }

    /// The application's sessions on this server.
    pub fn server(&self) -> &ServerContext {
        &self.0.parts.server
    }

    /// The user whose session it is, if users log in. Others do not get in unless
    /// [`Auth::may_join`](crate::auth::Auth::may_join) lets them.
    pub fn user(&self) -> Option<&User> {
        self.0.parts.user.as_ref()
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

    /// Makes the session's page with this template, from now on.
    pub fn set_template(&self, template: Template) {
        self.0.look.lock().template = Some(template);
    }

    /// The template of the session's page, if it has one of its own.
    pub fn template(&self) -> Option<Template> {
        self.0.look.lock().template.clone()
    }

    /// Sets a variable that the template can use.
    ///
    /// ```
    /// use bokeh_application::SessionContext;
    /// use bokeh_document::Document;
    ///
    /// fn app(_: &mut Document, session: &SessionContext) {
    ///     session.set_template_variable("user", session.request().argument("user"));
    /// }
    /// ```
    pub fn set_template_variable(&self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.look.lock().variables.insert(name.into(), value.into());
    }

    /// The variables of the template.
    pub fn template_variables(&self) -> Map<String, Value> {
        self.0.look.lock().variables.clone()
    }

    /// Ends the session soon, also while pages are connected to it. They are told, and why goes into the log.
    pub fn request_end(&self, reason: impl Into<String>) {
        let reason = reason.into();
        let mut end = self.0.end.lock();
        match &mut *end {
            EndRequest::None => *end = EndRequest::Waiting(reason),
            // Only the first reason counts.
            EndRequest::Waiting(_) => {}
            EndRequest::Heard(hear) => {
                let hear = hear.clone();
                drop(end);
                hear(&reason);
            }
        }
    }

    /// Ends the session as soon as nobody is connected to it, without waiting for its lifetime to pass.
    pub fn request_expiration(&self) {
        self.0.is_expired.store(true, Ordering::Release);
    }

    /// Whether somebody has [asked](Self::request_expiration) for the session's end.
    pub fn is_expiration_requested(&self) -> bool {
        self.0.is_expired.load(Ordering::Acquire)
    }

    /// Keeps what went wrong while the document was filled, although there is a session. Servers show it in the page if
    /// they are told to show errors.
    pub fn report_failure(&self, text: impl Into<String>) {
        *self.0.failure.lock() = Some(text.into());
    }

    /// What went wrong while the document was filled.
    pub fn failure(&self) -> Option<String> {
        self.0.failure.lock().clone()
    }

    /// Calls `hear` with the reason when somebody wants the session to end, also if that was before. For servers.
    pub fn on_end_requested(&self, hear: impl Fn(&str) + Send + Sync + 'static) {
        let hear: Arc<dyn Fn(&str) + Send + Sync> = Arc::new(hear);
        let before = std::mem::replace(&mut *self.0.end.lock(), EndRequest::Heard(hear.clone()));
        if let EndRequest::Waiting(reason) = before {
            hear(&reason);
        }
    }

    /// Tells of callbacks of the session that have run elsewhere than here.
    pub fn report_callbacks(&self, report: &CallbackReport) {
        let hear = self.0.on_callbacks.lock().clone();
        if let Some(hear) = hear {
            hear(report);
        }
    }

    /// Calls `hear` when callbacks have run [elsewhere](Self::report_callbacks). For servers.
    pub fn on_callbacks_reported(&self, hear: impl Fn(&CallbackReport) + Send + Sync + 'static) {
        *self.0.on_callbacks.lock() = Some(Arc::new(hear));
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
    is_expired: AtomicBool,
    end: Mutex<EndRequest>,
    on_callbacks: Mutex<Option<HearCallbacks>>,
    look: Mutex<Look>,
    failure: Mutex<Option<String>>,
}

type HearCallbacks = Arc<dyn Fn(&CallbackReport) + Send + Sync>;

/// Callbacks that have run in another process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallbackReport {
    /// How long each of them took.
    pub times: Vec<Duration>,
    /// How many of them failed.
    pub n_failed: u64,
}

/// Who wants the session to end, and who is to know.
#[derive(Default)]
enum EndRequest {
    #[default]
    None,
    Waiting(String),
    Heard(Arc<dyn Fn(&str) + Send + Sync>),
}

/// What the session's page is made of.
#[derive(Debug, Default)]
struct Look {
    template: Option<Template>,
    variables: Map<String, Value>,
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
