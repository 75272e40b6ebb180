//! Applications.

#[cfg(test)]
mod tests;

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use bokeh_document::{CallbackOutput, Document};
use bokeh_protocol::Payload;
use serde_json::{Map, Value};

use crate::function::{AppFunction, FunctionHandler};
use crate::handler::{Handler, HandlerFuture};
use crate::hooks::Hook;
use crate::request::Request;
use crate::server_context::ServerContext;
use crate::session_context::SessionContext;

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

    /// What goes into the token of a page, beside the request itself. For servers.
    pub fn token_payload(&self, request: &Request) -> Payload {
        self.handlers.iter().flat_map(|handler| handler.process_request(request)).collect()
    }

    /// Tells the handlers that the server has started, and returns their errors. For servers, like the three below.
    pub async fn server_loaded(&self, server: &ServerContext) -> Vec<Box<dyn Error + Send + Sync>> {
        self.tell(|handler| handler.on_server_loaded(server)).await
    }

    /// Tells the handlers that the server stops, and returns their errors.
    pub async fn server_unloaded(&self, server: &ServerContext) -> Vec<Box<dyn Error + Send + Sync>> {
        self.tell(|handler| handler.on_server_unloaded(server)).await
    }

    /// Tells the handlers that a session begins, and returns their errors.
    pub async fn session_created(&self, session: &SessionContext) -> Vec<Box<dyn Error + Send + Sync>> {
        self.tell(|handler| handler.on_session_created(session)).await
    }

    /// Tells the handlers that a session has ended, and returns their errors.
    pub async fn session_destroyed(&self, session: &SessionContext) -> Vec<Box<dyn Error + Send + Sync>> {
        self.tell(|handler| handler.on_session_destroyed(session)).await
    }

    /// A hook that fails keeps no other from running.
    async fn tell<'a>(
        &'a self,
        hook: impl Fn(&'a dyn Handler) -> HandlerFuture<'a>,
    ) -> Vec<Box<dyn Error + Send + Sync>> {
        let mut errors = Vec::new();
        for handler in &self.handlers {
            errors.extend(hook(&**handler).await.err());
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
pub struct BuildDocumentError(#[source] Box<dyn Error + Send + Sync>);

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
