//! Applications.

#[cfg(test)]
mod tests;

use std::any::Any;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bokeh_document::{CallbackOutput, Document, Theme};
use bokeh_protocol::Payload;
use futures_util::FutureExt;
use serde_json::{Map, Value};

use crate::function::{AppFunction, FunctionHandler};
use crate::handler::{Handler, HandlerError, HandlerFuture};
use crate::hooks::Hook;
use crate::page::{AutoloadRequest, PageRequest};
use crate::request::Request;
use crate::server_context::ServerContext;
use crate::session_context::SessionContext;
use crate::template::Template;

/// Makes documents, one for each session. Cheap to clone.
///
/// ```
/// use bokeh_application::{Application, ServerContext, SessionContext};
/// use bokeh_document::Document;
///
/// let app = Application::new(|doc: &mut Document| doc.set_title("Sliders"))
///     .on_server_loaded(|_: &ServerContext| println!("ready"))
///     .on_session_destroyed(|session: &SessionContext| println!("{} is over", session.id()));
/// # let _ = app;
/// ```
#[derive(Clone)]
pub struct Application {
    handlers: Vec<Arc<dyn Handler>>,
    metadata: Map<String, Value>,
}

impl Application {
    /// An application made of one function.
    pub fn new<Marker: 'static>(function: impl AppFunction<Marker>) -> Self {
        Self::empty().handler(FunctionHandler::new(function))
    }

    /// An application whose documents are empty, until a client fills them.
    pub fn empty() -> Self {
        Self { handlers: Vec::new(), metadata: Map::new() }
    }

    /// Adds a handler, which runs after those before it.
    #[must_use]
    pub fn handler(mut self, handler: impl Handler) -> Self {
        self.handlers.push(Arc::new(handler));
        self
    }

    /// Sets what the server tells about the application at its address `metadata`.
    #[must_use]
    pub fn metadata(mut self, metadata: Map<String, Value>) -> Self {
        self.metadata = metadata;
        self
    }

    /// Calls `hook` once the server has started.
    #[must_use]
    pub fn on_server_loaded<R: CallbackOutput>(
        self,
        hook: impl Fn(&ServerContext) -> R + Send + Sync + 'static,
    ) -> Self {
        self.handler(Hook::ServerLoaded(Box::new(move |server| hook(server).into_result())))
    }

    /// Calls `hook` when the server stops.
    #[must_use]
    pub fn on_server_unloaded<R: CallbackOutput>(
        self,
        hook: impl Fn(&ServerContext) -> R + Send + Sync + 'static,
    ) -> Self {
        self.handler(Hook::ServerUnloaded(Box::new(move |server| hook(server).into_result())))
    }

    /// Calls `hook` before the document of a new session is filled.
    #[must_use]
    pub fn on_session_created<R: CallbackOutput>(
        self,
        hook: impl Fn(&SessionContext) -> R + Send + Sync + 'static,
    ) -> Self {
        self.handler(Hook::SessionCreated(Box::new(move |session| hook(session).into_result())))
    }

    /// Calls `hook` when a session has ended.
    #[must_use]
    pub fn on_session_destroyed<R: CallbackOutput>(
        self,
        hook: impl Fn(&SessionContext) -> R + Send + Sync + 'static,
    ) -> Self {
        self.handler(Hook::SessionDestroyed(Box::new(move |session| hook(session).into_result())))
    }

    /// Puts what `hook` returns into the token of every page.
    #[must_use]
    pub fn process_request(self, hook: impl Fn(&Request) -> Payload + Send + Sync + 'static) -> Self {
        self.handler(Hook::ProcessRequest(Box::new(hook)))
    }

    /// Makes the pages with this template. A function that runs later can choose another for its session.
    #[must_use]
    pub fn template(self, template: Template) -> Self {
        self.handler(Hook::Template(template))
    }

    /// Gives the documents this theme. Place it before the functions that fill them: a theme that is set later counts, too,
    /// but costs a second look at all models.
    #[must_use]
    pub fn theme(self, theme: impl Into<Theme>) -> Self {
        self.handler(Hook::Theme(theme.into()))
    }

    /// What the server tells about the application.
    pub fn metadata_fields(&self) -> &Map<String, Value> {
        &self.metadata
    }

    /// Runs the handlers on the document of a new session. For servers.
    ///
    /// # Errors
    /// The first handler's that fails.
    pub async fn fill(&self, document: &mut Document, session: &SessionContext) -> Result<(), BuildDocumentError> {
        for handler in &self.handlers {
            handler.modify_document(document, session).await.map_err(BuildDocumentError)?;
        }
        Ok(())
    }

    /// What goes into the token of a page, beside the request itself. For servers, like all below.
    ///
    /// # Errors
    /// The first handler's that fails.
    pub async fn token_payload(&self, request: &Request) -> Result<Payload, HandlerError> {
        let mut payload = Payload::new();
        for handler in &self.handlers {
            payload.extend(handler.process_request(request).await?);
        }
        Ok(payload)
    }

    /// The page of a session, from the first handler that makes it.
    ///
    /// # Errors
    /// The handler's.
    pub async fn page(&self, page: &PageRequest, session: &SessionContext) -> Result<Option<String>, HandlerError> {
        for handler in &self.handlers {
            if let Some(html) = handler.page(page, session).await? {
                return Ok(Some(html));
            }
        }
        Ok(None)
    }

    /// The script that puts a session into a page of somebody else's, from the first handler that makes it.
    ///
    /// # Errors
    /// The handler's.
    pub async fn autoload(
        &self,
        autoload: &AutoloadRequest,
        session: &SessionContext,
    ) -> Result<Option<String>, HandlerError> {
        for handler in &self.handlers {
            if let Some(script) = handler.autoload(autoload, session).await? {
                return Ok(Some(script));
            }
        }
        Ok(None)
    }

    /// The folder whose files are served below the application's `static/`.
    pub fn static_path(&self) -> Option<&Path> {
        self.handlers.iter().find_map(|handler| handler.static_path())
    }

    /// The folder of a BokehJS extension.
    pub fn extension_dir(&self, name: &str) -> Option<PathBuf> {
        self.handlers.iter().find_map(|handler| handler.extension_dir(name))
    }

    /// The folder with the BokehJS that the application's pages need, if it matters.
    pub fn bokehjs_dir(&self) -> Option<PathBuf> {
        self.handlers.iter().find_map(|handler| handler.bokehjs_dir())
    }

    /// Whether the handlers can do their work, and agree where the files below `static/` come from.
    ///
    /// # Errors
    /// What is wrong, as the user should read it.
    pub fn check(&self) -> Result<(), HandlerError> {
        self.handlers.iter().try_for_each(|handler| handler.check())?;
        let mut paths: Vec<&Path> = self.handlers.iter().filter_map(|handler| handler.static_path()).collect();
        paths.dedup();
        match paths[..] {
            [] | [_] => Ok(()),
            _ => Err(format!("more than one folder for static files: {paths:?}").into()),
        }
    }

    /// Tells the handlers that the server has started, and returns their errors.
    pub async fn server_loaded(&self, server: &ServerContext) -> Vec<HandlerError> {
        self.tell(|handler| handler.on_server_loaded(server)).await
    }

    /// Tells the handlers that the server stops, and returns their errors.
    pub async fn server_unloaded(&self, server: &ServerContext) -> Vec<HandlerError> {
        self.tell(|handler| handler.on_server_unloaded(server)).await
    }

    /// Tells the handlers that a session begins, and returns their errors.
    pub async fn session_created(&self, session: &SessionContext) -> Vec<HandlerError> {
        self.tell(|handler| handler.on_session_created(session)).await
    }

    /// Tells the handlers that a session has ended, and returns their errors.
    pub async fn session_destroyed(&self, session: &SessionContext) -> Vec<HandlerError> {
        self.tell(|handler| handler.on_session_destroyed(session)).await
    }

    /// A hook that fails or panics keeps no other from running.
    async fn tell<'a>(&'a self, hook: impl Fn(&'a dyn Handler) -> HandlerFuture<'a>) -> Vec<HandlerError> {
        let mut errors = Vec::new();
        for handler in &self.handlers {
            let told = AssertUnwindSafe(async { hook(&**handler).await }).catch_unwind().await;
            errors.extend(told.unwrap_or_else(|panic| Err(panicked(&*panic))).err());
        }
        errors
    }
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application")
            .field("n_handlers", &self.handlers.len())
            .field("metadata", &self.metadata)
            .finish()
    }
}

/// A handler could not fill the document of a session.
#[derive(Debug, thiserror::Error)]
#[error("the application failed to build its document")]
pub struct BuildDocumentError(#[source] HandlerError);

/// What can be served: an [`Application`], or a [function](AppFunction).
///
/// `Marker` tells them apart and is inferred.
pub trait IntoApplication<Marker> {
    /// The application.
    fn into_application(self) -> Application;
}

impl IntoApplication<Application> for Application {
    fn into_application(self) -> Application {
        self
    }
}

impl<Marker: 'static, F: AppFunction<Marker>> IntoApplication<(Marker,)> for F {
    fn into_application(self) -> Application {
        Application::new(self)
    }
}

fn panicked(panic: &(dyn Any + Send)) -> HandlerError {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    format!("the hook panicked: {text}").into()
}
