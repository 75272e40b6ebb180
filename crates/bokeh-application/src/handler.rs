//! What an application is made of.

use std::future::{Future, ready};
use std::pin::Pin;

use bokeh_document::{CallbackResult, Document};
use bokeh_protocol::Payload;

use crate::request::Request;
use crate::server_context::ServerContext;
use crate::session_context::SessionContext;

/// What the methods of a [`Handler`] return: a future that a trait object can give.
pub type HandlerFuture<'a> = Pin<Box<dyn Future<Output = CallbackResult> + Send + 'a>>;

/// Adds to the document of each new session, and may follow the lives of sessions and server.
///
/// A server runs all of this where a method that takes its time, or blocks, stops nobody else.
pub trait Handler: Send + Sync + 'static {
    /// Adds to the document of a new session.
    fn modify_document<'a>(&'a self, document: &'a mut Document, session: &'a SessionContext) -> HandlerFuture<'a>;

    /// What to put into the token of a page, beside the request's headers, cookies and arguments. Sessions find it in
    /// [`SessionContext::token_payload`].
    fn process_request(&self, request: &Request) -> Payload {
        let _ = request;
        Payload::new()
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
