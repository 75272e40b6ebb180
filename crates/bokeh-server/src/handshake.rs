//! How a request becomes a WebSocket.

mod farewell;
mod rebinding;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bokeh_protocol::{AllowList, Signing, Token, UpgradeHeaders};
use hyper::upgrade::OnUpgrade;

use crate::arrival::Base;
use crate::connection::Connection;
use crate::entry::{refusal, unix_now};
use crate::hosted::{Common, Hosted};
use crate::http_request::http_request;
use crate::refusal::Refusal;
use crate::sessions::{Session, TokenId, Visit, VisitError, Wanted};
use crate::socket::{Compression, Socket, accept_key};

use farewell::{Farewell, Late};
use rebinding::is_rebound;

/// Answers a request for a WebSocket, and serves it once it is one.
///
/// Bokeh accepts many that it then closes without a word. Here they are refused with a status and a reason, which looks the
/// same to a page and better in a browser's tools.
pub(crate) async fn open(State(hosted): State<Arc<Hosted>>, mut parts: Parts) -> Response {
    match accept(&hosted, &mut parts).await {
        Ok(response) => response,
        Err(refusal) => {
            let (app, reason) = (&hosted.route, refusal.text());
            hosted.sessions.host().metrics.errors.handshake.add(1);
            tracing::warn!(app, status = refusal.status.as_u16(), reason, "refused a WebSocket");
            refusal.into_response()
        }
    }
}

async fn accept(hosted: &Hosted, parts: &mut Parts) -> Result<Response, Refusal> {
    let common = &hosted.common;
    let key = check_upgrade(&parts.method, &parts.headers, &common.allow_list)?;
    if common.is_local && is_rebound(&parts.headers, &common.allow_list) {
        return Err(FOREIGN_HOST);
    }
    let _handshake = hosted.handshakes.try_acquire().map_err(|_full| TOO_MANY_HANDSHAKES)?;
    let permit = hosted.connections.try_acquire().map_err(|_full| TOO_MANY_CONNECTIONS)?;
    let accept = accept_key(key);
    let text = token_text(&parts.headers)?.to_owned();
    let token = open_token(&text, &common.signing)?;
    let token_id = TokenId::of(&text);
    if let Some(late) = late(hosted, &token, token_id) {
        return farewell(common, parts, accept, late);
    }
    let on_upgrade = parts.extensions.remove::<OnUpgrade>().ok_or(NOT_UPGRADABLE)?;
    let http = http_request(parts, Vec::new());
    let base = Base::of(parts);
    let wanted = Wanted {
        id: token.session_id(),
        token: &text,
        payload: token.payload(),
        http: &http,
        user: parts.extensions.get(),
        base: base.as_str(),
    };
    let (session, visit) = enter(hosted, &wanted, token_id).await?;
    let is_from_elsewhere = is_page(&parts.headers) && !session.has_given(token_id);

    let (limits, keep_alive, stop) =
        (common.settings.message_limits.clone(), common.settings.keep_alive, common.stop.clone());
    let metrics = hosted.sessions.host().metrics.clone();
    let compression = compression(common, &parts.headers);
    let response = switching_protocols(accept, compression.as_ref());
    common.connections.spawn(async move {
        let Ok(upgraded) = on_upgrade.await else { return };
        let socket = Socket::new(upgraded, limits.max_fragment_bytes, compression).await;
        let connection =
            Connection { socket, session, visit, token: text, is_from_elsewhere, limits, keep_alive, metrics, stop };
        connection.serve().await;
        drop(permit);
    });
    Ok(response)
}

/// Why the page comes too late, if it does.
fn late(hosted: &Hosted, token: &Token, id: TokenId) -> Option<Late> {
    if let Some(ended) = hosted.sessions.find_ended(id) {
        return Some(Late::Returning(ended));
    }
    let now = i64::try_from(unix_now().as_secs()).unwrap_or(i64::MAX);
    // A page that comes back may be older than its token, as long as its session lives.
    (token.is_expired(now) && hosted.sessions.find(token.session_id()).is_none()).then_some(Late::Expired)
}

/// Refuses a connection that comes too late. To a page, which shows nobody the status of a handshake, it is said over the
/// WebSocket.
fn farewell(common: &Common, parts: &mut Parts, accept: HeaderValue, late: Late) -> Result<Response, Refusal> {
    let refusal = match late {
        Late::Returning(_) => ENDED,
        Late::Expired => EXPIRED,
    };
    let vacancy = common.farewells.clone().try_acquire_owned();
    let (true, Ok(vacancy)) = (is_page(&parts.headers), vacancy) else { return Err(refusal) };
    let on_upgrade = parts.extensions.remove::<OnUpgrade>().ok_or(NOT_UPGRADABLE)?;
    let (limits, stop) = (common.settings.message_limits.clone(), common.stop.clone());
    tracing::info!(reason = refusal.text(), "told a page that its session has ended");
    common.connections.spawn(async move {
        let Ok(upgraded) = on_upgrade.await else { return };
        let socket = Socket::new(upgraded, limits.max_fragment_bytes, None).await;
        Farewell { socket, late, limits, stop }.say().await;
        drop(vacancy);
    });
    Ok(switching_protocols(accept, None))
}

/// Browsers always send the header, others hardly ever do.
fn is_page(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN)
}

/// How the messages are compressed, if the server wants that and the client can.
fn compression(common: &Common, headers: &HeaderMap) -> Option<Compression> {
    let offers = headers.get_all(header::SEC_WEBSOCKET_EXTENSIONS).iter();
    Compression::negotiate(common.compressor.as_ref()?, offers.filter_map(|line| line.to_str().ok()))
}

fn switching_protocols(accept: HeaderValue, compression: Option<&Compression>) -> Response {
    let headers = [
        (header::CONNECTION, HeaderValue::from_static("Upgrade")),
        (header::UPGRADE, HeaderValue::from_static("websocket")),
        (header::SEC_WEBSOCKET_ACCEPT, accept),
        (header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL)),
    ];
    let extensions = compression.map(|compression| [(header::SEC_WEBSOCKET_EXTENSIONS, compression.answer())]);
    (StatusCode::SWITCHING_PROTOCOLS, headers, extensions, ()).into_response()
}

/// The session that is wanted, made if need be, with the connection counted.
async fn enter(hosted: &Hosted, wanted: &Wanted<'_>, id: TokenId) -> Result<(Arc<Session>, Visit), Refusal> {
    // Between finding a session and entering it, it can end; the one made instead is new.
    for _attempt in 0..3 {
        let session = hosted.sessions.get_or_create(wanted).await;
        let session = session.map_err(|error| refusal(&error))?;
        match session.visit(id) {
            Ok(visit) => return Ok((session, visit)),
            Err(VisitError::Full) => return Err(TOO_MANY_CONNECTIONS),
            Err(VisitError::Ended) => drop(hosted.sessions.discard(&session)),
        }
    }
    Err(Refusal::INTERNAL)
}

/// What must hold of any WebSocket from anywhere, in Bokeh's order. Returns the key that is to be answered.
fn check_upgrade<'a>(
    method: &Method,
    headers: &'a HeaderMap,
    allow_list: &AllowList,
) -> Result<&'a HeaderValue, Refusal> {
    if !has_token(headers, header::UPGRADE, "websocket") {
        return Err(if method == Method::GET { NO_UPGRADE } else { Refusal::METHOD_NOT_ALLOWED });
    }
    if !has_token(headers, header::CONNECTION, "upgrade") {
        return Err(NO_CONNECTION);
    }
    let from = upgrade_headers(headers);
    if !allow_list.allows(from) {
        if let Some(origin) = from.origin {
            tracing::warn!(
                origin,
                allowed = ?allow_list.entries(),
                "refused a page of another origin; \
                 the setting allow_websocket_origin, or --allow-websocket-origin HOST:PORT, lets it in"
            );
        }
        return Err(FOREIGN_ORIGIN);
    }
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(Refusal::status(StatusCode::UPGRADE_REQUIRED));
    }
    if method != Method::GET {
        return Err(Refusal::METHOD_NOT_ALLOWED);
    }
    headers.get(header::SEC_WEBSOCKET_KEY).ok_or(NO_KEY)
}

/// What says which page a request comes from.
pub(crate) fn upgrade_headers(headers: &HeaderMap) -> UpgradeHeaders<'_> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    UpgradeHeaders { origin: text("origin"), host: text("host"), sec_fetch_site: text("sec-fetch-site") }
}

/// The token, which pages send as a second subprotocol: `bokeh, <token>`. The order counts.
fn token_text(headers: &HeaderMap) -> Result<&str, Refusal> {
    let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    let mut entries = lines.flat_map(|line| line.to_str().unwrap_or_default().split(',').map(str::trim));
    match (entries.next(), entries.next(), entries.next()) {
        (Some(PROTOCOL), Some(token), None) if !token.is_empty() => Ok(token),
        _ => Err(NO_TOKEN),
    }
}

fn open_token(text: &str, signing: &Signing) -> Result<Token, Refusal> {
    signing.open_token(text).map_err(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "refused a token");
        INVALID_TOKEN
    })
}

/// Whether a header lists `token`, in any case.
fn has_token(headers: &HeaderMap, name: header::HeaderName, token: &str) -> bool {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|entry| entry.trim().eq_ignore_ascii_case(token))
}

const PROTOCOL: &str = "bokeh";
const NO_UPGRADE: Refusal = Refusal::plain(StatusCode::BAD_REQUEST, r#"Can "Upgrade" only to "WebSocket"."#);
const NO_CONNECTION: Refusal = Refusal::plain(StatusCode::BAD_REQUEST, r#""Connection" must be "Upgrade"."#);
const NO_KEY: Refusal = Refusal::plain(StatusCode::BAD_REQUEST, "The header Sec-WebSocket-Key is missing");
const FOREIGN_ORIGIN: Refusal = Refusal::plain(StatusCode::FORBIDDEN, "Cross origin websockets not allowed");
const FOREIGN_HOST: Refusal = Refusal::plain(StatusCode::FORBIDDEN, "This host is not known here");
const NO_TOKEN: Refusal = Refusal::reason(StatusCode::BAD_REQUEST, "Sec-WebSocket-Protocol must be bokeh and a token");
const INVALID_TOKEN: Refusal = Refusal::reason(StatusCode::FORBIDDEN, "Invalid token or session ID");
const EXPIRED: Refusal = Refusal::reason(StatusCode::FORBIDDEN, "Token is expired; reload the page");
const ENDED: Refusal = Refusal::reason(StatusCode::GONE, "The session has ended; reload the page");
const TOO_MANY_HANDSHAKES: Refusal = Refusal::reason(StatusCode::SERVICE_UNAVAILABLE, "Too many handshakes");
const TOO_MANY_CONNECTIONS: Refusal = Refusal::reason(StatusCode::SERVICE_UNAVAILABLE, "Too many connections");
/// Not HTTP/1.1, or not a real connection.
const NOT_UPGRADABLE: Refusal =
    Refusal::plain(StatusCode::UPGRADE_REQUIRED, "This connection cannot become a WebSocket");
