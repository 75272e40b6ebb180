//! The addresses of a server: its page for people, its WebSocket for programs.

#[cfg(test)]
mod tests;

use std::fmt;

/// The address of an application on a server, as a browser would open it.
///
/// ```
/// use bokeh_client::ServerUrl;
///
/// let url = ServerUrl::parse("https://example.com/sliders/")?;
/// assert_eq!(url.as_str(), "https://example.com/sliders");
/// assert_eq!(url.websocket_url(), "wss://example.com/sliders/ws");
/// # Ok::<(), bokeh_client::UrlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServerUrl {
    /// Begins with a scheme of [`SCHEMES`] and does not end in a slash.
    http: String,
}

impl ServerUrl {
    /// What `default` stands for, unless the environment says otherwise.
    pub const DEFAULT: &'static str = "http://localhost:5006";

    /// Reads an address that begins with `http:` or `https:`; `default` is [`DEFAULT`](Self::DEFAULT), with the host of the
    /// environment variable `BOKEH_DEFAULT_SERVER_HOST` and the port of `BOKEH_DEFAULT_SERVER_PORT` if there are any. Slashes at
    /// the end do not matter. As with Bokeh's own client, a query is taken for a part of the path.
    ///
    /// # Errors
    /// When the address begins with something else.
    pub fn parse(url: &str) -> Result<Self, UrlError> {
        if url == "default" {
            return Ok(Self::default_of(|name| std::env::var(name).ok().filter(|value| !value.is_empty())));
        }
        if url.starts_with("ws") {
            return Err(UrlError::WebSocket(url.to_owned()));
        }
        if !SCHEMES.iter().any(|(http, _)| url.starts_with(http)) {
            return Err(UrlError::UnknownProtocol(url.to_owned()));
        }
        Ok(Self { http: url.trim_end_matches('/').to_owned() })
    }

    fn default_of(environment: impl Fn(&str) -> Option<String>) -> Self {
        let host = environment("BOKEH_DEFAULT_SERVER_HOST").unwrap_or_else(|| "localhost".to_owned());
        let port = environment("BOKEH_DEFAULT_SERVER_PORT").unwrap_or_else(|| "5006".to_owned());
        Self { http: format!("http://{host}:{port}") }
    }

    /// The inverse of [`websocket_url`](Self::websocket_url).
    ///
    /// # Errors
    /// When the address does not begin with `ws:` or `wss:`, or does not end in `/ws`.
    pub fn from_websocket_url(url: &str) -> Result<Self, UrlError> {
        let swap = |(http, ws): &(&str, &str)| Some(format!("{http}{}", url.strip_prefix(ws)?));
        let http = SCHEMES.iter().find_map(swap).ok_or_else(|| UrlError::NotWebSocket(url.to_owned()))?;
        let page = http.strip_suffix("/ws").ok_or_else(|| UrlError::NoWebSocketPath(url.to_owned()))?;
        Ok(Self { http: page.trim_end_matches('/').to_owned() })
    }

    /// The address of the page.
    pub fn as_str(&self) -> &str {
        &self.http
    }

    /// The address of the WebSocket.
    pub fn websocket_url(&self) -> String {
        let swap = |(http, ws): &(&str, &str)| Some(format!("{ws}{}/ws", self.http.strip_prefix(http)?));
        SCHEMES.iter().find_map(swap).expect("every address begins with one of the schemes")
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.http)
    }
}

/// Why a text is not the address of a server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// The address of a WebSocket where that of the page is due.
    #[error("{0:?} is a WebSocket's address; give the http or https address of the page")]
    WebSocket(String),
    /// Neither `http:` nor `https:`.
    #[error("the address {0:?} begins neither with http: nor with https:")]
    UnknownProtocol(String),
    /// Neither `ws:` nor `wss:`.
    #[error("the address {0:?} begins neither with ws: nor with wss:")]
    NotWebSocket(String),
    /// The address of a Bokeh server's WebSocket ends in `/ws`.
    #[error("the WebSocket's address {0:?} does not end in /ws")]
    NoWebSocketPath(String),
}

/// Appends arguments as a query, if there are any.
pub(crate) fn with_arguments(url: &str, arguments: &[(String, String)]) -> String {
    if arguments.is_empty() {
        return url.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(arguments).finish();
    format!("{url}?{query}")
}

const SCHEMES: [(&str, &str); 2] = [("http:", "ws:"), ("https:", "wss:")];
