//! How sessions end.

use std::sync::Arc;
use std::time::Duration;

use bokeh_application::{Application, SessionContext};
use bokeh_document::Document;
use bokeh_protocol::Token;
use bokeh_server::{Server, Settings};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::client::{Client, page};
use crate::log;
use crate::server::settings;

#[tokio::test]
async fn two_hundred_sessions_come_and_go_and_leave_nothing_behind() {
    log::start();
    // What every document holds on to, until it is dropped.
    let held = Arc::new(());
    let (n_ended, mut ended) = watch::channel(0);
    let holder = held.clone();
    let app = Application::new(move |doc: &mut Document| {
        let held = holder.clone();
        doc.add_periodic_callback(Duration::from_secs(3600), move |_: &mut Document| drop(held.clone()));
    })
    .on_session_destroyed(move |_: &SessionContext| n_ended.send_modify(|n| *n += 1));
    let n_held = Arc::strong_count(&held);
    let settings = Settings {
        max_sessions: N_SESSIONS,
        // Long enough for a page to connect.
        unused_session_lifetime: Duration::from_secs(1),
        check_unused_sessions: Duration::from_millis(10),
        ..settings()
    };
    let server = Server::builder().settings(settings).app("/app", app).start().await.unwrap();

    let mut clients = Vec::new();
    for _session in 0..N_SESSIONS {
        let token = token_in(&page(server.port(), "/app").await.1);
        let mut client = Client::open_with(server.port(), "/app", &token).await;
        client.message().await;
        clients.push((Token::decode(&token).unwrap().session_id().to_owned(), client));
    }
    assert_eq!(server.sessions("/app").unwrap().len(), N_SESSIONS);
    assert_eq!(Arc::strong_count(&held), n_held + N_SESSIONS);
    assert_eq!(page(server.port(), "/app").await.0, 503, "there is room for no more");

    for (_, client) in &mut clients {
        client.pull().await;
    }
    let ids: Vec<String> = clients.iter().map(|(id, _)| id.clone()).collect();
    for (_, client) in clients {
        client.leave().await;
    }
    timeout(PATIENCE, ended.wait_for(|n| *n == N_SESSIONS)).await.expect("all sessions end").unwrap();
    assert!(server.sessions("/app").unwrap().is_empty());
    assert!(ids.iter().all(|id| server.session("/app", id).is_none()));
    assert_eq!(Arc::strong_count(&held), n_held, "documents outlive their sessions");
    assert_eq!(page(server.port(), "/app").await.0, 200, "there is room again");
    log::assert_no_panic();
}

/// The token in a page.
fn token_in(page: &str) -> String {
    let (_, rest) = page.split_once(r#""token":"#).expect("a page has a token");
    rest.trim_start().trim_start_matches('"').split('"').next().unwrap().to_owned()
}

const N_SESSIONS: usize = 200;
const PATIENCE: Duration = Duration::from_secs(60);
