//! A proxy says who asks.

use bokeh_application::SessionContext;
use bokeh_application::auth::{ProxyHeader, User};
use bokeh_document::Document;
use bokeh_server::{RunningServer, Server, Settings};

use crate::operations::get;
use crate::sockets::{Client, good_token, settings, status};

#[tokio::test]
async fn only_the_word_of_a_trusted_proxy_counts() {
    for (proxies, headers, expected) in [
        (&[][..], "X-User: ann\r\n", "<title>ann</title>"),
        (&["127.0.0.0/8", "::1"], "X-User: ann\r\nX-Forwarded-For: 192.0.2.1\r\n", "<title>ann</title>"),
        (&["10.0.0.0/8"], "X-User: ann\r\n", "This server answers its proxy only"),
        (&["10.0.0.0/8"], "X-User: ann\r\nX-Real-Ip: 10.0.0.1\r\n", "This server answers its proxy only"),
        (&[], "", "The proxy does not say who you are"),
        (&[], "X-User: ann\r\nX-User: eve\r\n", "The proxy does not say who you are"),
    ] {
        let server = serve(proxies).await;
        let answer = get(&server, "/app", headers).await;
        assert!(answer.body.contains(expected), "{proxies:?} {headers}: {}", answer.body);
        assert_eq!(answer.status, if expected.starts_with('<') { 200 } else { 403 });
    }
}

#[tokio::test]
async fn a_websocket_is_the_users_of_its_page() {
    let server = serve(&[]).await;
    assert_eq!(get(&server, "/app?bokeh-session-id=x", "X-User: ann\r\n").await.status, 200);
    let protocols = format!("bokeh, {}", good_token("x"));
    for (name, expected) in [(Some("ann"), 101), (Some("bob"), 403), (None, 403)] {
        let mut headers = vec![("sec-websocket-protocol", &*protocols)];
        headers.extend(name.map(|name| ("x-user", name)));
        let opened = Client::open_with(&server, &headers).await;
        assert_eq!(if opened.is_ok() { 101 } else { status(&opened) }, expected, "{name:?}");
    }
}

#[tokio::test]
async fn a_server_that_trusts_no_proxy_does_not_start() {
    let server = Server::builder().settings(settings()).auth(ProxyHeader::new("X-User"));
    let error = server.start().await.unwrap_err().to_string();
    assert!(error.contains("--use-xheaders"), "{error}");
}

async fn serve(proxies: &[&str]) -> RunningServer {
    let trusted_proxies = proxies.iter().map(|proxy| (*proxy).to_owned()).collect();
    let settings = Settings { use_xheaders: true, trusted_proxies, ..settings() };
    let app = |doc: &mut Document, session: &SessionContext| {
        doc.set_title(session.user().map_or("nobody", User::name).to_owned());
    };
    Server::builder().settings(settings).auth(ProxyHeader::new("X-User")).app("/app", app).start().await.unwrap()
}
