use std::fmt;
use std::time::Duration;

use crate::http_request::HttpRequest;

/// A cookie for a browser to keep. Scripts in pages cannot read it, and forms on pages of others do not send it.
///
/// Its text is the value of the header `Set-Cookie`:
///
/// ```
/// use std::time::Duration;
///
/// use bokeh_application::auth::Cookie;
///
/// let cookie = Cookie::new("user", "ann").max_age(Duration::from_secs(3600)).secure(true);
/// assert_eq!(cookie.to_string(), "user=ann; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    name: String,
    value: String,
    path: String,
    max_age: Option<Duration>,
    is_secure: bool,
    same_site: SameSite,
}

/// With which requests a browser sends a cookie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SameSite {
    /// Only with those that pages of the same site make.
    Strict,
    /// Also when a user follows a link from elsewhere.
    #[default]
    Lax,
    /// With all, also where the server's applications are shown inside of pages of others. Browsers want such cookies to be
    /// [secure](Cookie::secure).
    None,
}

impl Cookie {
    /// A cookie for all paths, until the browser ends. Characters that a cookie cannot have are left out of the name and the
    /// value; [signed](super::SignedCookies) values have none.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: allowed(name.into(), |c| c != '=' && c != '"'),
            value: allowed(value.into(), |c| c != '"'),
            path: "/".to_owned(),
            max_age: None,
            is_secure: false,
            same_site: SameSite::Lax,
        }
    }

    /// Sends it only with requests for this path and those below it.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = allowed(path.into(), |_| true);
        self
    }

    /// For how long it is kept, in whole seconds. None at all makes a browser forget it.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// Whether it is only sent over TLS.
    #[must_use]
    pub fn secure(mut self, is_secure: bool) -> Self {
        self.is_secure = is_secure;
        self
    }

    /// With which requests it is sent.
    #[must_use]
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = same_site;
        self
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it says.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, path, max_age, is_secure, same_site } = self;
        write!(f, "{name}={value}; Path={path}")?;
        if let Some(max_age) = max_age {
            write!(f, "; Max-Age={}", max_age.as_secs())?;
        }
        write!(f, "; HttpOnly; SameSite={same_site:?}")?;
        if *is_secure { f.write_str("; Secure") } else { Ok(()) }
    }
}

/// What a request's cookies of this name say. There can be several: of other paths, or put there by others.
pub(super) fn cookies<'a>(request: &'a HttpRequest, wanted: &str) -> impl Iterator<Item = &'a str> {
    let headers = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
    let pairs = headers.flat_map(|(_, value)| value.split(';')).filter_map(|pair| pair.split_once('='));
    let values = pairs.filter(move |(name, _)| name.trim() == wanted).map(|(_, value)| value.trim());
    // Python puts values with certain characters into quotes.
    values.map(|value| value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

/// The text without what would end the cookie or the header.
fn allowed(text: String, also: impl Fn(char) -> bool) -> String {
    let is_good = |c: char| c.is_ascii_graphic() && c != ';' && c != ',' && c != '\\' && also(c);
    if text.chars().all(is_good) { text } else { text.chars().filter(|c| is_good(*c)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_place_in_the_header() {
        let cookie = Cookie::new("a=b; c", "x\r\nSet-Cookie: y=z; Domain=evil").path("/a; Domain=evil");
        assert_eq!(cookie.to_string(), "abc=xSet-Cookie:y=zDomain=evil; Path=/aDomain=evil; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn cookies_are_found_by_name() {
        let header = |value: &str| ("cookie".to_owned(), value.to_owned());
        let headers = vec![header("a=1; user=ann;b"), header("user=\"bob\"; users=x"), header(" user = ")];
        let request = HttpRequest { headers, ..HttpRequest::default() };
        assert_eq!(cookies(&request, "user").collect::<Vec<_>>(), ["ann", "bob", ""]);
        assert_eq!(cookies(&request, "b").count(), 0);
    }
}
