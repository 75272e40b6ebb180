//! Which session a page is for.

#[cfg(test)]
mod tests;

use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use bokeh_application::Request;
use bokeh_protocol::{Payload, Signing, Token};

use crate::header_names::canonical;
use crate::http_request::{http_request, latin1, text};
use crate::refusal::Refusal;
use crate::settings::Settings;

/// The session that a page is for, and what its token is to carry.
#[derive(Debug, PartialEq)]
pub(crate) struct Selection {
    pub(crate) session_id: String,
    pub(crate) payload: Payload,
    /// The request as the application sees it, to whose payload the application may add. None if there was a token.
    pub(crate) request: Option<Request>,
}

/// Reads from a request which session it wants.
pub(crate) fn select(parts: &Parts, settings: &Settings, signing: &Signing) -> Result<Selection, Refusal> {
    let arguments = arguments(parts.uri.query().unwrap_or_default());
    let argument = |wanted: &str| {
        let found = arguments.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
    };
    let id = match (argument("bokeh-session-id"), text(&parts.headers, "bokeh-session-id")) {
        (Some(_), Some(_)) => return Err(forbidden("session ID was provided as an argument and header")),
        (id, header) => id.or(header),
    };
    if let Some(token) = argument("bokeh-token") {
        if id.is_some() {
            return Err(forbidden("Both token and session ID were provided"));
        }
        // Its expiry does not matter: the page gets a new one.
        let token = signing.open_token(&token).map_err(|_why| forbidden(INVALID))?;
        return Ok(from_token(&token));
    }
    let session_id = match id {
        Some(id) if signing.check_session_id(&id) => id,
        Some(_) => return Err(forbidden(INVALID)),
        None if !signing.makes_session_ids() => return Err(forbidden("No bokeh-session-id provided")),
        None => signing.generate_session_id().map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "could not make a session id");
            Refusal::INTERNAL
        })?,
    };
    let request = passed_on(&parts.headers, arguments, settings);
    let payload = request.to_payload();
    Ok(Selection { session_id, payload, request: Some(request.with_http(http_request(parts, Vec::new()))) })
}

fn from_token(token: &Token) -> Selection {
    Selection { session_id: token.session_id().to_owned(), payload: token.payload().clone(), request: None }
}

/// The part of a request that its session may see.
fn passed_on(headers: &HeaderMap, arguments: Vec<(String, Vec<u8>)>, settings: &Settings) -> Request {
    let cookies = cookies(headers).into_iter().filter(|(name, _)| settings.cookies.passes(name)).collect::<Vec<_>>();
    // Cookies that are passed on by name need no header, which could contain those that are not to be passed on.
    let keeps_cookie_header = settings.headers.names("Cookie") || cookies.is_empty();
    let mut request = Request::default();
    for name in headers.keys() {
        if settings.headers.passes(name.as_str()) && (name != header::COOKIE || keeps_cookie_header) {
            let values: Vec<_> = headers.get_all(name).iter().map(|value| latin1(value.as_bytes())).collect();
            request = request.with_header(canonical(name.as_str()), values.join(","));
        }
    }
    for (name, value) in cookies {
        request = request.with_cookie(name, value);
    }
    for (name, value) in arguments {
        request = request.with_argument(name, value);
    }
    request
}

/// The arguments of a query: names as text, values as the bytes that they stand for.
pub(crate) fn arguments(query: &str) -> Vec<(String, Vec<u8>)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (String::from_utf8_lossy(&unescape(name)).into_owned(), unescape(value))
        })
        .collect()
}

fn unescape(text: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(&text.replace('+', " ")).collect()
}

fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    let headers = headers.get_all(header::COOKIE).iter().map(|value| latin1(value.as_bytes()));
    let pairs = headers.flat_map(|header| header.split(';').map(str::to_owned).collect::<Vec<_>>());
    pairs
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().trim_matches('"').to_owned()))
        })
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

fn forbidden(reason: &'static str) -> Refusal {
    Refusal::reason(StatusCode::FORBIDDEN, reason)
}

const INVALID: &str = "Invalid token or session ID";
