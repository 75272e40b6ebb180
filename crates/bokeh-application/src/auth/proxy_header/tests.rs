use bokeh_protocol::Secret;
use futures_lite::future::block_on;

use super::*;
use crate::HttpRequest;
use crate::auth::SignedCookies;

#[test]
fn only_a_trusted_proxy_says_who_asks() {
    for (is_trusted, headers, expected) in [
        (true, &[("X-User", "ann")][..], "ann {}"),
        (true, &[("x-user", " ann "), ("X-Email", "ann@example.org")], r#"ann {"email":"ann@example.org"}"#),
        (true, &[("X-User", "ann"), ("X-Email", "a"), ("X-Email", "b")], "ann {}"),
        (true, &[], "403 The proxy does not say who you are"),
        (true, &[("X-User", "")], "403 The proxy does not say who you are"),
        (true, &[("X-User", "ann"), ("X-User", "eve")], "403 The proxy does not say who you are"),
        (false, &[("X-User", "ann")], "403 This server answers its proxy only"),
        (false, &[], "403 This server answers its proxy only"),
    ] {
        let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let cookies = SignedCookies::new(Secret::new("crumbs"));
        let request = AuthRequest::new(HttpRequest { headers, ..HttpRequest::default() }, cookies);
        let auth = ProxyHeader::new("X-User").claim("email", "X-Email");
        let answer = match block_on(auth.authorize(&request.from_trusted_proxy(is_trusted))).unwrap() {
            Access::Granted { user, .. } => {
                let user = user.unwrap();
                format!("{} {}", user.name(), serde_json::to_string(user.claims()).unwrap())
            }
            Access::Refused(answer) => format!("{} {}", answer.status, String::from_utf8(answer.body).unwrap()),
        };
        assert_eq!(answer, expected);
    }
}
