//! Pages that come under a name which its owner has bent to this machine (DNS rebinding).
//!
//! For its browser such a page and this server have one origin, so the origin tells nothing. The name does: it is one that
//! nobody here has ever chosen.

#[cfg(test)]
mod tests;

use std::net::IpAddr;

use axum::http::{HeaderMap, header};
use bokeh_protocol::AllowList;

/// Whether a page asks a server on the same machine under a name that is neither this machine's nor on the list.
///
/// Proxies may ask under any name. They say that they are proxies, in headers that no page can give to a WebSocket.
pub(super) fn is_rebound(headers: &HeaderMap, allow_list: &AllowList) -> bool {
    let is_page = headers.contains_key(header::ORIGIN);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_lowercase();
    let is_known = names_this_machine(&host) || allow_list.allows_host(&host);
    if is_page && !is_known && !is_passed_on(headers) {
        tracing::warn!(
            host,
            allowed = ?allow_list.entries(),
            "refused a page under a name that is not this machine's; \
             the setting allow_websocket_origin, or --allow-websocket-origin HOST:PORT, lets it in"
        );
        return true;
    }
    false
}

/// An address is as good as a name that stands for this machine: nobody can bend it.
fn names_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    name == "localhost" || name.ends_with(".localhost") || address.parse::<IpAddr>().is_ok()
}

fn is_passed_on(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| name.as_str().starts_with("x-forwarded-") || OF_PROXIES.contains(&name.as_str()))
}

const OF_PROXIES: [&str; 4] = ["forwarded", "via", "x-real-ip", "x-scheme"];
