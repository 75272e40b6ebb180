//! The request that made a page.

#[cfg(test)]
mod tests;

use bokeh_protocol::{Payload, PayloadValue};
use indexmap::IndexMap;

use crate::http_request::HttpRequest;

/// The HTTP request of the page that a session was made for, as far as it travels in the page's token.
///
/// ```
/// use bokeh_application::Request;
///
/// let request = Request::default().with_argument("n", "5").with_header("Accept-Language", "pt-BR");
/// assert_eq!(request.argument("n"), Some("5"));
/// assert_eq!(request.header("accept-language"), Some("pt-BR"));
/// assert_eq!(Request::from_payload(&request.to_payload()), request);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    arguments: IndexMap<String, Vec<Vec<u8>>>,
    headers: IndexMap<String, String>,
    cookies: IndexMap<String, String>,
    http: HttpRequest,
}

impl Request {
    /// Adds a value of a query argument.
    #[must_use]
    pub fn with_argument(mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.arguments.entry(name.into()).or_default().push(value.into());
        self
    }

    /// Sets a header.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Sets a cookie.
    #[must_use]
    pub fn with_cookie(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.cookies.insert(name.into(), value.into());
        self
    }

    /// Sets the request as it arrived. For servers.
    #[must_use]
    pub fn with_http(mut self, http: HttpRequest) -> Self {
        self.http = http;
        self
    }

    /// The request that the session is made for as it arrived, with all of its headers. It does not travel in the token:
    /// of a session that is made when its page connects, this is the request for a WebSocket.
    pub fn http(&self) -> &HttpRequest {
        &self.http
    }

    /// The first value of a query argument, if it is UTF-8.
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.arguments.get(name)?.first().and_then(|value| std::str::from_utf8(value).ok())
    }

    /// All query arguments with all their values, in the order of the address.
    pub fn arguments(&self) -> &IndexMap<String, Vec<Vec<u8>>> {
        &self.arguments
    }

    /// A header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// All headers that the server passes on, under names such as `Accept-Language`.
    pub fn headers(&self) -> &IndexMap<String, String> {
        &self.headers
    }

    /// A cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// All cookies that the server passes on.
    pub fn cookies(&self) -> &IndexMap<String, String> {
        &self.cookies
    }

    /// The entries of a token's payload that stand for the request, as Bokeh writes them.
    pub fn to_payload(&self) -> Payload {
        let bytes = |values: &Vec<Vec<u8>>| values.iter().cloned().map(PayloadValue::from).collect::<Vec<_>>();
        let texts = |texts: &IndexMap<String, String>| -> Payload {
            texts.iter().map(|(name, text)| (name.clone(), text.clone().into())).collect()
        };
        let arguments: Payload =
            self.arguments.iter().map(|(name, values)| (name.clone(), bytes(values).into())).collect();
        Payload::from([
            (HEADERS.to_owned(), texts(&self.headers).into()),
            (COOKIES.to_owned(), texts(&self.cookies).into()),
            (ARGUMENTS.to_owned(), arguments.into()),
        ])
    }

    /// Reads the request out of a token's payload. What is missing or of another form is left out.
    pub fn from_payload(payload: &Payload) -> Self {
        let map = |key: &str| payload.get(key).and_then(PayloadValue::as_map);
        let arguments = map(ARGUMENTS).into_iter().flatten().map(|(name, values)| {
            let values = values.as_list().unwrap_or_default().iter();
            (name.clone(), values.filter_map(PayloadValue::as_bytes).map(<[u8]>::to_vec).collect())
        });
        let texts = |key: &str| {
            let entries = map(key).into_iter().flatten();
            entries.filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect()
        };
        Self {
            arguments: arguments.filter(|(name, _)| name != SESSION_ID_ARGUMENT).collect(),
            headers: texts(HEADERS),
            cookies: texts(COOKIES),
            http: HttpRequest::default(),
        }
    }
}

const ARGUMENTS: &str = "arguments";
const HEADERS: &str = "headers";
const COOKIES: &str = "cookies";
/// Chooses the session, and is nothing for the application.
const SESSION_ID_ARGUMENT: &str = "bokeh-session-id";
