//! An HTTP request as it arrived.

/// An HTTP request as it arrived, with nothing left out and nothing read.
///
/// ```
/// use bokeh_application::HttpRequest;
///
/// let request = HttpRequest { uri: "/sliders?n=5".to_owned(), ..HttpRequest::default() };
/// assert_eq!((request.path(), request.query()), ("/sliders", "n=5"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// Such as `GET`.
    pub method: String,
    /// The path with the query, as it stands in the request.
    pub uri: String,
    /// `HTTP/1.1` or `HTTP/1.0`.
    pub version: String,
    /// Names such as `Accept-Language`, with values, in the order in which they arrived.
    pub headers: Vec<(String, String)>,
    /// What came after the head.
    pub body: Vec<u8>,
    /// The address of who asks, or of the proxy in between; empty if it is not known.
    pub remote_ip: String,
    /// `http` or `https`.
    pub protocol: String,
}

impl HttpRequest {
    /// The path without the query, still escaped.
    pub fn path(&self) -> &str {
        self.uri.split_once('?').map_or(&self.uri, |(path, _)| path)
    }

    /// What stands after the question mark.
    pub fn query(&self) -> &str {
        self.uri.split_once('?').map_or("", |(_, query)| query)
    }

    /// The first header of a name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl Default for HttpRequest {
    /// A `GET` for `/` of nobody.
    fn default() -> Self {
        Self {
            method: "GET".to_owned(),
            uri: "/".to_owned(),
            version: "HTTP/1.1".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            remote_ip: String::new(),
            protocol: "http".to_owned(),
        }
    }
}
