//! What a user cannot do, the kit does not do either; what goes wrong ends the test.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use bokeh_application::SessionContext;
use bokeh_document::Document;
use bokeh_models::models::*;
use bokeh_models::{Model, column, figure};

use super::super::{App, File};

/// One of each widget, some of which cannot be used.
fn app(doc: &mut Document) {
    let slider = || Slider::new().start(0).end(10).step(0.5).value(1);
    doc.add_root(column((
        slider().title("size"),
        slider().title("off").disabled(true),
        slider().title("hidden").visible(false),
        column([slider().title("inside")]).visible(false),
        RangeSlider::new().title("range").start(0).end(10).value((2, 4)),
        Select::new().title("colour").options(["red", "green"]).value("red"),
        TextInput::new().title("short").max_length(3),
        NumericInput::new().title("count"),
        ColorPicker::new().title("paint"),
        DatePicker::new().title("day"),
        FileInput::new().title("file").accept(".csv"),
    )));
    doc.add_root(figure().name("plot").tools(Vec::<Tool>::new()));
    doc.add_root(Tabs::new().tabs([
        TabPanel::new().title("first").child(Button::new().label("here")),
        TabPanel::new().title("second").child(Button::new().label("behind")),
    ]));
}

#[test]
fn what_a_user_cannot_do_is_refused() {
    type Step = fn(&mut App);
    let cases: [(Step, &str); 20] = [
        (|app| app.drag(app.find::<Slider>("size"), 11), "a slider from 0 to 10 cannot be dragged to 11"),
        (|app| app.drag(app.find::<Slider>("size"), 1.2), "1.2 is between two steps of the slider, 1 and 1.5"),
        (|app| app.drag(app.find::<Slider>("off"), 2), "Slider(m1005) \"off\" is disabled"),
        (|app| app.drag(app.find::<Slider>("hidden"), 2), "Slider(m1006) \"hidden\" is not visible"),
        (|app| app.drag(app.find::<Slider>("inside"), 2), "Slider(m1008) \"inside\" is not visible"),
        (|app| app.drag(app.find::<RangeSlider>("range"), (5.0, 3.0)), "cannot pass each other, as from 5 to 3"),
        (|app| app.choose(app.find::<Select>("colour"), "blue"), "there is no \"blue\", only [\"red\", \"green\"]"),
        (|app| app.type_text(app.find::<TextInput>("short"), "long"), "does not fit into an input of at most 3"),
        (|app| app.enter(app.find::<NumericInput>("count"), 1.5), "1.5 cannot be typed into an input for integers"),
        (|app| app.enter(app.find::<ColorPicker>("paint"), "red"), "\"red\" is no colour like #1f77b4"),
        (|app| app.enter(app.find::<DatePicker>("day"), "6 May"), "\"6 May\" is no date like 2024-01-31"),
        (
            |app| app.upload(app.find("file"), &[File::new("a.txt", "text/plain", "")]),
            "takes [\".csv\"], not \"a.txt\"",
        ),
        (|app| app.pan(app.find::<Figure>("plot"), 1.0, 1.0), "the plot has no PanTool"),
        (|app| app.click(app.find::<Button>("behind")), "Button(m1037) \"behind\" is not visible"),
        (|app| app.choose(app.only::<Tabs>(), "third"), "there is no \"third\", only [\"first\", \"second\"]"),
        (
            |app| ignore(app.find::<Slider>("sise")),
            "there is no Slider \"sise\" on the page, which has Slider(m1004) \"size\"",
        ),
        (|app| ignore(app.only::<Slider>()), "several models on the page fit"),
        (|app| ignore(app.only::<DataTable>()), "there is no DataTable on the page, which has"),
        (|app| drop(app.failing(App::settle)), "a callback was to fail, and none did"),
        (
            |app| {
                let tab = app.tab();
                app.close_tab(tab);
                app.drag(app.find::<Slider>("size"), 2);
            },
            "there is no open tab",
        ),
    ];
    for (step, expected) in cases {
        let mut app = App::open(app);
        assert_panics(|| step(&mut app), expected);
    }
}

#[test]
fn a_step_into_an_open_tab_is_taken() {
    let mut app = App::open(app);
    app.choose(app.only::<Tabs>(), "second");
    app.click(app.find::<Button>("behind"));
    assert!(!app.is_visible(app.find::<Button>("here")));
    assert!(app.is_enabled(app.find::<Button>("behind")));
}

#[test]
fn a_callback_that_goes_wrong_ends_the_test() {
    fn broken(doc: &mut Document) {
        let fails = doc.add_root(Button::new().label("fail"));
        fails.on_click(doc, |_| Err("out of paper"));
        let panics = doc.add_root(Button::new().label("panic"));
        panics.on_click(doc, |_| -> () { panic!("on fire") });
        let spins = doc.add_root(Button::new().label("spin"));
        spins.on_click(doc, again);
    }
    fn again(doc: &mut Document) {
        doc.add_next_tick_callback(again);
    }
    let cases = [
        ("fail", "failed: out of paper"),
        ("panic", "panicked: on fire"),
        ("spin", "schedule each other without an end, cut after 1000 rounds"),
    ];
    for (button, expected) in cases {
        let mut app = App::open(broken);
        assert_panics(|| app.click(app.find::<Button>(button)), expected);
    }
}

#[test]
fn a_callback_that_is_to_fail_is_handed_out() {
    let mut app = App::open(|doc: &mut Document| {
        let button = doc.add_root(Button::new().label("fail"));
        button.on_click(doc, |doc| {
            doc.set_title("half");
            Err("the other half")
        });
    });
    let button = app.find::<Button>("fail");
    let failures = app.failing(|app| app.click(button));
    assert_eq!(failures.len(), 1);
    assert_eq!(app.doc().title(), "half");
    assert_panics(|| app.click(button), "the other half");
}

#[test]
fn an_application_that_fails_ends_the_test() {
    fn fails(_: &mut Document, _: &SessionContext) -> Result<(), String> {
        Err("no data".to_owned())
    }
    assert_panics(|| drop(App::open(fails)), "the application failed to build its document: no data");
    assert!(App::try_open(fails, Default::default()).is_err());
}

#[test]
fn a_copy_that_differs_is_found() {
    let mut app = App::open(app);
    let slider = app.find::<Slider>("size");
    let id = app.doc().wire_id(slider.id()).unwrap().to_owned();
    let page = app.pages.values_mut().next().unwrap();
    let copied = page.copy.model_by_wire_id(&id).unwrap();
    page.copy.set_value(copied, "value", 7.into()).unwrap();
    assert_panics(|| app.settle(), "Slider(m1004).value is 1 on the server and 7 on the page");
}

fn ignore<M: Model>(_: M) {}

/// Checks the message, and that it is this file that is blamed: the test, and not the kit.
#[track_caller]
fn assert_panics(step: impl FnOnce(), expected: &str) {
    note_places();
    let panic = catch_unwind(AssertUnwindSafe(step)).expect_err(expected);
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains(expected), "{text}\nhas no\n{expected}");
    let place = PLACE.take();
    assert!(place.ends_with("refusals.rs"), "{place} is blamed for {text}");
}

thread_local! {
    /// The file in which this thread has panicked last.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Lets each panic of each thread note its place, beside what it does anyway.
fn note_places() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            PLACE.set(panic.location().map(|location| location.file().to_owned()).unwrap_or_default());
            before(panic);
        }));
    });
}
