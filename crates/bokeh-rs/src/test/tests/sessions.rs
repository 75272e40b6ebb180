//! Time, tabs, sessions and what they are sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bokeh_application::{Application, Request, SessionContext};
use bokeh_document::{Document, HoldPolicy};
use bokeh_models::events::{ClientReconnected, ConnectionLost, DocumentEvents, DocumentReady};
use bokeh_models::models::*;
use bokeh_models::{Model, column, data};
use bokeh_protocol::{PatchEvent, Value};

use super::super::App;

const SECOND: Duration = Duration::from_secs(1);

/// Appends to the title what happens.
fn note(doc: &mut Document, what: &str) {
    let title = format!("{} {what}", doc.title());
    doc.set_title(title);
}

#[test]
fn callbacks_run_at_their_times_in_order() {
    let mut app = App::open(|doc: &mut Document| {
        doc.set_title("");
        doc.add_timeout_callback(3 * SECOND, |doc| note(doc, "three"));
        doc.add_periodic_callback(2 * SECOND, |doc| {
            note(doc, "two");
            doc.add_next_tick_callback(|doc| note(doc, "tick"));
        });
        doc.add_next_tick_callback(|doc| note(doc, "now"));
    });
    assert_eq!(app.doc().title(), " now");
    app.advance(SECOND);
    assert_eq!(app.doc().title(), " now");
    app.advance(4 * SECOND);
    assert_eq!(app.doc().title(), " now two tick three two tick");
    assert_eq!(app.now(), 5 * SECOND);
}

#[test]
fn jobs_of_handles_run_at_the_next_step() {
    let mut app = App::open(|doc: &mut Document| doc.set_title("before"));
    let handle = app.doc().handle().unwrap();
    handle.post(|doc| doc.set_title("after")).unwrap();
    assert_eq!(app.doc().title(), "before");
    app.settle();
    assert_eq!(app.doc().title(), "after");
    app.end();
    assert!(handle.post(|_| ()).is_err());
}

#[test]
fn other_threads_are_waited_for() {
    let mut app = App::open(|doc: &mut Document| {
        let handle = doc.handle().unwrap();
        let button = doc.add_root(Button::new());
        button.on_click(doc, move |_| {
            let handle = handle.clone();
            drop(std::thread::spawn(move || handle.post(|doc| doc.set_title("computed"))));
        });
    });
    app.click(app.only::<Button>());
    app.wait_until(Duration::from_secs(60), |doc| doc.title() == "computed");
}

#[test]
fn a_tab_is_not_sent_what_it_has_done_itself() {
    let mut app = App::open(|doc: &mut Document| {
        let slider = doc.add(Slider::new().start(0).end(9).value(1));
        let shown = doc.add(Div::new());
        slider.on_change(doc, Slider::VALUE, move |doc, change| shown.set_text(doc, format!("{}", change.new)));
        doc.add_root(column((slider, shown)));
    });
    let first = app.tab();
    let second = app.open_tab();
    let slider = app.only::<Slider>();
    app.drag(slider, 2);
    let div = app.only::<Div>().id();
    let text = PatchEvent::ModelChanged { model: div, attr: "text".into(), new: Value::from("2") };
    assert_eq!(app.take_sent(), std::slice::from_ref(&text));
    app.go_to(first);
    let value = PatchEvent::ModelChanged { model: slider.id(), attr: "value".into(), new: Value::Int(2) };
    // As in Bokeh, `value_throttled` is for the server alone.
    assert_eq!(app.take_sent(), [value, text]);
    app.close_tab(second);
    assert_eq!(app.tab(), first);
}

#[test]
fn new_models_streams_and_removed_models_reach_every_tab() {
    let mut app = App::open(|doc: &mut Document| {
        doc.add_root(column([Div::new().text("first")]));
    });
    app.open_tab();
    let layout = app.only::<Column>();
    let source = app.update(|doc| {
        let source = doc.add(ColumnDataSource::new().data(data! { "x" => [1.0], "name" => ["a"] }));
        layout.set_children(doc, [DataTable::new().source(source)]);
        source.stream(doc, data! { "x" => [2.0], "name" => ["b"] }, None).unwrap();
        source
    });
    app.update(|doc| source.stream(doc, data! { "x" => [3.0], "name" => ["c"] }, 2).unwrap());
    let is_stream = |event: &PatchEvent| matches!(event, PatchEvent::ColumnsStreamed { .. });
    assert!(app.take_sent().iter().any(is_stream));
    app.update(|doc| layout.set_children(doc, [Div::new().text("last")]));
    let table = app.try_find::<DataTable>("table");
    assert!(table.is_err());
    app.update(|doc| doc.clear());
    let removed = app.take_sent();
    assert_eq!(removed.last(), Some(&PatchEvent::RootRemoved { model: layout.id() }));
}

#[test]
fn held_changes_are_told_when_they_are_released() {
    let mut app = App::open(|doc: &mut Document| {
        doc.add_root(Div::new());
    });
    let div = app.only::<Div>();
    app.take_sent();
    app.update(|doc| {
        doc.hold(HoldPolicy::Combine);
        div.set_text(doc, "held");
    });
    assert_eq!(app.take_sent(), []);
    app.update(Document::unhold);
    assert_eq!(app.take_sent().len(), 1);
}

#[test]
fn pages_are_ready_lose_their_connection_and_return() {
    let mut app = App::open(|doc: &mut Document| {
        doc.set_title("");
        doc.add_root(Div::new());
        doc.on::<DocumentReady>(|doc, _| note(doc, "ready"));
        doc.on::<ConnectionLost>(|doc, _| note(doc, "lost"));
        doc.on::<ClientReconnected>(|doc, _| note(doc, "back"));
    });
    assert_eq!(app.doc().title(), " ready");
    app.reconnect();
    assert_eq!(app.doc().title(), " ready lost back");
    let second = app.open_tab();
    app.close_tab(second);
    assert_eq!(app.doc().title(), " ready lost back ready lost");
}

#[test]
fn a_session_knows_its_request_its_neighbours_and_its_end() {
    fn fill(doc: &mut Document, session: &SessionContext) {
        let language = session.request().header("accept-language").unwrap_or("?").to_owned();
        doc.set_title(format!("{} {language}", session.request().argument("user").unwrap_or("nobody")));
        let button = doc.add_root(Button::new());
        let server = session.server().clone();
        button.on_click(doc, move |_| {
            for session in server.sessions() {
                session.document().unwrap().post(|doc| note(doc, "hello")).unwrap();
            }
        });
    }
    let n_ended = Arc::new(AtomicU32::new(0));
    let counter = n_ended.clone();
    let application = Application::new(fill).on_session_destroyed(move |_: &SessionContext| {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    let request = |user: &str| Request::default().with_argument("user", user).with_header("Accept-Language", "pt");
    let mut ann = App::open_for(application, request("ann"));
    let mut bob = ann.open_session(request("bob"));
    ann.click(ann.only::<Button>());
    assert_eq!(ann.doc().title(), "ann pt hello");
    assert_eq!(bob.doc().title(), "bob pt");
    bob.settle();
    assert_eq!(bob.doc().title(), "bob pt hello");
    bob.end();
    assert_eq!(n_ended.load(Ordering::Relaxed), 1);
    assert_eq!(ann.session().server().sessions().len(), 1);
    assert_eq!(ann.open_session(request("cho")).session().id(), "session-3");
}

#[test]
fn tasks_run_as_far_as_they_get_and_their_failures_end_the_test() {
    let mut app = App::open(|doc: &mut Document| {
        let start = doc.add_root(Button::new().label("start"));
        start.on_click(doc, |doc| {
            doc.spawn(async |document| {
                let n_models = document.update(|doc| doc.n_models()).await?;
                document.update(move |doc| doc.set_title(format!("{n_models} models"))).await
            });
        });
        let fail = doc.add_root(Button::new().label("fail"));
        fail.on_click(doc, |doc| {
            doc.spawn(async |_| Err::<(), _>("the network is down"));
        });
    });
    app.click(app.find::<Button>("start"));
    assert_eq!(app.doc().title(), format!("{} models", app.doc().n_models()));
    let fail = app.find::<Button>("fail");
    let failures = app.failing(|app| app.click(fail));
    assert!(failures[0].to_string().ends_with("the network is down"), "{}", failures[0]);
}

#[test]
fn work_in_the_background_is_done_when_the_step_ends() {
    let mut app = App::open(|doc: &mut Document| {
        let document = doc.handle().unwrap();
        let button = doc.add_root(Button::new());
        button.on_click(doc, move |doc| {
            let document = document.clone();
            let work = move || document.update_blocking(|doc| note(doc, "half")).is_ok();
            doc.run_in_background(work, |doc, is_ok| note(doc, if is_ok { "done" } else { "lost" }));
        });
        doc.on_session_destroyed(|_| Err("nobody saves the results"));
        doc.set_title("");
    });
    app.click(app.only::<Button>());
    assert_eq!(app.doc().title(), " half done");
    let end = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| app.end()));
    assert!(end.unwrap_err().downcast_ref::<String>().unwrap().contains("nobody saves the results"));
}
