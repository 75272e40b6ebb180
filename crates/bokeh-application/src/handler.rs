//! What an application is made of.

use std::error::Error;
use std::future::{Future, ready};
use std::path::{Path, PathBuf};
use std::pin::Pin;

use bokeh_document::{CallbackResult, Document};
use bokeh_protocol::Payload;

use crate::page::{AutoloadRequest, PageRequest};
use crate::request::Request;
use crate::server_context::ServerContext;
use crate::session_context::SessionContext;

/// What the methods of a [`Handler`] return: a future that a trait object can give.
pub type HandlerFuture<'a, T = ()> = Pin<Box<dyn Future<Output = Result<T, HandlerError>> + Send + 'a>>;

/// What a handler fails with.
pub type HandlerError = Box<dyn Error + Send + Sync>;

/// Adds to the document of each new session, and may follow the lives of sessions and server.
///
/// A server runs all of this where a method that takes its time, or blocks, stops nobody else.
pub trait Handler: Send + Sync + 'static {
    /// Adds to the document of a new session.
    fn modify_document<'a>(&'a self, document: &'a mut Document, session: &'a SessionContext) -> HandlerFuture<'a>;

    /// What to put into the token of a page, beside the request's headers, cookies and arguments. Sessions find it in
    /// [`SessionContext::token_payload`]. When it fails, so does the request.
    fn process_request<'a>(&'a self, request: &'a Request) -> HandlerFuture<'a, Payload> {
        let _ = request;
        Box::pin(ready(Ok(Payload::new())))
    }

    /// The page of a session as HTML, from a handler that makes it itself. `None` leaves it to the next one, and in the
    /// end to the server.
    fn page<'a>(&'a self, page: &'a PageRequest, session: &'a SessionContext) -> HandlerFuture<'a, Option<String>> {
        let _ = (page, session);
        Box::pin(ready(Ok(None)))
    }

    /// The script that puts a session into a page of somebody else's, from a handler that makes it itself.
    fn autoload<'a>(
        &'a self,
        autoload: &'a AutoloadRequest,
        session: &'a SessionContext,
    ) -> HandlerFuture<'a, Option<String>> {
        let _ = (autoload, session);
        Box::pin(ready(Ok(None)))
    }

    /// The folder whose files are served below the application's `static/`.
    fn static_path(&self) -> Option<&Path> {
        None
    }

    /// The folder whose files are served below `static/extensions/<name>/`, if the handler knows a BokehJS extension of
    /// this name. It is asked for each file, since a session can bring extensions with it.
    fn extension_dir(&self, name: &str) -> Option<PathBuf> {
        let _ = name;
        None
    }

    /// The folder with the BokehJS that the handler's pages need, if it has one of its own.
    fn bokehjs_dir(&self) -> Option<PathBuf> {
        None
    }

    /// Whether the handler can do its work at all. A server that is told otherwise does not start.
    ///
    /// # Errors
    /// What is wrong, as the user should read it.
    fn check(&self) -> CallbackResult {
        Ok(())
    }

    /// The server has started.
    fn on_server_loaded<'a>(&'a self, server: &'a ServerContext) -> HandlerFuture<'a> {
        let _ = server;
        nothing()
    }

    /// The server stops.
    fn on_server_unloaded<'a>(&'a self, server: &'a ServerContext) -> HandlerFuture<'a> {
        let _ = server;
        nothing()
    }

    /// A session begins; its document is still empty.
    fn on_session_created<'a>(&'a self, session: &'a SessionContext) -> HandlerFuture<'a> {
        let _ = session;
        nothing()
    }

    /// A session has ended.
    fn on_session_destroyed<'a>(&'a self, session: &'a SessionContext) -> HandlerFuture<'a> {
        let _ = session;
        nothing()
    }
}

/// The future of a method that has nothing to do.
pub(crate) fn nothing<'a>() -> HandlerFuture<'a> {
    Box::pin(ready(Ok(())))
}
