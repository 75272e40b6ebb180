//! Requests as applications see them.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Version};
use bokeh_application::HttpRequest;

use crate::header_names::canonical;
use crate::peer::Peer;

/// A request with this head and body.
pub(crate) fn http_request(parts: &Parts, body: Vec<u8>) -> HttpRequest {
    let headers = parts.headers.iter();
    let peer = parts.extensions.get::<Peer>();
    HttpRequest {
        method: parts.method.to_string(),
        uri: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        version: if parts.version == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" }.to_owned(),
        headers: headers.map(|(name, value)| (canonical(name.as_str()), latin1(value.as_bytes()))).collect(),
        body,
        remote_ip: peer.and_then(|peer| peer.ip).map(|ip| ip.to_string()).unwrap_or_default(),
        protocol: peer.map_or("http", Peer::protocol).to_owned(),
    }
}

/// A header as text. One that is there several times is a list.
pub(crate) fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| latin1(value.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// Names of arguments and headers are UTF-8 if they can be, and else Latin-1.
pub(crate) fn latin1(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}
