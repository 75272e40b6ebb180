//! User code that blocks.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use bokeh_application::{Application, SessionContext};
use bokeh_document::Document;
use bokeh_server::{BokehJs, Server, Settings};
use tokio::sync::{oneshot, watch};

use crate::pages::page;

#[tokio::test]
async fn an_application_that_blocks_keeps_no_other_page_waiting() {
    let (release, blocked) = gate();
    let server = Server::builder()
        .settings(settings())
        .app("/slow", move |_: &mut Document| blocked())
        .app("/fast", |_: &mut Document| {})
        .build()
        .unwrap();
    let slow = tokio::spawn({
        let server = server.clone();
        async move { page(&server, "/slow").await }
    });
    page(&server, "/fast").await;
    assert!(!slow.is_finished());
    release.send(()).unwrap();
    slow.await.unwrap();
}

#[tokio::test]
async fn a_callback_that_blocks_stops_no_clock_of_another_session() {
    let (count, mut ticks) = watch::channel(0);
    let count = Arc::new(count);
    let server = Server::builder()
        .settings(settings())
        .app("/clock", move |doc: &mut Document| {
            let count = count.clone();
            doc.add_periodic_callback(Duration::from_millis(5), move |_| count.send_modify(|count| *count += 1));
        })
        .app("/slow", |_: &mut Document| {})
        .build()
        .unwrap();
    page(&server, "/clock").await;
    page(&server, "/slow?bokeh-session-id=x").await;

    let (release, blocked) = gate();
    let (tell, has_blocked) = oneshot::channel();
    let mut tell = Some(tell);
    let slow = server.session("/slow", "x").unwrap().document().unwrap();
    slow.post(move |doc| {
        // From a timer, so that the thread that keeps the time is the one to be blocked.
        doc.add_timeout_callback(Duration::from_millis(1), move |_| {
            tell.take().unwrap().send(()).unwrap();
            blocked();
        });
    })
    .unwrap();
    has_blocked.await.unwrap();
    let before: usize = *ticks.borrow();
    let goes_on = ticks.wait_for(|count| *count >= before + 5);
    tokio::time::timeout(Duration::from_secs(10), goes_on).await.expect("the clock goes on").unwrap();
    release.send(()).unwrap();
}

#[tokio::test]
async fn what_a_callback_posts_elsewhere_runs_even_if_it_then_blocks() {
    let server = Server::builder().settings(settings()).app("/app", |_: &mut Document| {}).build().unwrap();
    page(&server, "/app?bokeh-session-id=slow").await;
    page(&server, "/app?bokeh-session-id=other").await;
    let document = |id| server.session("/app", id).unwrap().document().unwrap();
    let other = document("other");
    let (release, blocked) = gate();
    let (tell, told) = oneshot::channel();
    document("slow")
        .post(move |_| {
            other.post(move |_| tell.send(()).unwrap()).unwrap();
            blocked();
        })
        .unwrap();
    tokio::time::timeout(Duration::from_secs(10), told).await.expect("the other session goes on").unwrap();
    release.send(()).unwrap();
}

#[tokio::test]
async fn user_code_can_wait_for_what_is_asynchronous() {
    let app = |doc: &mut Document| {
        let io = tokio::runtime::Handle::current();
        let title = io.block_on(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            tokio::spawn(async { "fetched" }).await
        })?;
        doc.set_title(title);
        Ok::<_, tokio::task::JoinError>(())
    };
    let server = Server::builder().settings(settings()).app("/app", app).build().unwrap();
    assert!(page(&server, "/app").await.contains("<title>fetched</title>"));
}

#[tokio::test]
async fn a_callback_that_blocks_lets_other_sessions_end() {
    let (release, blocked) = gate();
    let (blocked, (tell, mut told)) = (Arc::new(blocked), tokio::sync::mpsc::channel(8));
    let end = tell.clone();
    let app = Application::new(move |_: &mut Document, session: &SessionContext| {
        let (tell, blocked) = (tell.clone(), blocked.clone());
        if session.id() == "slow" {
            session.document().ok_or("no handle")?.post(move |_| {
                tell.try_send("blocked".to_owned()).unwrap();
                blocked();
            })?;
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    })
    .on_session_destroyed(move |session: &SessionContext| end.try_send(session.id().to_owned()));
    let (unused_session_lifetime, check_unused_sessions) = (Duration::from_millis(1), Duration::from_millis(5));
    let settings = Settings { unused_session_lifetime, check_unused_sessions, ..settings() };
    let server = Server::builder().settings(settings).app("/app", app).build().unwrap();
    let get = |path: &'static str| {
        let server = server.clone();
        tokio::spawn(async move { page(&server, path).await })
    };
    drop(get("/app?bokeh-session-id=slow"));
    assert_eq!(told.recv().await.unwrap(), "blocked");
    while server.session("/app", "slow").is_some() {
        tokio::task::yield_now().await;
    }
    drop(get("/app?bokeh-session-id=other"));
    let first = tokio::time::timeout(Duration::from_secs(10), told.recv()).await.expect("the other session ends");
    assert_eq!(first.unwrap(), "other");
    release.send(()).unwrap();
    assert_eq!(told.recv().await.unwrap(), "slow");
}

/// Ten sessions in which user code blocks at the same moment, each begun in its own way, are nothing to an eleventh: not
/// even when they are the first that the server does.
#[tokio::test]
async fn ten_sessions_that_block_from_the_start_keep_no_other_waiting() {
    type Begin = fn(&mut Document, Box<dyn FnMut() + Send>);
    let cases: [(&str, Begin); 4] = [
        ("a callback", |doc, mut block| {
            doc.add_next_tick_callback(move |_| block());
        }),
        ("a job", |doc, mut block| doc.handle().unwrap().post(move |_| block()).unwrap()),
        ("a task", |doc, mut block| {
            doc.spawn(async move |_| block());
        }),
        ("background work", |doc, block| {
            doc.run_in_background(block, |_, ()| ());
        }),
    ];
    for (what, begin) in cases {
        const N: usize = 10;
        let (release, blocked) = gate();
        let (blocked, (tell, mut told)) = (Arc::new(blocked), tokio::sync::mpsc::channel(N));
        let app = move |doc: &mut Document| {
            let (blocked, tell) = (blocked.clone(), tell.clone());
            let block = move || {
                tell.try_send(()).unwrap();
                blocked();
            };
            begin(doc, Box::new(block));
        };
        let settings = Settings { session_threads: 16, ..settings() };
        let server =
            Server::builder().settings(settings).app("/slow", app).app("/fast", |_: &mut Document| {}).build().unwrap();
        let pages: Vec<_> = (0..N)
            .map(|_| {
                let server = server.clone();
                tokio::spawn(async move { page(&server, "/slow").await })
            })
            .collect();
        for _ in 0..N {
            told.recv().await.unwrap();
        }
        let others = async {
            page(&server, "/fast?bokeh-session-id=x").await;
            let document = server.session("/fast", "x").unwrap().document().unwrap();
            for _ in 0..100 {
                document.update(|doc| doc.set_title("changed")).await.unwrap();
            }
        };
        tokio::time::timeout(Duration::from_secs(10), others).await.expect(what);
        // All ten still block: none was let go.
        for _ in 0..N {
            release.send(()).unwrap();
        }
        for page in pages {
            page.await.unwrap();
        }
    }
}

/// A sender that opens the gate, and a function that waits until it is open.
fn gate() -> (mpsc::Sender<()>, impl Fn() + Send + Sync + 'static) {
    let (sender, receiver) = mpsc::channel();
    let receiver = std::sync::Mutex::new(receiver);
    (sender, move || receiver.lock().unwrap().recv().unwrap_or_default())
}

fn settings() -> Settings {
    Settings { bokehjs: BokehJs::Cdn, session_threads: 4, ..Settings::default() }
}
