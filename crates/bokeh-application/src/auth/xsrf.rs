#[cfg(test)]
mod tests;

use std::time::Duration;

use bokeh_protocol::{RandomError, random_bytes};

use super::signed_cookies::from_hex;
use super::{AuthRequest, Cookie, escape};

/// What makes a form count only when it was this server's: a hidden field that says the same as a cookie, which pages of others
/// cannot read.
///
/// ```
/// use bokeh_application::HttpResponse;
/// use bokeh_application::auth::{AuthRequest, XsrfField};
///
/// fn form(request: &AuthRequest) -> Result<HttpResponse, bokeh_protocol::RandomError> {
///     let xsrf = XsrfField::new(request)?;
///     let html = format!(r#"<form method="post">{}<button>Go</button></form>"#, xsrf.html());
///     Ok(xsrf.add_to(HttpResponse::html(200, html)))
/// }
///
/// fn sent(request: &AuthRequest) -> HttpResponse {
///     match XsrfField::check(request) {
///         Ok(()) => HttpResponse::html(200, "gone"),
///         Err(error) => HttpResponse::text(403, error.to_string()),
///     }
/// }
/// # let _ = (form as fn(&_) -> _, sent as fn(&_) -> _);
/// ```
#[derive(Clone, Debug)]
pub struct XsrfField {
    value: String,
    cookie: Option<Cookie>,
}

/// Why a form does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XsrfError {
    /// The browser says that a page of another site has sent it.
    #[error("the form was sent by a page of another site")]
    OtherSite,
    /// The cookie is missing, was made by somebody else or has expired.
    #[error("the form has no cookie; load the page again, and let the browser keep cookies")]
    Cookie,
    /// The hidden field is missing, or does not say the same as the cookie.
    #[error("the form is not of this server, or too old; load the page again")]
    Field,
}

impl XsrfField {
    /// The field for a form in the answer to this request.
    ///
    /// # Errors
    /// When the system has no random bytes to give.
    pub fn new(request: &AuthRequest) -> Result<Self, RandomError> {
        let (secret, cookie) = match secret_of(request) {
            // Forms that are open in other tabs go on to count.
            Some(secret) => (secret, None),
            None => {
                let secret = random_bytes()?;
                (secret, Some(request.new_signed_cookie(COOKIE, &secret)))
            }
        };
        // Another value each time: what is compressed together with a constant could be guessed.
        let mask: [u8; N_BYTES] = random_bytes()?;
        let masked = std::array::from_fn(|n| mask[n] ^ secret[n]);
        let value = [mask, masked].concat().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { value, cookie })
    }

    /// Whether the form of this request is one of this server's.
    ///
    /// # Errors
    /// When it is not, or nobody can tell.
    pub fn check(request: &AuthRequest) -> Result<(), XsrfError> {
        if is_from_other_site(request) {
            return Err(XsrfError::OtherSite);
        }
        let secret = secret_of(request).ok_or(XsrfError::Cookie)?;
        let field = request.field(FIELD).ok_or(XsrfError::Field)?;
        let bytes = from_hex(&field).filter(|bytes| bytes.len() == 2 * N_BYTES).ok_or(XsrfError::Field)?;
        let (mask, masked) = bytes.split_at(N_BYTES);
        // Takes the same time wherever they differ.
        let difference = (0..N_BYTES).fold(0, |difference, n| difference | (mask[n] ^ masked[n] ^ secret[n]));
        if difference == 0 { Ok(()) } else { Err(XsrfError::Field) }
    }

    /// The field as HTML.
    pub fn html(&self) -> String {
        format!(r#"<input type="hidden" name="{FIELD}" value="{}">"#, escape(&self.value))
    }

    /// The answer with the cookie that belongs to the field, unless the browser has one.
    #[must_use]
    pub fn add_to(&self, response: crate::HttpResponse) -> crate::HttpResponse {
        match &self.cookie {
            Some(cookie) => response.with_cookie(cookie),
            None => response,
        }
    }

    /// The name of the cookie.
    pub const COOKIE: &'static str = COOKIE;
}

/// Whether the browser says that another site's page has made the request.
pub(super) fn is_from_other_site(request: &AuthRequest) -> bool {
    matches!(request.http().header("sec-fetch-site"), Some("cross-site" | "same-site"))
}

fn secret_of(request: &AuthRequest) -> Option<[u8; N_BYTES]> {
    request.signed_cookie(COOKIE, MAX_AGE)?.try_into().ok()
}

const COOKIE: &str = "bokeh_xsrf";
const FIELD: &str = "_xsrf";
const N_BYTES: usize = 16;
/// A form can be open for so long.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
