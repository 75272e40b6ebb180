//! Pages and programs that come back after their session has ended.

use std::time::Duration;

use bokeh_application::{Application, SessionContext};
use bokeh_document::Document;
use bokeh_protocol::{Object, Signing, Token};
use bokeh_server::{RunningServer, Server, Settings};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::sockets::{Client, good_token, now, settings, status};

#[tokio::test]
async fn a_page_is_told_in_its_document_that_its_session_has_ended() {
    let (server, ended) = start().await;
    let token = good_token("x");
    let config = visit(&server, &token).await;
    wait_for_end(ended).await;

    let mut page = open_page(&server, &token).await;
    page.request("PULL-DOC-REQ").await;
    let (_, notice) = message(&mut page).await;
    assert_eq!(notice["events"][0]["kind"], "RootAdded");
    assert!(notice.to_string().contains("This session has ended"), "{notice}");
    let (_, peace) = message(&mut page).await;
    let expected =
        json!({ "kind": "ModelChanged", "model": { "id": config }, "attr": "reconnect_session", "new": false });
    assert_eq!(peace["events"], json!([expected]));
    let (header, error) = message(&mut page).await;
    assert_eq!((header["msgtype"].as_str(), header["reqid"].as_str()), (Some("ERROR"), Some("r1")));
    assert_eq!(error["text"], "the session has ended");
    assert_eq!(page.close().await, Some((1001, "the session has ended".to_owned())));
    assert!(server.sessions("/app").unwrap().is_empty(), "nobody was given a new session");
}

#[tokio::test]
async fn a_program_is_refused_after_its_session_has_ended() {
    let (server, ended) = start().await;
    let token = good_token("x");
    visit(&server, &token).await;
    wait_for_end(ended).await;
    assert_eq!(status(&Client::open(&server, &token).await), 410);
}

#[tokio::test]
async fn what_is_not_a_request_for_the_document_is_refused() {
    let (server, ended) = start().await;
    let token = good_token("x");
    visit(&server, &token).await;
    wait_for_end(ended).await;
    let mut page = open_page(&server, &token).await;
    page.request("SERVER-INFO-REQ").await;
    assert_eq!(message(&mut page).await.0["msgtype"], "ERROR");
    page.request("PULL-DOC-REQ").await;
    assert_eq!(message(&mut page).await.0["msgtype"], "PATCH-DOC");
}

#[tokio::test]
async fn an_id_is_free_for_new_pages_after_its_session_has_ended() {
    let (server, ended) = start().await;
    let old = good_token("x");
    visit(&server, &old).await;
    wait_for_end(ended).await;
    let new = Token::new("x").expires_at(now() + 100).encode(&Signing::Unsigned).unwrap();
    let mut page = open_page(&server, &new).await;
    page.request("PULL-DOC-REQ").await;
    assert_eq!(page.message().await["msgtype"], "PULL-DOC-REPLY");
    // The old page does not slip into the new session.
    assert_eq!(status(&Client::open(&server, &old).await), 410);
}

#[tokio::test]
async fn a_page_that_nobody_knows_any_more_gets_a_document_that_says_so() {
    let (server, _ended) = start().await;
    let expired = Token::new("x").expires_at(now() - 1).encode(&Signing::Unsigned).unwrap();
    assert_eq!(status(&Client::open(&server, &expired).await), 403);
    let mut page = open_page(&server, &expired).await;
    page.request("PULL-DOC-REQ").await;
    let (header, content) = message(&mut page).await;
    assert_eq!(header["msgtype"], "PULL-DOC-REPLY");
    assert_eq!(content["doc"]["title"], "This session has ended");
    assert_eq!(content["doc"]["config"]["attributes"]["reconnect_session"], false);
    assert!(server.sessions("/app").unwrap().is_empty());
}

/// A server whose sessions do not last, and the number of them that have ended.
async fn start() -> (RunningServer, watch::Receiver<usize>) {
    let (n_ended, ended) = watch::channel(0);
    let app = Application::new(|doc: &mut Document| {
        doc.add_root(Object { name: "Div".into(), id: None, attributes: vec![("text".into(), "hello".into())] });
    })
    .on_session_destroyed(move |_: &SessionContext| n_ended.send_modify(|n| *n += 1));
    let settings = Settings {
        unused_session_lifetime: Duration::from_millis(100),
        lost_session_lifetime: Duration::from_millis(100),
        check_unused_sessions: Duration::from_millis(10),
        ..settings()
    };
    (Server::builder().settings(settings).app("/app", app).start().await.unwrap(), ended)
}

/// Opens a session, looks at its document, and goes away. Returns the id of the document's configuration.
async fn visit(server: &RunningServer, token: &str) -> Value {
    let mut client = Client::open(server, token).await.unwrap();
    assert_eq!(client.message().await["msgtype"], "ACK");
    client.request("PULL-DOC-REQ").await;
    let (_, content) = message(&mut client).await;
    content["doc"]["config"]["id"].clone()
}

async fn wait_for_end(mut ended: watch::Receiver<usize>) {
    ended.wait_for(|n| *n > 0).await.unwrap();
}

/// Connects as a browser does, up to the greeting.
async fn open_page(server: &RunningServer, token: &str) -> Client {
    let (origin, protocols) = (format!("http://localhost:{}", server.port()), format!("bokeh, {token}"));
    let headers = [("origin", origin.as_str()), ("sec-websocket-protocol", protocols.as_str())];
    let mut page = Client::open_with(server, &headers).await.unwrap();
    assert_eq!(page.message().await["msgtype"], "ACK");
    page
}

/// Header and content of the next message, which has no buffers.
async fn message(client: &mut Client) -> (Value, Value) {
    let [header, _metadata, content] = [client.text().await, client.text().await, client.text().await];
    (serde_json::from_str(&header).unwrap(), serde_json::from_str(&content).unwrap())
}
