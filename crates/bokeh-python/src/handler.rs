//! The handler that has a worker do its work.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bokeh_application::{AutoloadRequest, Handler, HandlerFuture, PageRequest, Request, ServerContext, SessionContext};
use bokeh_document::{Document, ReadError};
use bokeh_protocol::{Payload, payload_from_json, payload_to_json};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::apps::Shared;
use crate::channel::Reply;
use crate::error::CallError;
use crate::message::{Autoload, Open, Page, ProcessRequest, RequestHead, body};
use crate::pool::PoolOwner;
use crate::session::{RemotePrimary, RemoteSession};
use crate::worker::{LoadedApp, Worker, read};

/// Runs one Python application in the workers.
///
/// It fills the document of a session with that of a session in a worker, which is from then on its
/// [primary](bokeh_document::Primary). In an application of several handlers it comes first.
pub struct PythonHandler {
    owner: Arc<PoolOwner>,
    shared: Arc<Shared>,
    app: LoadedApp,
    sessions: Mutex<Vec<Place>>,
}

/// Where a session is.
#[derive(Clone)]
struct Place {
    worker: Arc<Worker>,
    session: Arc<RemoteSession>,
}

/// Why a session has no document of a worker.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The worker could not make the session.
    #[error("the Python worker made no session")]
    Worker(#[from] CallError),
    /// The worker's document cannot be read.
    #[error("the document of the Python worker cannot be read")]
    Document(#[source] ReadError),
    /// The document is another one's replica.
    #[error("an application can have one Python handler, and it must be the first")]
    NotFirst,
    /// The session has ended, or is no session of this application.
    #[error("the session is not in a Python worker")]
    NoSession,
}

impl PythonHandler {
    pub(crate) fn new(owner: Arc<PoolOwner>, shared: Arc<Shared>, app: LoadedApp) -> Self {
        Self { owner, shared, app, sessions: Mutex::default() }
    }

    async fn open(&self, document: &mut Document, context: &SessionContext) -> Result<(), OpenError> {
        if document.primary().is_some() || !document.roots().is_empty() {
            return Err(OpenError::NotFirst);
        }
        let (session, mut reply) = self.open_in_worker(context).await?;
        self.note_extensions(&mut reply);
        if let Some(failure) = reply.fields.remove("failure").as_ref().and_then(failure_text) {
            context.report_failure(failure);
        }
        let buffers = reply.take_buffers();
        let content = reply.fields.remove("doc").unwrap_or_default();
        document.set_primary(Arc::new(RemotePrimary(session)));
        document.replace_with_news(&content, &buffers).map_err(OpenError::Document)?;
        Ok(())
    }

    /// Makes the session in a worker. If that ends before it has begun, another one gets it.
    async fn open_in_worker(&self, context: &SessionContext) -> Result<(Arc<RemoteSession>, Reply), CallError> {
        let pool = self.owner.pool();
        let mut may_try_again = true;
        loop {
            let (worker, session) = pool.admit(&self.app.route, context).await?;
            // From here on the session's end closes it.
            self.sessions.lock().push(Place { worker: worker.clone(), session: session.clone() });
            let request = context.request().http();
            let open = Open {
                s: session.number(),
                route: &self.app.route,
                session_id: context.id(),
                token: context.token(),
                payload: payload_to_json(context.token_payload()),
                logout_url: context.logout_url(),
                request: RequestHead(request),
            };
            match worker.call("open", &open, &body(request), pool.settings().session_timeout).await {
                Err(CallError::Gone) if may_try_again && !session.has_begun() => {
                    may_try_again = false;
                    self.sessions.lock().retain(|place| !Arc::ptr_eq(&place.session, &session));
                }
                reply => return Ok((session, reply?)),
            }
        }
    }

    async fn process(&self, request: &Request) -> Result<Payload, CallError> {
        #[derive(Deserialize)]
        struct Answer {
            payload: Map<String, Value>,
        }
        let desk = self.owner.pool().desk().await?;
        let http = request.http();
        let question = ProcessRequest {
            route: &self.app.route,
            request: RequestHead(http),
            payload: payload_to_json(&request.to_payload()),
        };
        let reply = desk.worker().call("process_request", &question, &body(http), None).await;
        let Answer { payload } = read("process_request", reply)?;
        payload_from_json(payload).ok_or_else(|| CallError::Answer {
            request: "process_request",
            source: serde::de::Error::custom("the payload has bytes that are no base64"),
        })
    }

    async fn make_page(&self, page: &PageRequest, context: &SessionContext) -> Result<String, OpenError> {
        #[derive(Deserialize)]
        struct Answer {
            html: String,
        }
        let Place { worker, session } = self.find(context).ok_or(OpenError::NoSession)?;
        let question = Page {
            s: session.number(),
            token: &page.token,
            prefix: &page.prefix,
            bundles: page.bundles.as_deref(),
            later_script: page.later_script.as_deref(),
        };
        let mut reply = worker.call("page", &question, &[], None).await?;
        self.note_extensions(&mut reply);
        let Answer { html } = read("page", Ok(reply))?;
        Ok(html)
    }

    async fn make_script(&self, autoload: &AutoloadRequest, context: &SessionContext) -> Result<String, OpenError> {
        #[derive(Deserialize)]
        struct Answer {
            js: String,
        }
        let Place { worker, session } = self.find(context).ok_or(OpenError::NoSession)?;
        let question = Autoload {
            s: session.number(),
            token: &autoload.token,
            prefix: &autoload.prefix,
            element_id: &autoload.element_id,
            app_path: &autoload.app_path,
            absolute_url: autoload.absolute_url.as_deref(),
            with_resources: autoload.with_resources,
        };
        let mut reply = worker.call("autoload", &question, &[], None).await?;
        self.note_extensions(&mut reply);
        let Answer { js } = read("autoload", Ok(reply))?;
        Ok(js)
    }

    /// Ends the session that has ended on the server's side.
    async fn close(&self, context: &SessionContext) -> Result<(), CallError> {
        let place = {
            let mut sessions = self.sessions.lock();
            // A new session may have the id of one that is about to go.
            let is_it = |place: &Place| {
                let known = place.session.context();
                known.id() == context.id() && known.has_ended() == context.has_ended()
            };
            sessions.iter().position(is_it).map(|at| sessions.swap_remove(at))
        };
        match place {
            None => Ok(()),
            Some(Place { worker, session }) => match worker.close(&session).await {
                // It has taken its sessions along.
                Ok(()) | Err(CallError::Gone) => Ok(()),
                Err(error) => Err(error),
            },
        }
    }

    fn find(&self, context: &SessionContext) -> Option<Place> {
        let sessions = self.sessions.lock();
        let is_it = |place: &&Place| {
            let known = place.session.context();
            known.id() == context.id() && !known.has_ended()
        };
        sessions.iter().find(is_it).cloned()
    }

    /// Keeps the folders of extensions that an answer names.
    fn note_extensions(&self, reply: &mut Reply) {
        let Some(Value::Object(dirs)) = reply.fields.remove("extension_dirs") else { return };
        let dirs = dirs.into_iter().filter_map(|(name, dir)| Some((name, PathBuf::from(dir.as_str()?))));
        self.shared.extension_dirs.lock().extend(dirs);
    }
}

impl Handler for PythonHandler {
    fn modify_document<'a>(&'a self, document: &'a mut Document, session: &'a SessionContext) -> HandlerFuture<'a> {
        Box::pin(async { Ok(self.open(document, session).await?) })
    }

    fn process_request<'a>(&'a self, request: &'a Request) -> HandlerFuture<'a, Payload> {
        if !self.app.has_process_request {
            return Box::pin(std::future::ready(Ok(Payload::new())));
        }
        Box::pin(async { Ok(self.process(request).await?) })
    }

    fn page<'a>(&'a self, page: &'a PageRequest, session: &'a SessionContext) -> HandlerFuture<'a, Option<String>> {
        Box::pin(async { Ok(Some(self.make_page(page, session).await?)) })
    }

    fn autoload<'a>(
        &'a self,
        autoload: &'a AutoloadRequest,
        session: &'a SessionContext,
    ) -> HandlerFuture<'a, Option<String>> {
        Box::pin(async { Ok(Some(self.make_script(autoload, session).await?)) })
    }

    fn static_path(&self) -> Option<&Path> {
        self.app.static_path.as_deref()
    }

    fn extension_dir(&self, name: &str) -> Option<PathBuf> {
        self.shared.extension_dirs.lock().get(name).cloned()
    }

    fn bokehjs_dir(&self) -> Option<PathBuf> {
        self.shared.bokehjs_dir.clone()
    }

    fn on_server_loaded<'a>(&'a self, _server: &'a ServerContext) -> HandlerFuture<'a> {
        Box::pin(async { Ok(self.owner.pool().server_loaded().await?) })
    }

    fn on_server_unloaded<'a>(&'a self, _server: &'a ServerContext) -> HandlerFuture<'a> {
        Box::pin(async {
            self.owner.pool().server_unloaded().await;
            Ok(())
        })
    }

    fn on_session_destroyed<'a>(&'a self, session: &'a SessionContext) -> HandlerFuture<'a> {
        Box::pin(async { Ok(self.close(session).await?) })
    }
}

fn failure_text(failure: &Value) -> Option<String> {
    let text = |key: &str| failure.get(key).and_then(Value::as_str);
    let (what, detail) = (text("text")?, text("detail"));
    Some(detail.map_or_else(|| what.to_owned(), |detail| format!("{what}\n{detail}")))
}

impl std::fmt::Debug for PythonHandler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PythonHandler").field("route", &self.app.route).finish_non_exhaustive()
    }
}
