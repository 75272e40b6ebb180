//! Known defects of Bokeh 3.9.2 that concern pages. Those of sessions are with the tests of the session core.

use bokeh_document::Document;
use bokeh_protocol::Token;
use bokeh_server::Server;

use crate::pages::page;
use crate::sockets::{now, settings};

/// In Bokeh it has the token of the first page, which may have expired, so that it cannot connect.
#[tokio::test]
async fn a_second_page_of_a_session_has_a_token_of_its_own() {
    let server = Server::builder().settings(settings()).app("/app", |_: &mut Document| {}).build().unwrap();
    let first = token(&page(&server, "/app?bokeh-session-id=abc&visit=first").await);
    let second = token(&page(&server, "/app?bokeh-session-id=abc&visit=second").await);
    assert_eq!(server.sessions("/app").unwrap().len(), 1);
    for token in [&first, &second] {
        assert_eq!(token.session_id(), "abc");
        assert!(!token.is_expired(now() + 290));
    }
    assert_ne!(first.payload(), second.payload(), "each carries the request that it answers");
}

fn token(html: &str) -> Token {
    let (_, rest) = html.split_once(r#"{"token":""#).unwrap();
    Token::decode(rest.split('"').next().unwrap()).unwrap()
}
