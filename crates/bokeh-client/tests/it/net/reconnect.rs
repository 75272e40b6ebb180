//! Sessions that come back after their connection was lost.

use std::time::Duration;

use bokeh_client::{ClientSession, ConnectOptions, ConnectionState, Disconnect, Reconnect, RequestError, Resume};
use bokeh_document::Document;
use bokeh_protocol::{ErrorContent, Message, MessageType, ModelId, Value};

use super::connect;
use super::server::{FakeServer, Peer};

#[tokio::test]
async fn a_lost_session_comes_back_with_its_handles_and_callbacks() {
    let (server, session, peer) = shared(Reconnect::default()).await;
    let id = session.id().to_owned();
    let first_token = token(&peer);
    let slider = session.update(|doc| doc.model_by_wire_id("p1").unwrap()).await.unwrap();
    session.update(move |doc| note_all(doc, slider)).await.unwrap();
    drop(peer);
    let mut peer = server.acknowledge().await;
    assert_eq!(session_id(&first_token), id);
    assert_eq!(token(&peer), first_token, "by which the server knows who comes back");
    peer.give_slider(7).await;
    session.connected().await.unwrap();
    session.wait_until(|doc| doc.title().ends_with("back ")).await.unwrap();
    assert_eq!(session.update(|doc| doc.title().to_owned()).await.unwrap(), "t, value 7, back ");

    // Changes travel again, in both directions.
    session.update(move |doc| doc.set_value(slider, "value", 3.into())).await.unwrap().unwrap();
    loop {
        let message = peer.next().await;
        assert_eq!(message.header.msgtype, MessageType::PatchDoc);
        if message.content["events"][0]["attr"] == "value" {
            break;
        }
    }
    assert!(session.is_connected());
}

#[tokio::test]
async fn meanwhile_requests_fail_and_the_document_can_be_used() {
    let (server, session, peer) = shared(Reconnect::default()).await;
    drop(peer);
    let reason = session.lost().await;
    assert!(matches!(reason, Disconnect::Network(_)), "{reason}");
    assert!(matches!(session.state(), ConnectionState::Lost(_)));
    assert!(!session.is_connected());
    assert!(matches!(session.force_roundtrip().await, Err(RequestError::Lost(Disconnect::Network(_)))));
    session.update(|doc| doc.set_title("meanwhile")).await.unwrap();
    session.wait_until(|doc| doc.title() == "meanwhile").await.unwrap();
    let waiting = session.wait_until(|doc| doc.title() == "t");
    let returning = async {
        let mut peer = server.acknowledge().await;
        peer.give_slider(1).await;
        peer
    };
    let (waited, _peer) = tokio::join!(waiting, returning);
    waited.expect("the end of a connection is not that of the session");
}

#[tokio::test]
async fn a_session_that_pushes_brings_its_document_back() {
    let (server, session, peer) = shared(Reconnect { resume: Resume::Push, ..Reconnect::default() }).await;
    let first_token = token(&peer);
    drop(peer);
    session.lost().await;
    session.update(|doc| doc.set_title("meanwhile")).await.unwrap();
    let mut peer = server.acknowledge().await;
    assert_eq!(session_id(&token(&peer)), session_id(&first_token));
    let push = peer.next().await;
    assert_eq!((push.header.msgtype, &push.content["doc"]["title"]), (MessageType::PushDoc, &"meanwhile".into()));
    assert!(!session.is_connected(), "the server has not taken the document yet");
    peer.send(&Message::ok("s2", push.header.msgid)).await;
    session.connected().await.unwrap();
}

#[tokio::test]
async fn a_server_that_refuses_ends_the_session() {
    let (server, session, peer) = shared(Reconnect::default()).await;
    drop(peer);
    server.answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 21\r\n\r\nThe session has ended").await;
    let reason = session.closed().await;
    let Disconnect::Refused(source) = &reason else { panic!("{reason}") };
    assert_eq!(source.to_string(), "the server refused the connection: 403 The session has ended");
    assert!(matches!(session.pull().await, Err(RequestError::Lost(Disconnect::Refused(_)))));
}

#[tokio::test]
async fn a_server_that_does_not_give_its_document_ends_the_session() {
    let (server, session, peer) = shared(Reconnect::default()).await;
    drop(peer);
    let mut peer = server.acknowledge().await;
    let request = peer.expect(MessageType::PullDocReq).await;
    peer.send(&Message::error("s2", request, &ErrorContent::new("no way"))).await;
    assert_eq!(peer.farewell().await, Some((1000, "the session could not be resumed".to_owned())));
    let reason = session.closed().await;
    let Disconnect::NotResumed(source) = &reason else { panic!("{reason}") };
    assert_eq!(source.to_string(), "the server refused the PULL-DOC-REQ: no way");
}

#[tokio::test]
async fn the_session_ends_after_as_many_attempts_as_are_allowed() {
    let first_delay = Duration::from_millis(1);
    let (server, session, peer) =
        shared(Reconnect { max_attempts: Some(3), first_delay, ..Reconnect::default() }).await;
    drop((server, peer));
    let reason = session.closed().await;
    assert_eq!(reason.to_string(), "the connection was lost, and 3 attempts to come back failed");
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_document_is_there_counts_as_an_attempt() {
    let first_delay = Duration::from_millis(1);
    let (server, session, peer) =
        shared(Reconnect { max_attempts: Some(2), first_delay, ..Reconnect::default() }).await;
    drop(peer);
    for _ in 0..2 {
        server.acknowledge().await.expect(MessageType::PullDocReq).await;
    }
    assert!(matches!(session.closed().await, Disconnect::Network(_)));
}

#[tokio::test]
async fn closing_ends_the_attempts() {
    let (server, session, peer) =
        shared(Reconnect { first_delay: Duration::from_secs(3600), ..Reconnect::default() }).await;
    drop((server, peer));
    session.lost().await;
    session.close().await;
    assert!(matches!(session.closed().await, Disconnect::Closed));
}

#[tokio::test]
async fn what_this_side_ends_does_not_come_back() {
    let (_server, session, mut peer) = shared(Reconnect::default()).await;
    let ((), farewell) = tokio::join!(session.close(), peer.farewell());
    assert_eq!(farewell, Some((1000, "closed".to_owned())));
    assert!(matches!(session.state(), ConnectionState::Ended(Disconnect::Closed)));

    let (_server, session, mut peer) = shared(Reconnect::default()).await;
    peer.send_text("no message").await;
    let (reason, _) = tokio::join!(session.closed(), peer.farewell());
    assert!(matches!(reason, Disconnect::Receive(_)), "it would break again: {reason}");
}

/// A session that has pulled a slider at 1, with its server and the connection.
async fn shared(reconnect: Reconnect) -> (FakeServer, ClientSession, Peer) {
    let server = FakeServer::bind().await;
    let options = ConnectOptions { reconnect: Some(reconnect), ..ConnectOptions::new(server.url()) };
    let (session, mut peer) = tokio::join!(connect(options), server.acknowledge());
    let session = session.unwrap();
    let (pulled, ()) = tokio::join!(session.pull(), peer.give_slider(1));
    pulled.unwrap();
    (server, session, peer)
}

/// Notes in the title what happens.
fn note_all(doc: &mut Document, slider: ModelId) {
    let note = |doc: &mut Document, text: &str| doc.set_title(format!("{}, {text}", doc.title()));
    doc.on_change(slider, "value", move |doc, change| match change.new {
        Value::Int(value) => note(doc, &format!("value {value}")),
        _ => note(doc, "no number"),
    })
    .unwrap();
    doc.on_event(None, "connection_lost", move |doc, _| note(doc, "lost")).unwrap();
    doc.on_event(None, "client_reconnected", move |doc, _| note(doc, "back ")).unwrap();
}

fn token(peer: &Peer) -> String {
    let protocols = peer.request().headers()["sec-websocket-protocol"].to_str().unwrap();
    protocols.strip_prefix("bokeh, ").unwrap().to_owned()
}

fn session_id(token: &str) -> String {
    bokeh_protocol::Token::decode(token).unwrap().session_id().to_owned()
}
