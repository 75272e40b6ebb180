//! What runs beside the documents of sessions.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use bokeh_document::{Document, DocumentHandle};
use bokeh_server::{BokehJs, Server, Settings};
use tokio::sync::{Notify, oneshot};

use crate::pages::page;

#[tokio::test]
async fn spawned_tasks_use_tokio_and_update_the_document() {
    let done = Arc::new(Notify::new());
    let tell = done.clone();
    let app = move |doc: &mut Document| {
        let tell = tell.clone();
        doc.spawn(async move |document: DocumentHandle| {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let title = tokio::spawn(async { "fetched" }).await?;
            document.update(move |doc| doc.set_title(title)).await?;
            tell.notify_one();
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        });
    };
    let (_server, document) = session(app).await;
    done.notified().await;
    assert_eq!(document.update(|doc| doc.title().to_owned()).await.as_deref(), Ok("fetched"));
}

#[tokio::test]
async fn background_work_comes_back_into_the_document() {
    let (_server, document) = session(|_: &mut Document| {}).await;
    let (tell, told) = oneshot::channel();
    let begin = move |doc: &mut Document| {
        let work = || tokio::runtime::Handle::current().block_on(async { 6 * 7 });
        doc.run_in_background(work, |doc, answer| {
            doc.set_title(format!("{answer}"));
            tell.send(()).unwrap();
        });
    };
    document.update(begin).await.unwrap();
    told.await.unwrap();
    assert_eq!(document.update(|doc| doc.title().to_owned()).await.as_deref(), Ok("42"));
}

#[tokio::test]
async fn spawned_tasks_end_with_their_session() {
    let (server, document) = session(|_: &mut Document| {}).await;
    let (tell, told) = oneshot::channel::<()>();
    let spawn = move |doc: &mut Document| {
        doc.spawn(async move |_| {
            std::future::pending::<()>().await;
            drop(tell);
        });
    };
    document.update(spawn).await.unwrap();
    server.shut_down().await;
    // The task was dropped, and the sender with it.
    assert!(told.await.is_err());
    assert!(document.update(|_| ()).await.is_err());
}

#[tokio::test]
async fn the_document_is_told_of_the_end_of_its_session() {
    let (tell, told) = mpsc::channel();
    let app = move |doc: &mut Document| {
        let tell = tell.clone();
        doc.on_session_destroyed(move |doc| tell.send(doc.title().to_owned()));
    };
    let (server, document) = session(app).await;
    document.update(|doc| doc.set_title("the last")).await.unwrap();
    server.shut_down().await;
    assert_eq!(told.try_recv().as_deref(), Ok("the last"));
}

#[tokio::test]
async fn an_update_waits_while_too_many_jobs_do() {
    let (_server, document) = session(|_: &mut Document| {}).await;
    let (release, gate) = mpsc::channel::<()>();
    document.post(move |_| gate.recv()).unwrap();
    while document.post(|doc| doc.set_title("more")).is_ok() {}
    let update = tokio::spawn(document.update(|doc| doc.title().to_owned()));
    release.send(()).unwrap();
    assert_eq!(update.await.unwrap().as_deref(), Ok("more"));
}

/// A server with one session of an application, and the way into its document.
async fn session(app: impl Fn(&mut Document) + Send + Sync + 'static) -> (Server, DocumentHandle) {
    let settings = Settings { bokehjs: BokehJs::Cdn, session_threads: 2, ..Settings::default() };
    let server = Server::builder().settings(settings).app("/app", app).build().unwrap();
    page(&server, "/app?bokeh-session-id=x").await;
    let document = server.session("/app", "x").unwrap().document().unwrap();
    (server, document)
}
