//! Which session a page is for.

mod cookies;
mod query;
#[cfg(test)]
mod tests;

use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use bokeh_application::Request;
use bokeh_protocol::{Payload, Signing, Token};

use crate::header_names::canonical;
use crate::http_request::{http_request, text};
use crate::refusal::Refusal;
use crate::settings::Settings;

use cookies::cookies;

pub(crate) use query::Query;

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
    let query = Query::of(&parts.uri);
    let id = match (query.text("bokeh-session-id")?, text(&parts.headers, "bokeh-session-id")) {
        (Some(_), Some(_)) => return Err(forbidden("session ID was provided as an argument and header")),
        (id, header) => id.or(header),
    };
    if let Some(token) = query.text("bokeh-token")? {
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
    let request = passed_on(&parts.headers, query, settings);
    let payload = request.to_payload();
    Ok(Selection { session_id, payload, request: Some(request.with_http(http_request(parts, Vec::new()))) })
}

fn from_token(token: &Token) -> Selection {
    Selection { session_id: token.session_id().to_owned(), payload: token.payload().clone(), request: None }
}

/// The part of a request that its session may see.
fn passed_on(headers: &HeaderMap, query: Query, settings: &Settings) -> Request {
    let cookies = cookies(headers);
    // Cookies that are passed on by name need no header, which could contain those that are not to be passed on.
    let keeps_cookie_header = settings.headers.names("Cookie") || cookies.is_empty();
    let mut request = Request::default();
    for name in headers.keys() {
        if settings.headers.passes(name.as_str())
            && (name != header::COOKIE || keeps_cookie_header)
            && let Some(value) = text(headers, name.as_str())
        {
            request = request.with_header(canonical(name.as_str()), value);
        }
    }
    for (name, value) in cookies.into_iter().filter(|(name, _)| settings.cookies.passes(name)) {
        request = request.with_cookie(name, value);
    }
    for (name, value) in query.into_pairs() {
        request = request.with_argument(name, value);
    }
    request
}

fn forbidden(reason: &'static str) -> Refusal {
    Refusal::reason(StatusCode::FORBIDDEN, reason)
}

const INVALID: &str = "Invalid token or session ID";
