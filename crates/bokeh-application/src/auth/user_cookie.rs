use std::time::Duration;

use super::{AuthRequest, Cookie, SameSite, User};

/// A signed cookie that remembers who has logged in. Nobody can make one or change it, but everybody who has a user's can be
/// that user until it expires.
///
/// ```
/// use bokeh_application::HttpRequest;
/// use bokeh_application::auth::{AuthRequest, SignedCookies, User, UserCookie};
/// use bokeh_protocol::Secret;
///
/// let signed = SignedCookies::new(Secret::generate()?);
/// let cookie = UserCookie::default();
/// let login = AuthRequest::new(HttpRequest::default(), signed.clone());
/// let set = cookie.set(&login, &User::new("ann"));
///
/// let headers = vec![("Cookie".to_owned(), format!("{}={}", set.name(), set.value()))];
/// let later = AuthRequest::new(HttpRequest { headers, ..HttpRequest::default() }, signed);
/// assert_eq!(cookie.user(&later), Some(User::new("ann")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCookie {
    /// What it is called: letters, digits, `-` and `_`. The default is `user`.
    pub name: String,
    /// For how long it counts. The default is two weeks.
    pub max_age: Duration,
    /// With which requests browsers send it.
    pub same_site: SameSite,
}

impl UserCookie {
    /// Who has logged in, if the request has a cookie that counts.
    pub fn user(&self, request: &AuthRequest) -> Option<User> {
        let text = String::from_utf8(request.signed_cookie(&self.name, self.max_age)?).ok()?;
        User::from_cookie_text(&text)
    }

    /// The cookie that remembers `user`.
    pub fn set(&self, request: &AuthRequest, user: &User) -> Cookie {
        let cookie = request.new_signed_cookie(&self.name, user.to_cookie_text().as_bytes());
        cookie.max_age(self.max_age).same_site(self.same_site)
    }

    /// The cookie that makes the browser forget.
    pub fn forget(&self, request: &AuthRequest) -> Cookie {
        request.forget_cookie(&self.name).same_site(self.same_site)
    }
}

impl Default for UserCookie {
    fn default() -> Self {
        Self {
            name: "user".to_owned(),
            max_age: Duration::from_secs(14 * 24 * 60 * 60),
            same_site: SameSite::default(),
        }
    }
}
