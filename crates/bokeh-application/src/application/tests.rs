use std::error::Error;
use std::sync::Arc;

use bokeh_document::{CallbackResult, DocumentHandle};
use parking_lot::Mutex;

use super::*;
use crate::session_context::SessionParts;

#[tokio::test]
async fn functions_of_all_four_signatures_fill_documents() {
    fn plain(doc: &mut Document) {
        doc.set_title("plain");
    }
    fn fallible(doc: &mut Document) -> Result<(), std::num::ParseIntError> {
        doc.set_title("5".parse::<u8>()?.to_string());
        Ok(())
    }
    for (app, expected) in [
        (plain.into_application(), "plain"),
        (fallible.into_application(), "5"),
        ((|doc: &mut Document, session: &SessionContext| doc.set_title(session.id())).into_application(), "the id"),
        (
            Application::new(|doc: &mut Document, _: &SessionContext| -> CallbackResult {
                doc.set_title("r");
                Ok(())
            }),
            "r",
        ),
        (Application::empty(), Document::DEFAULT_TITLE),
    ] {
        assert_eq!(title_of(&app).await, expected);
    }
}

#[tokio::test]
async fn handlers_run_in_order_until_one_fails() {
    let log = Log::default();
    let step = |name: &'static str, outcome: Result<(), &'static str>| {
        let log = log.clone();
        FunctionHandler::new(move |_: &mut Document| {
            log.add(name);
            outcome
        })
    };
    let app = Application::empty().handler(step("a", Ok(()))).handler(step("b", Err("no"))).handler(step("c", Ok(())));
    let error = app.fill(&mut Document::new(), &session()).await.unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "no");
    assert_eq!(log.take(), ["a", "b"]);
}

#[tokio::test]
async fn each_hook_is_called_at_its_time_even_if_another_fails() {
    let log = Log::default();
    let hook = |name: &'static str| {
        let log = log.clone();
        move || {
            log.add(name);
            Err::<(), _>(name)
        }
    };
    let [loaded, unloaded, created, destroyed, again] =
        ["loaded", "unloaded", "created", "destroyed", "again"].map(hook);
    let app = Application::empty()
        .on_server_loaded(move |_: &ServerContext| loaded())
        .on_server_unloaded(move |_: &ServerContext| unloaded())
        .on_session_created(move |_: &SessionContext| created())
        .on_session_destroyed(move |_: &SessionContext| destroyed())
        .on_session_destroyed(move |_: &SessionContext| again());
    let (server, session) = (ServerContext::new(), session());
    for (errors, expected) in [
        (app.server_loaded(&server).await, vec!["loaded"]),
        (app.session_created(&session).await, vec!["created"]),
        (app.session_destroyed(&session).await, vec!["destroyed", "again"]),
        (app.server_unloaded(&server).await, vec!["unloaded"]),
    ] {
        assert_eq!(errors.len(), expected.len());
        assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }
    assert_eq!(log.take(), ["loaded", "created", "destroyed", "again", "unloaded"]);
}

#[tokio::test]
async fn a_hook_that_panics_keeps_no_other_from_running() {
    let log = Log::default();
    let again = log.clone();
    let app = Application::empty()
        .on_session_destroyed(|_: &SessionContext| -> () { panic!("at the wrong moment") })
        .on_session_destroyed(move |_: &SessionContext| again.add("again"));
    let errors = app.session_destroyed(&session()).await;
    assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), ["the hook panicked: at the wrong moment"]);
    assert_eq!(log.take(), ["again"]);
}

#[tokio::test]
async fn later_handlers_win_in_the_token() {
    let entry = |value: i64| move |_: &Request| Payload::from([("user".to_owned(), value.into())]);
    let app = Application::empty().process_request(entry(1)).process_request(entry(2));
    assert_eq!(app.token_payload(&Request::default()).await.unwrap(), Payload::from([("user".to_owned(), 2.into())]));
}

#[test]
fn a_server_lists_the_sessions_that_live() {
    let server = ServerContext::new();
    let session = |id: &str| {
        SessionContext::new(SessionParts { id: id.to_owned(), server: server.clone(), ..SessionParts::default() })
    };
    let ids = || server.sessions().iter().map(|session| session.id().to_owned()).collect::<Vec<_>>();
    let (a, b) = (session("a"), session("b"));
    assert!(ids().is_empty());
    a.begin(handle());
    b.begin(handle());
    b.begin(handle());
    assert_eq!(ids(), ["a", "b"]);
    a.end();
    assert!(a.has_ended());
    assert_eq!(ids(), ["b"]);
    drop(b);
    assert!(ids().is_empty());
}

fn session() -> SessionContext {
    SessionContext::new(SessionParts { id: "the id".to_owned(), ..SessionParts::default() })
}

async fn title_of(app: &Application) -> String {
    let mut document = Document::new();
    app.fill(&mut document, &session()).await.unwrap();
    document.title().to_owned()
}

fn handle() -> DocumentHandle {
    struct Closed;
    impl bokeh_document::Mailbox for Closed {
        fn post(&self, _job: bokeh_document::Job) -> Result<(), bokeh_document::PostError> {
            Err(bokeh_document::PostError::Gone)
        }
    }
    DocumentHandle::new(Arc::new(Closed))
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<&'static str>>>);

impl Log {
    fn add(&self, entry: &'static str) {
        self.0.lock().push(entry);
    }

    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.0.lock())
    }
}
