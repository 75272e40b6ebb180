//! Sessions under ids that somebody else has chosen (session fixation), guessed, or found.

use std::collections::HashSet;

use bokeh_protocol::{Secret, Signing, Token};
use bokeh_server::Settings;

use crate::peer::Peer;
use crate::target::{Target, settings};

#[tokio::test]
async fn a_server_that_signs_takes_no_id_that_it_has_not_made() {
    let signing = Signing::Signed(Secret::new("0123456789abcdef0123456789abcdef"));
    let other = Signing::Signed(Secret::new("a secret of somebody else's, 32!"));
    let good = signing.generate_session_id().unwrap();
    let forged = other.generate_session_id().unwrap();
    let token = |id: &str, signing: &Signing| Token::new(id).expires_at(i64::MAX).encode(signing).unwrap();
    let (good_token, forged_token) = (token(&good, &signing), token(&good, &other));
    let target = Target::start(Settings { signing: Some(signing.clone()), ..settings() }).await;
    for (query, header, expected) in [
        (String::new(), "", 200),
        (format!("?bokeh-session-id={good}"), "", 200),
        (format!("?bokeh-token={good_token}"), "", 200),
        ("?bokeh-session-id=chosen".to_owned(), "", 403),
        ("?bokeh-session-id=".to_owned(), "", 403),
        (format!("?bokeh-session-id={forged}"), "", 403),
        (format!("?bokeh-session-id={good}x"), "", 403),
        (format!("?bokeh-token={forged_token}"), "", 403),
        (format!("?bokeh-token={}", token("chosen", &Signing::Unsigned)), "", 403),
        (format!("?bokeh-session-id={good}&bokeh-token={good_token}"), "", 403),
        (String::new(), "Bokeh-Session-Id: chosen\r\n", 403),
        (format!("?bokeh-session-id={good}"), "Bokeh-Session-Id: chosen\r\n", 403),
        // Cookies choose no session: a page cannot be made to join one by a cookie that was planted.
        (String::new(), "Cookie: bokeh-session-id=chosen\r\n", 200),
    ] {
        for path in ["/app", "/app/autoload.js"] {
            let sign = if query.is_empty() { '?' } else { '&' };
            let request = format!("GET {path}{query}{sign}bokeh-autoload-element=e");
            let mut peer = Peer::asking(target.address(), &request, header).await;
            assert_eq!(peer.head().await.status, expected, "{request} {header}");
        }
    }
    assert!(target.server.session("/app", "chosen").is_none());
    target.server.stop().await;
}

#[tokio::test]
async fn ids_cannot_be_guessed() {
    let target = Target::start(settings()).await;
    for _page in 0..20 {
        let mut peer = Peer::asking(target.address(), "GET /app", "").await;
        assert_eq!(peer.head().await.status, 200);
    }
    let sessions = target.server.sessions("/app").unwrap();
    let ids: HashSet<&str> = sessions.iter().map(|session| session.id()).collect();
    assert_eq!(ids.len(), 20);
    for id in ids {
        // 44 of 62 characters are more than 256 bits.
        assert!(id.len() == 44 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
    }
    target.server.stop().await;
}
