#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::time::Duration;

use super::cookie::cookies;
use super::{Cookie, SignedCookies, is_local_url};
use crate::http_request::HttpRequest;
use crate::http_response::HttpResponse;

/// A request that an [`Auth`](super::Auth) is to decide about or to answer.
#[derive(Clone, Debug)]
pub struct AuthRequest {
    http: HttpRequest,
    cookies: SignedCookies,
    prefix: String,
    is_from_trusted_proxy: bool,
}

impl AuthRequest {
    /// A request to a server without a prefix, which came from no proxy. For servers, and for tests of your own `Auth`.
    pub fn new(http: HttpRequest, cookies: SignedCookies) -> Self {
        Self { http, cookies, prefix: String::new(), is_from_trusted_proxy: false }
    }

    /// Sets what all paths of the server begin with: nothing, or something like `/apps`.
    #[must_use]
    pub fn with_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Sets whether a proxy has passed it on whose word counts.
    #[must_use]
    pub fn from_trusted_proxy(mut self, is_from_trusted_proxy: bool) -> Self {
        self.is_from_trusted_proxy = is_from_trusted_proxy;
        self
    }

    /// The request as it arrived.
    pub fn http(&self) -> &HttpRequest {
        &self.http
    }

    /// Whether a proxy has passed it on that the server trusts, as `--use-xheaders` and `--trusted-proxy` say. Headers of any
    /// other request are the word of whoever asks.
    pub fn is_from_trusted_proxy(&self) -> bool {
        self.is_from_trusted_proxy
    }

    /// Whether it came over TLS, here or at a proxy that is trusted.
    pub fn is_secure(&self) -> bool {
        self.http.protocol == "https"
    }

    /// The path without the server's prefix, such as `/login`.
    pub fn path(&self) -> &str {
        let path = self.http.path();
        path.strip_prefix(&self.prefix).unwrap_or(path)
    }

    /// A path of the server as it stands in links: below the prefix.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The first value of a query argument.
    pub fn argument(&self, name: &str) -> Option<Cow<'_, str>> {
        value(self.http.query().as_bytes(), name)
    }

    /// The first value of a field of the form that was sent.
    pub fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        let content_type = self.http.header("content-type").unwrap_or_default();
        let is_form = content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM));
        if is_form { value(&self.http.body, name) } else { None }
    }

    /// What the first cookie of this name says.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        cookies(&self.http, name).next()
    }

    /// What a cookie of this name says that this server has signed within the last `max_age`. Others do not count.
    pub fn signed_cookie(&self, name: &str, max_age: Duration) -> Option<Vec<u8>> {
        cookies(&self.http, name).find_map(|text| self.cookies.open(name, text, max_age).ok())
    }

    /// A cookie for the server's paths, until the browser ends. It is sent over TLS only if this request was.
    pub fn new_cookie(&self, name: &str, value: impl Into<String>) -> Cookie {
        let path = if self.prefix.is_empty() { "/" } else { &self.prefix };
        Cookie::new(name, value).path(path).secure(self.is_secure())
    }

    /// The same, signed, so that nobody else can make it.
    pub fn new_signed_cookie(&self, name: &str, value: &[u8]) -> Cookie {
        self.new_cookie(name, self.cookies.sign(name, value))
    }

    /// The cookie that makes the browser forget another.
    pub fn forget_cookie(&self, name: &str) -> Cookie {
        self.new_cookie(name, "").max_age(Duration::ZERO)
    }

    /// Where the user wanted to go before they were sent to the login: what `next` says, in the form or in the query, if that
    /// is [on this server](is_local_url), else the server's first page.
    pub fn next_url(&self) -> String {
        let next = self.field(NEXT).or_else(|| self.argument(NEXT)).filter(|next| is_local_url(next));
        next.map_or_else(|| self.url("/"), Cow::into_owned)
    }

    /// Sends a user to the login at a path such as `/login`, which will know where to go [next](Self::next_url).
    pub fn redirect_to_login(&self, path: &str) -> HttpResponse {
        let next: String = form_urlencoded::byte_serialize(self.http.uri.as_bytes()).collect();
        // What Bokeh answers.
        HttpResponse { status: 302, ..HttpResponse::redirect(format!("{}?{NEXT}={next}", self.url(path))) }
    }
}

fn value<'a>(form: &'a [u8], wanted: &str) -> Option<Cow<'a, str>> {
    form_urlencoded::parse(form).find(|(name, _)| name == wanted).map(|(_, value)| value)
}

const NEXT: &str = "next";
const FORM: &str = "application/x-www-form-urlencoded";
