//! Hooks given as closures.

use std::future::ready;

use bokeh_document::{CallbackResult, Document, Theme};
use bokeh_protocol::Payload;

use crate::handler::{Handler, HandlerFuture, nothing};
use crate::request::Request;
use crate::server_context::ServerContext;
use crate::session_context::SessionContext;
use crate::template::Template;

/// A handler with one hook and nothing else.
pub(crate) enum Hook {
    ServerLoaded(ServerHook),
    ServerUnloaded(ServerHook),
    SessionCreated(SessionHook),
    SessionDestroyed(SessionHook),
    ProcessRequest(Box<dyn Fn(&Request) -> Payload + Send + Sync>),
    Template(Template),
    Theme(Theme),
}

pub(crate) type ServerHook = Box<dyn Fn(&ServerContext) -> CallbackResult + Send + Sync>;
pub(crate) type SessionHook = Box<dyn Fn(&SessionContext) -> CallbackResult + Send + Sync>;

impl Handler for Hook {
    fn modify_document<'a>(&'a self, document: &'a mut Document, session: &'a SessionContext) -> HandlerFuture<'a> {
        match self {
            Self::Template(template) => session.set_template(template.clone()),
            Self::Theme(theme) => document.set_theme(theme.clone()),
            _ => {}
        }
        nothing()
    }

    fn process_request<'a>(&'a self, request: &'a Request) -> HandlerFuture<'a, Payload> {
        let payload = match self {
            Self::ProcessRequest(hook) => hook(request),
            _ => Payload::new(),
        };
        Box::pin(ready(Ok(payload)))
    }

    fn on_server_loaded<'a>(&'a self, server: &'a ServerContext) -> HandlerFuture<'a> {
        match self {
            Self::ServerLoaded(hook) => Box::pin(ready(hook(server))),
            _ => nothing(),
        }
    }

    fn on_server_unloaded<'a>(&'a self, server: &'a ServerContext) -> HandlerFuture<'a> {
        match self {
            Self::ServerUnloaded(hook) => Box::pin(ready(hook(server))),
            _ => nothing(),
        }
    }

    fn on_session_created<'a>(&'a self, session: &'a SessionContext) -> HandlerFuture<'a> {
        match self {
            Self::SessionCreated(hook) => Box::pin(ready(hook(session))),
            _ => nothing(),
        }
    }

    fn on_session_destroyed<'a>(&'a self, session: &'a SessionContext) -> HandlerFuture<'a> {
        match self {
            Self::SessionDestroyed(hook) => Box::pin(ready(hook(session))),
            _ => nothing(),
        }
    }
}
