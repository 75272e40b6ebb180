//! What is to be known of a request before anybody answers it: who asks, and for which address.

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, OriginalUri, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::host_header;
use crate::hosted::Common;
use crate::peer::Peer;

/// Notes who asks, and puts back what routers of others have taken off the address.
pub(crate) async fn arrive(State(common): State<Arc<Common>>, mut request: Request, next: Next) -> Response {
    if let Some(peer) = peer(&request) {
        let proxies = common.trusted_proxies.as_ref();
        let peer = proxies.map_or(peer, |proxies| proxies.origin_of(request.headers(), peer));
        request.extensions_mut().insert(peer);
    }
    if let Err(refusal) = host_header::check(request.headers()) {
        return refusal.into_response();
    }
    name_host(&mut request);
    if let Some(OriginalUri(original)) = request.extensions().get().cloned()
        && original.path() != request.uri().path()
    {
        let base = Base::between(&original, request.uri());
        request.extensions_mut().insert(base);
        *request.uri_mut() = original;
    }
    next.run(request).await
}

/// What stands before all paths of this server when its router is nested in another: empty, or like `/plots`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Base(String);

impl Base {
    /// The one that a request came by.
    pub(crate) fn of(parts: &Parts) -> Self {
        parts.extensions.get::<Self>().cloned().unwrap_or_default()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What all paths begin with, as the browser knows them.
    pub(crate) fn prefix(&self, common: &Common) -> String {
        format!("{}{}", self.0, common.prefix)
    }

    /// What is left of the whole address in front of what the router was asked for.
    fn between(original: &Uri, nested: &Uri) -> Self {
        let (whole, rest) = (original.path(), nested.path());
        // `/plots` nests as `/`.
        let base = whole.strip_suffix(rest).unwrap_or(whole).trim_end_matches('/');
        // It may be the visitor's own words, and stands in pages. Quotes are all that an address lets through.
        Self(base.replace('"', "%22").replace('\'', "%27"))
    }
}

/// Who asks, as far as that is known: as the connection says, or as the application around this one does.
fn peer(request: &Request) -> Option<Peer> {
    let extensions = request.extensions();
    let address = extensions.get::<ConnectInfo<SocketAddr>>();
    let connected = || address.map(|ConnectInfo(address)| Peer::new(address.ip().into(), false));
    extensions.get().copied().or_else(connected)
}

/// In HTTP/2 the host is no header. Applications look for it there.
fn name_host(request: &mut Request) {
    let authority = request.uri().authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok());
    if let (Some(host), false) = (authority, request.headers().contains_key(header::HOST)) {
        request.headers_mut().insert(header::HOST, host);
    }
}
