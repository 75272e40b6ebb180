//! Sessions of programs without a runtime.

use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bokeh_client::blocking::{ClientSession, OpenError, pull_session, push_session};
use bokeh_client::{ConnectError, ConnectOptions, Disconnect, RequestError, WaitError};
use bokeh_document::Document;
use bokeh_protocol::{EncodedEvent, ErrorContent, Message, MessageType, ServerInfo, Value};

use super::server::{FakeServer, Peer};

const LONG: Duration = Duration::from_secs(60);

#[test]
fn every_call_waits_for_its_outcome() {
    let info = ServerInfo { bokeh: "3.9.2".into(), server: "1".into() };
    let answer = info.clone();
    let (url, server) = serve(async move |mut peer: Peer| {
        peer.give_slider(1).await;
        assert_eq!(peer.next().await.content["events"][0]["new"], 5);
        let request = peer.expect(MessageType::ServerInfoReq).await;
        peer.send(&Message::server_info_reply("s3", request, &answer)).await;
        let request = peer.expect(MessageType::ServerInfoReq).await;
        peer.send(&Message::server_info_reply("s4", request, &answer)).await;
        let request = peer.expect(MessageType::PushDoc).await;
        peer.send(&Message::error("s5", request, &ErrorContent::new("no way"))).await;
        assert_eq!(peer.farewell().await, Some((1000, "closed".to_owned())));
    });
    let session = pull_session(url).unwrap();
    let value = session.update(|doc| {
        let slider = doc.model_by_wire_id("p1").unwrap();
        doc.set_value(slider, "value", 5.into()).unwrap();
        doc.value(slider, "value").unwrap()
    });
    assert_eq!(value.unwrap(), Value::Int(5));
    session.force_roundtrip().unwrap();
    assert_eq!(session.request_server_info().unwrap(), info);
    assert!(matches!(session.push(), Err(RequestError::Refused { .. })));
    assert!(session.is_connected());
    session.close();
    assert!(matches!(session.closed(), Disconnect::Closed));
    assert!(matches!(session.pull(), Err(RequestError::Lost(_))));
    server.join().unwrap();
}

#[test]
fn changes_arrive_and_callbacks_run_between_calls() {
    let (url, server) = serve(async |mut peer: Peer| {
        peer.give_slider(1).await;
        let ready = peer.expect(MessageType::PatchDoc).await;
        peer.send(&Message::ok("s3", ready)).await;
        let change = r#"{"kind":"ModelChanged","model":{"id":"p1"},"attr":"value","new":7}"#;
        peer.send(&Message::patch_doc("s4", [&EncodedEvent::new(change, [])])).await;
        peer.farewell().await;
    });
    let session = pull_session(url).unwrap();
    let (sender, seen) = mpsc::channel();
    let also = sender.clone();
    session
        .update(move |doc| {
            let slider = doc.model_by_wire_id("p1").unwrap();
            doc.on_change(slider, "value", move |_, change| sender.send(format!("{:?}", change.new))).unwrap();
            doc.add_timeout_callback(Duration::from_millis(1), move |_| also.send("timeout".to_owned()));
            doc.set_title("ready");
        })
        .unwrap();
    let mut happened = [seen.recv_timeout(LONG).unwrap(), seen.recv_timeout(LONG).unwrap()];
    happened.sort();
    assert_eq!(happened, ["Int(7)", "timeout"]);
    session.wait_until(LONG, |doc| doc.title() == "ready").unwrap();
    let error = session.wait_until(Duration::from_millis(10), |_| false).unwrap_err();
    assert!(matches!(error, WaitError::Timeout(_)), "{error}");
    drop(session);
    server.join().unwrap();
}

#[test]
fn the_last_handle_says_goodbye() {
    let (url, server) = serve(async |mut peer: Peer| {
        let request = peer.expect(MessageType::PushDoc).await;
        peer.send(&Message::ok("s2", request)).await;
        assert_eq!(peer.farewell().await, Some((1000, "closed".to_owned())));
    });
    let session = push_session(url, Document::new()).unwrap();
    let other = session.clone();
    drop(session);
    assert!(other.is_connected());
    drop(other);
    server.join().unwrap();
}

#[test]
fn a_session_that_is_not_opened_says_why() {
    let options = ConnectOptions::new("ftp://host");
    let OpenError::Open(bokeh_client::OpenError::Connect(ConnectError::Url(error))) =
        ClientSession::pulled(options).unwrap_err()
    else {
        panic!("another error")
    };
    assert!(error.to_string().contains("ftp://host"));
}

/// Serves one connection in a thread of its own.
fn serve<F: Future<Output = ()>>(script: impl FnOnce(Peer) -> F + Send + 'static) -> (String, JoinHandle<()>) {
    let (sender, url) = mpsc::channel();
    let server = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = FakeServer::bind().await;
            sender.send(server.url()).unwrap();
            script(server.acknowledge().await).await;
        });
    });
    (url.recv().unwrap(), server)
}
