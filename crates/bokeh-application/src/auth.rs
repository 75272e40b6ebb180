//! Who may see the applications.

use std::sync::Arc;

use crate::handler::HandlerFuture;
use crate::http_request::HttpRequest;

/// Decides who may see the applications of a server, and answers the requests by which users log in and out.
pub trait Auth: Send + Sync + 'static {
    /// Whether whoever asks may see an application, or open a WebSocket.
    fn authorize<'a>(&'a self, request: &'a HttpRequest) -> HandlerFuture<'a, Access>;

    /// The paths that [`respond`](Self::respond) answers, without the server's prefix, such as `/login`.
    fn paths(&self) -> Vec<String>;

    /// Answers a request for one of the [paths](Self::paths).
    fn respond<'a>(&'a self, request: &'a HttpRequest) -> HandlerFuture<'a, HttpResponse>;

    /// Where users log out, without the server's prefix.
    fn logout_url(&self) -> Option<String> {
        None
    }
}

impl<A: Auth + ?Sized> Auth for Arc<A> {
    fn authorize<'a>(&'a self, request: &'a HttpRequest) -> HandlerFuture<'a, Access> {
        (**self).authorize(request)
    }

    fn paths(&self) -> Vec<String> {
        (**self).paths()
    }

    fn respond<'a>(&'a self, request: &'a HttpRequest) -> HandlerFuture<'a, HttpResponse> {
        (**self).respond(request)
    }

    fn logout_url(&self) -> Option<String> {
        (**self).logout_url()
    }
}

/// Whether somebody may see an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// They may. The headers go into the answer, such as cookies.
    Granted(Vec<(String, String)>),
    /// They get this instead, most often a way to the login.
    Refused(HttpResponse),
}

/// An answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status, such as 200.
    pub status: u16,
    /// Names and values; one name can stand there several times, such as `Set-Cookie`.
    pub headers: Vec<(String, String)>,
    /// What comes after the head.
    pub body: Vec<u8>,
}
