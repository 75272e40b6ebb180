#[cfg(test)]
mod tests;

use std::future::ready;

use super::{Access, Auth, AuthRequest, User};
use crate::handler::HandlerFuture;
use crate::http_response::HttpResponse;

/// Believes a proxy that says in a header who asks, such as `oauth2-proxy`, Authelia or the authentication of nginx and Apache.
///
/// Anybody can write a header, so only the word of proxies counts that the server trusts: it needs `--use-xheaders`, and
/// `--trusted-proxy` unless the proxy is on the same machine. Whoever reaches the server without the proxy is refused. The proxy
/// must remove the headers from the requests that come to it.
///
/// ```
/// use bokeh_application::auth::ProxyHeader;
///
/// // `Server::builder().auth(auth)`
/// let auth = ProxyHeader::new("X-Forwarded-User").claim("email", "X-Forwarded-Email").logout_url("/oauth2/sign_out");
/// # let _ = auth;
/// ```
#[derive(Clone, Debug)]
pub struct ProxyHeader {
    header: String,
    /// Names of claims, and the headers that say them.
    claims: Vec<(String, String)>,
    logout_url: Option<String>,
}

impl ProxyHeader {
    /// Takes the name of the user from this header.
    pub fn new(header: impl Into<String>) -> Self {
        Self { header: header.into(), claims: Vec::new(), logout_url: None }
    }

    /// Adds to the user what another header says, if it is there.
    #[must_use]
    pub fn claim(mut self, claim: impl Into<String>, header: impl Into<String>) -> Self {
        self.claims.push((claim.into(), header.into()));
        self
    }

    /// Sets where users log out, as it stands in links: a path of the proxy's own, or a URL.
    #[must_use]
    pub fn logout_url(mut self, url: impl Into<String>) -> Self {
        self.logout_url = Some(url.into());
        self
    }

    fn user(&self, request: &AuthRequest) -> Result<User, &'static str> {
        if !request.is_from_trusted_proxy() {
            return Err("This server answers its proxy only");
        }
        let name = only_header(request, &self.header).ok_or("The proxy does not say who you are")?;
        let claims = self.claims.iter().filter_map(|(claim, header)| Some((claim, only_header(request, header)?)));
        Ok(claims.fold(User::new(name), |user, (claim, value)| user.with_claim(claim, value)))
    }
}

impl Auth for ProxyHeader {
    fn authorize<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, Access> {
        let access = match self.user(request) {
            Ok(user) => Access::granted(user),
            Err(reason) => Access::Refused(HttpResponse::text(403, reason)),
        };
        Box::pin(ready(Ok(access)))
    }

    fn logout_url(&self) -> Option<String> {
        self.logout_url.clone()
    }

    fn needs_trusted_proxy(&self) -> bool {
        true
    }
}

/// What a header says. Of several the proxy may have written one and somebody else the others, so none counts.
fn only_header<'a>(request: &'a AuthRequest, wanted: &str) -> Option<&'a str> {
    let mut values = request.http().headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
    match (values.next(), values.next()) {
        (Some((_, value)), None) => Some(value.trim()).filter(|value| !value.is_empty()),
        _ => None,
    }
}
