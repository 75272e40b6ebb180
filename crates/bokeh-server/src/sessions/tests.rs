use std::sync::atomic::{AtomicUsize, Ordering};

use bokeh_application::{Handler, HandlerFuture, HttpRequest};
use bokeh_document::Document;
use bokeh_protocol::Payload;
use tokio::sync::watch;
use tokio::time::{advance, timeout};

use super::*;
use crate::settings::Validation;

#[tokio::test(start_paused = true)]
async fn whoever_asks_for_an_id_gets_the_same_session() {
    let n_made = Arc::new(AtomicUsize::new(0));
    let sessions = sessions(counting(&n_made));
    let (a, b, other) = tokio::join!(get(&sessions, "the id"), get(&sessions, "the id"), get(&sessions, "another id"));
    assert!(Arc::ptr_eq(&a, &b));
    assert!(!Arc::ptr_eq(&a, &other));
    assert!(Arc::ptr_eq(&a, &get(&sessions, "the id").await));
    assert!(Arc::ptr_eq(&a, &sessions.find("the id").unwrap()));
    assert_eq!(n_made.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_given_up_stops_no_session_from_being_made() {
    let n_made = Arc::new(AtomicUsize::new(0));
    let sessions = sessions(counting(&n_made));
    assert!(timeout(Duration::ZERO, get(&sessions, "x")).await.is_err());
    get(&sessions, "x").await;
    assert_eq!(n_made.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn an_id_is_free_again_after_a_failure() {
    let n_calls = Arc::new(AtomicUsize::new(0));
    let calls = n_calls.clone();
    let app = Application::new(move |_: &mut Document| match calls.fetch_add(1, Ordering::Relaxed) {
        0 => Err("not yet"),
        1 => panic!("at the wrong moment"),
        _ => Ok(()),
    });
    let sessions = sessions(app);
    let (first, waiting) = tokio::join!(try_get(&sessions, "x"), try_get(&sessions, "x"));
    for result in [first, waiting] {
        assert!(matches!(result, Err(CreateSessionError::Build(_))));
    }
    let Err(CreateSessionError::Panicked(message)) = try_get(&sessions, "x").await else { panic!("it panicked") };
    assert_eq!(&*message, "at the wrong moment");
    assert!(sessions.find("x").is_none());
    get(&sessions, "x").await;
    assert_eq!(sessions.host().vacancies.n_free(), MAX_SESSIONS - 1);
}

#[tokio::test(start_paused = true)]
async fn there_are_no_more_sessions_than_there_may_be() {
    let sessions = sessions(Application::empty());
    let all: Vec<_> = futures_util::future::join_all((0..MAX_SESSIONS).map(|n| {
        let sessions = sessions.clone();
        async move { get(&sessions, &n.to_string()).await }
    }))
    .await;
    assert!(matches!(try_get(&sessions, "one more").await, Err(CreateSessionError::Full)));
    discard(&sessions, &all[0]).await;
    drop(all);
    get(&sessions, "one more").await;
}

#[tokio::test(start_paused = true)]
async fn a_session_is_kept_for_its_lifetime() {
    // How the last connection ended, how long ago that is in seconds, whether the session is still there.
    for (departure, secs, is_kept) in [
        (None, 15, true),
        (None, 16, false),
        (Some(Departure::Goodbye), 15, true),
        (Some(Departure::Goodbye), 16, false),
        (Some(Departure::Lost), 16, true),
        (Some(Departure::Lost), 600, true),
        (Some(Departure::Lost), 601, false),
    ] {
        let sessions = sessions(Application::empty());
        let session = get(&sessions, "x").await;
        if let Some(departure) = departure {
            let visit = visit(&session).unwrap();
            advance(Duration::from_secs(3600)).await;
            visit.leave(departure);
        }
        advance(Duration::from_secs(secs)).await;
        sessions.discard_unused().await;
        assert_eq!(sessions.find("x").is_some(), is_kept, "{departure:?} {secs}");
        assert_eq!(session.context.has_ended(), !is_kept);
        assert_eq!(visit(&session).is_ok(), is_kept);
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_in_use_is_kept() {
    let sessions = sessions(Application::empty());
    let session = get(&sessions, "x").await;
    let (one, two) = (visit(&session).unwrap(), visit(&session).unwrap());
    one.leave(Departure::Goodbye);
    advance(Duration::from_secs(3600)).await;
    sessions.discard_unused().await;
    assert!(sessions.find("x").is_some());
    two.leave(Departure::Goodbye);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_lost_keeps_the_session_until_its_page_is_back() {
    // What the lost page does next, after how many seconds the session is looked for, whether it is still there.
    for (comes_back, secs, is_kept) in [(false, 16, true), (false, 601, false), (true, 15, true), (true, 16, false)] {
        let sessions = sessions(Application::empty());
        let session = get(&sessions, "x").await;
        let (lost, other) = (visit(&session).unwrap(), session.visit(TokenId::of("another token")).unwrap());
        lost.leave(Departure::Lost);
        if comes_back {
            visit(&session).unwrap().leave(Departure::Goodbye);
        }
        other.leave(Departure::Goodbye);
        advance(Duration::from_secs(secs)).await;
        sessions.discard_unused().await;
        assert_eq!(sessions.find("x").is_some(), is_kept, "{comes_back} {secs}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_was_just_made_has_time_to_connect() {
    let sessions = sessions(Application::empty());
    get(&sessions, "x").await;
    for _page in 0..3 {
        advance(Duration::from_secs(14)).await;
        get(&sessions, "x").await;
        sessions.discard_unused().await;
    }
    assert!(sessions.find("x").is_some());
}

#[tokio::test(start_paused = true)]
async fn unused_sessions_are_found_from_time_to_time() {
    let sessions = sessions(Application::empty());
    let session = get(&sessions, "x").await;
    tokio::spawn(sessions.discard_unused_every(Duration::from_secs(17)));
    while sessions.find("x").is_some() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(session.context.has_ended());
}

#[tokio::test(start_paused = true)]
async fn a_session_has_no_more_connections_than_it_may_have() {
    let sessions = sessions(Application::empty());
    let session = get(&sessions, "x").await;
    let visits: Vec<_> = (0..MAX_CONNECTIONS).map(|_| visit(&session).unwrap()).collect();
    assert_eq!(visit(&session).unwrap_err(), VisitError::Full);
    drop(visits);
    assert!(visit(&session).is_ok());
}

#[tokio::test(start_paused = true)]
async fn hooks_frame_the_lives_of_server_and_sessions() {
    let (sessions, log) = noting(|_: &mut Document, _: &SessionContext| Ok(()));
    let session = get(&sessions, "x").await;
    get(&sessions, "y").await;
    discard(&sessions, &session).await;
    sessions.unload().await;
    let expected = ["loaded", "created x", "created y", "destroyed x", "destroyed y", "unloaded"];
    assert_eq!(*log.lock(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_session_is_destroyed_once_whatever_ends_it() {
    /// What ends the session.
    type End = fn(Sessions, Arc<Session>) -> BoxFuture<'static, ()>;
    let expiry: End = |sessions, _| {
        Box::pin(async move {
            advance(Duration::from_secs(3600)).await;
            sessions.discard_unused().await;
        })
    };
    let shutdown: End = |sessions, _| Box::pin(async move { sessions.unload().await });
    let several: End = |sessions, session| {
        Box::pin(async move {
            let one = sessions.discard(&session).unwrap();
            assert!(sessions.discard(&session).is_none());
            tokio::join!(sessions.unload(), sessions.discard_unused());
            one.await.unwrap();
        })
    };
    for end in [expiry, shutdown, several] {
        let (sessions, log) = noting(|_: &mut Document, _: &SessionContext| Ok(()));
        let session = get(&sessions, "x").await;
        end(sessions.clone(), session.clone()).await;
        assert!(session.context.has_ended() && sessions.list().is_empty());
        sessions.unload().await;
        assert_eq!(count(&log, "destroyed x"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_could_not_be_made_is_destroyed_once() {
    let (sessions, log) = noting(|_: &mut Document, session: &SessionContext| match session.id() {
        "error" => Err("as asked"),
        _ => panic!("as asked"),
    });
    for id in ["error", "panic"] {
        assert!(try_get(&sessions, id).await.is_err());
        until(&log, &format!("destroyed {id}")).await;
        assert!(sessions.0.server.sessions().is_empty());
    }
    sessions.unload().await;
    let expected = ["loaded", "created error", "destroyed error", "created panic", "destroyed panic", "unloaded"];
    assert_eq!(*log.lock(), expected);
    assert_eq!(sessions.host().vacancies.n_free(), MAX_SESSIONS);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_the_end_of_a_session_that_could_not_be_made() {
    let app = Application::new(|_: &mut Document| Err::<(), _>("as asked")).handler(Stuck);
    let made = timeout(Duration::from_secs(1), try_get(&sessions(app), "x")).await;
    assert!(matches!(made, Ok(Err(CreateSessionError::Build(_)))));
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_made_while_the_server_stops_is_destroyed_once() {
    let (sessions, log) = noting(|_: &mut Document, _: &SessionContext| Ok(()));
    sessions.load().await;
    let (made, ()) = tokio::join!(try_get(&sessions, "x"), sessions.unload());
    assert!(matches!(made, Err(CreateSessionError::Stopping)));
    until(&log, "destroyed x").await;
    assert_eq!(count(&log, "destroyed x"), 1);
    assert!(matches!(try_get(&sessions, "y").await, Err(CreateSessionError::Stopping)));
}

#[tokio::test(start_paused = true)]
async fn a_session_that_does_not_end_keeps_the_end_of_the_server_waiting_but_not_for_ever() {
    let (unloaded, mut was_unloaded) = watch::channel(());
    let app =
        Application::empty().handler(Stuck).on_server_unloaded(move |_: &ServerContext| unloaded.send_replace(()));
    let sessions = sessions(app);
    get(&sessions, "x").await;
    let started = Instant::now();
    tokio::spawn(async move { sessions.unload().await });
    was_unloaded.changed().await.unwrap();
    assert_eq!(started.elapsed().as_secs(), PATIENCE_AT_END.as_secs());
}

#[tokio::test(start_paused = true)]
async fn whoever_was_connected_is_known_after_the_end() {
    let sessions = sessions(Application::empty());
    let session = get(&sessions, "x").await;
    let (connected, other) = (TokenId::of("connected"), TokenId::of("other"));
    drop(session.visit(connected).unwrap());
    assert!(sessions.find_ended(connected).is_none());
    discard(&sessions, &session).await;
    assert_eq!(sessions.find_ended(connected).unwrap().config_id(), Some("m1001"));
    assert!(sessions.find_ended(other).is_none());
    get(&sessions, "x").await;
    assert!(sessions.find_ended(connected).is_some(), "the new session is another one");
}

#[tokio::test(start_paused = true)]
async fn sessions_leave_nothing_but_their_tokens_behind() {
    let sessions = sessions(Application::empty());
    let mut ended = Vec::new();
    for n in 0..1000 {
        let session = get(&sessions, &n.to_string()).await;
        visit(&session).unwrap().leave(Departure::Goodbye);
        ended.push((Arc::downgrade(&session), session.context.document().unwrap()));
        drop(session);
        advance(Duration::from_secs(16)).await;
        sessions.discard_unused().await;
    }
    assert!(ended.iter().all(|(session, document)| session.strong_count() == 0 && document.post(|_| {}).is_err()));
    assert!(sessions.0.table.lock().is_empty());
    assert!(sessions.0.server.sessions().is_empty());
    assert_eq!(sessions.host().vacancies.n_free(), MAX_SESSIONS);
}

#[tokio::test(start_paused = true)]
async fn a_document_can_be_reached_while_it_is_built() {
    let app = Application::new(|doc: &mut Document, session: &SessionContext| {
        let handle = session.document().ok_or("no handle")?;
        handle.post(|doc| doc.set_title("posted"))?;
        doc.set_title("built");
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    });
    let sessions = sessions(app);
    let session = get(&sessions, "x").await;
    assert_eq!(session.handle.page_roots().await.unwrap().title, "posted");
}

#[tokio::test(start_paused = true)]
async fn an_application_can_end_a_session_that_somebody_looks_at() {
    // Whether the application asks while the document is built, or later.
    for asks_early in [true, false] {
        let (sessions, log) = noting(move |_, session| {
            if asks_early {
                session.request_end("the worker died");
            }
            Ok(())
        });
        let session = get(&sessions, "x").await;
        if !asks_early {
            let visit = visit(&session).unwrap();
            session.context.request_end("the worker died");
            drop(visit);
        }
        assert!(sessions.find("x").is_none());
        assert_eq!(visit(&session).unwrap_err(), VisitError::Ended);
        until(&log, "destroyed x").await;
        // A second request is nothing to anybody.
        session.context.request_end("again");
        assert!(!Arc::ptr_eq(&session, &get(&sessions, "x").await));
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_session_waits_for_its_last_visitor_only() {
    let sessions = sessions(Application::empty());
    let session = get(&sessions, "x").await;
    let visit = visit(&session).unwrap();
    session.context.request_expiration();
    advance(Duration::from_secs(1)).await;
    sessions.discard_unused().await;
    assert!(sessions.find("x").is_some());
    visit.leave(Departure::Lost);
    advance(Duration::from_secs(1)).await;
    sessions.discard_unused().await;
    assert!(sessions.find("x").is_none());
}

async fn get(sessions: &Sessions, id: &str) -> Arc<Session> {
    try_get(sessions, id).await.unwrap()
}

async fn try_get(sessions: &Sessions, id: &str) -> Result<Arc<Session>, CreateSessionError> {
    let (payload, http) = (Payload::new(), HttpRequest::default());
    sessions.get_or_create(&Wanted { id, token: "a token", payload: &payload, http: &http, user: None, base: "" }).await
}

fn visit(session: &Arc<Session>) -> Result<Visit, VisitError> {
    session.visit(TokenId::of("a token"))
}

async fn discard(sessions: &Sessions, session: &Arc<Session>) {
    sessions.discard(session).unwrap().await.unwrap();
}

type Log = Arc<Mutex<Vec<String>>>;

/// Sessions whose hooks write what happens into the log.
fn noting(
    fill: impl Fn(&mut Document, &SessionContext) -> Result<(), &'static str> + Send + Sync + 'static,
) -> (Sessions, Log) {
    let log = Log::default();
    let note = || {
        let log = log.clone();
        move |text: String| log.lock().push(text)
    };
    let [loaded, created, destroyed, unloaded] = [note(), note(), note(), note()];
    let app = Application::new(fill)
        .on_server_loaded(move |_: &ServerContext| loaded("loaded".to_owned()))
        .on_session_created(move |session: &SessionContext| created(format!("created {}", session.id())))
        .on_session_destroyed(move |session: &SessionContext| {
            assert!(session.has_ended());
            destroyed(format!("destroyed {}", session.id()));
        })
        .on_server_unloaded(move |_: &ServerContext| unloaded("unloaded".to_owned()));
    (sessions(app), log)
}

/// Never gets over the end of a session.
struct Stuck;

impl Handler for Stuck {
    fn modify_document<'a>(&'a self, _: &'a mut Document, _: &'a SessionContext) -> HandlerFuture<'a> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn on_session_destroyed<'a>(&'a self, _: &'a SessionContext) -> HandlerFuture<'a> {
        Box::pin(std::future::pending())
    }
}

async fn until(log: &Log, text: &str) {
    while count(log, text) == 0 {
        tokio::task::yield_now().await;
    }
}

fn count(log: &Log, text: &str) -> usize {
    log.lock().iter().filter(|line| *line == text).count()
}

fn counting(n_made: &Arc<AtomicUsize>) -> Application {
    let n_made = n_made.clone();
    Application::new(move |_: &mut Document| {
        n_made.fetch_add(1, Ordering::Relaxed);
    })
}

fn sessions(application: Application) -> Sessions {
    Sessions::new(Host {
        route: "/test".to_owned(),
        application,
        threads: Threads::of_current_runtime(),
        clock: Handle::current(),
        lifetimes: Lifetimes { unused: Duration::from_secs(15), lost: Duration::from_secs(600) },
        max_connections: MAX_CONNECTIONS,
        vacancies: Quota::new(&Quota::of_server(MAX_SESSIONS), None),
        metrics: Arc::default(),
        exit: None,
        auth: None,
        validation: Validation::Log,
    })
}

const MAX_SESSIONS: usize = 5;
const MAX_CONNECTIONS: usize = 3;
