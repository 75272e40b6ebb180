use bokeh_application::auth::ProxyHeader;

use super::*;

#[test]
fn users_log_out_below_the_prefix_or_elsewhere() {
    for (url, prefix, base, expected) in [
        ("/logout", "", "", "/logout"),
        ("/logout", "/pp", "", "/pp/logout"),
        ("/logout", "/my apps", "/plots", "/plots/my%20apps/logout"),
        ("/oauth2/sign_out", "/pp", "/plots", "/oauth2/sign_out"),
        ("https://example.org/logout", "/pp", "/plots", "https://example.org/logout"),
    ] {
        let exit = Exit::of(&Leaving(url), prefix).unwrap();
        assert_eq!(exit.url(base), expected);
    }
    assert!(Exit::of(&ProxyHeader::new("X-User"), "").is_none());
}

/// Answers `/logout`.
struct Leaving(&'static str);

impl Auth for Leaving {
    fn authorize<'a>(&'a self, _request: &'a AuthRequest) -> HandlerFuture<'a, Access> {
        Box::pin(async { Ok(Access::Refused(HttpResponse::new(403))) })
    }

    fn paths(&self) -> Vec<String> {
        vec!["/logout".to_owned()]
    }

    fn logout_url(&self) -> Option<String> {
        Some(self.0.to_owned())
    }
}
