//! Starting and stopping.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use bokeh_application::{Application, ServerContext};
use bokeh_document::Document;
use bokeh_server::{BokehJs, Server, ServerBuilder, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

#[tokio::test]
async fn a_started_server_answers_until_it_is_stopped() {
    let server = builder().start().await.unwrap();
    let port = server.port();
    assert_eq!(server.url("/app"), format!("http://localhost:{port}/app"));
    assert!(server.addresses().iter().all(|address| address.port() == port && address.ip().is_loopback()));
    assert!(get(port, "/app").await.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(get(port, "/nope").await.contains("<body>404: Not Found<p><a href=\"/\">"));
    assert!(
        get(port, "/app?bokeh-session-id=a&bokeh-token=b")
            .await
            .starts_with("HTTP/1.1 403 Both token and session ID were provided\r\n")
    );
    server.stop().await;
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
}

#[tokio::test]
async fn a_server_serves_from_a_listener_of_its_caller() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = builder().start_on(listener).await.unwrap();
    assert_eq!(server.port(), port);
    assert!(get(port, "/app").await.starts_with("HTTP/1.1 200 OK\r\n"));
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let holder = TcpListener::bind(taken).await.unwrap();
    let port = holder.local_addr().unwrap().port();
    for (address, expected) in [
        (
            "127.0.0.1",
            format!(
                "Cannot start Bokeh server, port {port} is already in use; choose another one, or 0 for any that is free"
            ),
        ),
        ("192.0.2.1", "Cannot start Bokeh server, address '192.0.2.1' not available".to_owned()),
    ] {
        let error = builder().address(address).port(port).start().await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn hooks_run_at_start_and_stop() {
    let (is_loaded, is_unloaded) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (loaded, unloaded) = (is_loaded.clone(), is_unloaded.clone());
    let app = Application::empty()
        .on_server_loaded(move |_: &ServerContext| loaded.store(true, Ordering::Relaxed))
        .on_server_unloaded(move |_: &ServerContext| unloaded.store(true, Ordering::Relaxed));
    let server = Server::builder().settings(settings()).app("/app", app).start().await.unwrap();
    assert!(is_loaded.load(Ordering::Relaxed) && !is_unloaded.load(Ordering::Relaxed));
    server.stop().await;
    assert!(is_unloaded.load(Ordering::Relaxed));
}

#[tokio::test]
async fn stopping_ends_all_sessions() {
    let server = builder().start().await.unwrap();
    get(server.port(), "/app?bokeh-session-id=x").await;
    let session = server.session("/app", "x").unwrap();
    server.stop().await;
    assert!(session.has_ended());
    assert!(session.document().unwrap().post(|_| {}).is_err());
}

#[tokio::test]
async fn an_application_that_blocks_keeps_no_other_from_its_end() {
    let (release, gate) = mpsc::channel::<()>();
    let (tell, mut told) = watch::channel(());
    let good = Application::empty().on_server_unloaded(move |_: &ServerContext| tell.send_replace(()));
    let builder = builder().app("/good", good);
    let server = builder.start().await.unwrap();
    get(server.port(), "/app?bokeh-session-id=x").await;
    let blocked = server.session("/app", "x").unwrap().document().unwrap();
    blocked.post(move |_| gate.recv()).unwrap();
    let stopping = tokio::spawn(server.stop());
    tokio::time::timeout(Duration::from_secs(10), told.changed()).await.expect("the other one ends").unwrap();
    release.send(()).unwrap();
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_dropped_leaves_no_documents_behind() {
    let kept = Arc::new(());
    let in_documents = kept.clone();
    let app = move |doc: &mut Document| {
        let in_document = in_documents.clone();
        doc.on_session_destroyed(move |_| drop(in_document.clone()));
    };
    let server = Server::builder().settings(settings()).app("/app", app).start().await.unwrap();
    for _session in 0..20 {
        get(server.port(), "/app").await;
    }
    assert!(Arc::strong_count(&kept) > 20);
    drop(server);
    let dropped = async {
        while Arc::strong_count(&kept) > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), dropped).await.expect("the documents are gone");
}

#[tokio::test]
async fn a_page_that_is_not_there_is_not_shown() {
    let server = builder().start().await.unwrap();
    for route in ["/nope", "app"] {
        assert!(server.show(route).unwrap_err().to_string().starts_with("there is no application at"));
    }
}

fn builder() -> ServerBuilder {
    Server::builder().settings(settings()).app("/app", |_: &mut Document| {})
}

fn settings() -> Settings {
    Settings { port: 0, bokehjs: BokehJs::Cdn, session_threads: 2, ..Settings::default() }
}

async fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
