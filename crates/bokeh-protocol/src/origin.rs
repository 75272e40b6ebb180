//! Which pages may open a WebSocket.

mod pattern;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use pattern::match_host;

/// The hosts whose pages may connect, beside those that the browser itself calls the same origin.
///
/// ```
/// use bokeh_protocol::{AllowList, UpgradeHeaders};
///
/// let list = AllowList::new(["*.example.com"], 5006)?;
/// let from = |origin| UpgradeHeaders { origin: Some(origin), host: Some("127.0.0.1:5006"), sec_fetch_site: None };
/// assert!(list.allows(from("http://127.0.0.1:5006")), "the page came from this server");
/// assert!(list.allows(from("https://apps.example.com")));
/// assert!(!list.allows(from("https://example.com.evil.net")));
/// # Ok::<(), bokeh_protocol::AllowListError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowList {
    entries: Vec<String>,
}

/// The headers of an upgrade request that say where it comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UpgradeHeaders<'a> {
    /// `Origin`, which browsers always send with a WebSocket.
    pub origin: Option<&'a str>,
    /// `Host`, with its port.
    pub host: Option<&'a str>,
    /// `Sec-Fetch-Site`, which browsers send to trustworthy addresses only; no script can set it.
    pub sec_fetch_site: Option<&'a str>,
}

impl AllowList {
    /// The list that `hosts` from the command line stand for, or only `localhost:<port>` when there are none.
    ///
    /// A host is `name` (which means port 80), `name:port` or `*`. Parts of a name between dots can be `*`.
    ///
    /// # Errors
    /// When a host has no name, a port that is not a number, or more than one colon.
    pub fn new(hosts: impl IntoIterator<Item = impl AsRef<str>>, port: u16) -> Result<Self, AllowListError> {
        let mut entries = hosts.into_iter().map(|host| with_port(host.as_ref())).collect::<Result<Vec<_>, _>>()?;
        if entries.is_empty() {
            entries.push(format!("localhost:{port}"));
        }
        Ok(Self { entries })
    }

    /// The list in a text such as the value of `BOKEH_ALLOW_WS_ORIGIN`: entries between commas, taken as they are.
    /// `None` when the text has no entries, which counts as if the variable were not set.
    ///
    /// Unlike in [`new`](Self::new) an entry without a port means any port, and the port can be `*`.
    pub fn from_env(text: &str) -> Option<Self> {
        // In Bokeh an empty entry, as after a comma at the end, lets in pages whose origin is `null`.
        let entries: Vec<String> = text.split(',').filter(|entry| !entry.is_empty()).map(str::to_owned).collect();
        (!entries.is_empty()).then_some(Self { entries })
    }

    /// Whether a request with these headers may become a WebSocket.
    pub fn allows(&self, headers: UpgradeHeaders<'_>) -> bool {
        match (headers.sec_fetch_site, headers.origin) {
            (Some("same-origin" | "none"), _) => true,
            // Neither header: no browser, hence nobody's page.
            (None, None) => true,
            (Some(_), None) => false,
            (site, Some(origin)) => {
                let origin_host = origin_host(origin);
                let is_own = site.is_none() && headers.host.is_some_and(|host| host.to_lowercase() == origin_host);
                is_own || self.allows_host(&origin_host)
            }
        }
    }

    /// Whether an entry matches `host`, which means port 80 when it names none, whatever the scheme was.
    pub fn allows_host(&self, host: &str) -> bool {
        let host = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
        self.entries.iter().any(|entry| *entry == host || match_host(&host, entry))
    }

    /// The entries, each a host with a port or a pattern.
    pub fn entries(&self) -> &[String] {
        &self.entries
    }
}

/// Why a host cannot be an entry of an [`AllowList`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AllowListError {
    /// The host is empty.
    #[error("an allowed origin has no host")]
    EmptyHost,
    /// What follows the colon is not a port number, as in an address copied from a browser.
    #[error("invalid port in allowed origin {0:?}, which is not of the form host or host:port")]
    InvalidPort(String),
    /// There is more than one colon, as in a URL or an IPv6 address.
    #[error("allowed origin {0:?} is not of the form host or host:port")]
    InvalidHost(String),
}

/// Adds port 80 where none is given.
fn with_port(host: &str) -> Result<String, AllowListError> {
    if host == "*" {
        return Ok(host.to_owned());
    }
    let mut parts = host.split(':');
    match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
        (_, Some(_), Some(_)) => Err(AllowListError::InvalidHost(host.to_owned())),
        ("", ..) => Err(AllowListError::EmptyHost),
        (name, None, _) => Ok(format!("{name}:80")),
        (_, Some(port), None) => match u16::from_str(port) {
            Ok(_) => Ok(host.to_owned()),
            Err(_) => Err(AllowListError::InvalidPort(host.to_owned())),
        },
    }
}

/// The part of an `Origin` between `//` and the path, in lower case; empty when there is none, as in `null`.
fn origin_host(origin: &str) -> String {
    let after_scheme = match origin.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        _ => origin,
    };
    let host = after_scheme.strip_prefix("//").unwrap_or_default();
    host.split(['/', '?', '#']).next().unwrap_or_default().to_lowercase()
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}
