//! A login that tells what it was sent.

use bokeh_application::auth::{Access, Auth, AuthRequest};
use bokeh_application::{HandlerFuture, HttpResponse};

/// Lets everybody in, and takes forms.
pub(crate) struct Door;

impl Auth for Door {
    fn authorize<'a>(&'a self, _request: &'a AuthRequest) -> HandlerFuture<'a, Access> {
        Box::pin(async { Ok(Access::Granted { user: None, headers: Vec::new() }) })
    }

    fn paths(&self) -> Vec<String> {
        vec!["/login".to_owned()]
    }

    fn respond<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, HttpResponse> {
        // As a careless program does, which sends people to where they say.
        let request = request.http();
        let next = request.uri.split_once("next=").map_or("/", |(_, next)| next);
        let next = next.replace("%0d", "\r").replace("%0a", "\n");
        let headers = vec![("Location".to_owned(), next)];
        let body = format!("{} bytes", request.body.len()).into_bytes();
        Box::pin(async move { Ok(HttpResponse { status: 200, headers, body }) })
    }
}
