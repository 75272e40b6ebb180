//! What the log says of user code that takes long, fails or panics.

use std::sync::mpsc;
use std::time::Duration;

use bokeh_document::{Document, DocumentHandle};
use bokeh_protocol::Value;
use bokeh_server::{RunningServer, Settings};

use crate::client::Client;
use crate::log;
use crate::server::{settings, start};

#[tokio::test]
async fn a_callback_that_takes_long_is_named_while_it_runs_and_at_its_end() {
    let route = "/takes-long";
    let settings = Settings { slow_callback: Some(Duration::from_millis(1)), ..settings() };
    let (_server, _client, document) = session(route, settings).await;
    let (release, gate) = mpsc::channel::<()>();
    let block = move |doc: &mut Document| {
        let slider = doc.model_by_name("slider").unwrap();
        doc.on_change(slider, "value", move |_, _| gate.recv()).unwrap();
        let id = doc.wire_id(slider).unwrap().to_owned();
        doc.set_value(slider, "value", Value::from(5)).unwrap();
        id
    };
    let id = tokio::spawn(document.update(block));
    logged(route, ".value has run for ").await;
    release.send(()).unwrap();
    let id = id.await.unwrap().unwrap();
    logged(route, &format!("the callback of Slider({id}).value took ")).await;
}

#[tokio::test]
async fn what_fails_beside_the_document_is_logged_with_its_session() {
    let route = "/fails-beside";
    let (_server, _client, document) = session(route, settings()).await;
    let begin = |doc: &mut Document| {
        doc.spawn(async |_| Err("no answer"));
        doc.spawn(async |_| breaks("no task"));
        doc.run_in_background(|| breaks("no work"), |_, ()| ());
    };
    document.update(begin).await.unwrap();
    document.post(|_| Err("no job")).unwrap();
    for (what, problem) in [
        ("task spawned", "failed: no answer"),
        ("task spawned", "panicked: no task"),
        ("background work begun", "panicked: no work"),
        ("job posted", "failed: no job"),
    ] {
        let line = logged(route, problem).await;
        assert!(line.contains("ERROR") && line.contains(&format!("the {what} at {}:", file!())), "{line}");
    }
}

/// A session of the usual application, a connection that keeps it, and the way into its document.
async fn session(route: &str, settings: Settings) -> (RunningServer, Client, DocumentHandle) {
    let server = start(route, settings).await;
    let client = Client::open(server.port(), route, "user-code").await;
    let document = server.session(route, "user-code").unwrap().document().unwrap();
    (server, client, document)
}

fn breaks(why: &str) {
    assert!(why.is_empty(), "{why}");
}

/// Waits for a line about an application.
async fn logged(route: &str, text: &str) -> String {
    loop {
        if let Some(line) = log::lines_with(route).into_iter().find(|line| line.contains(text)) {
            return line;
        }
        tokio::task::yield_now().await;
    }
}
