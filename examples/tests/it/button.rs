//! A button that adds a circle with each click.

use bokeh::prelude::*;
use bokeh::test::{App, PatchEvent};

use crate::programs::button;

#[test]
fn each_click_adds_a_circle_and_says_how_many_there_are() {
    let mut app = App::open(button::app);
    let plot = app.find::<Figure>("plot");
    for n in 1..=12 {
        app.click(app.find::<Button>("Add a circle"));
        assert_eq!(plot.renderers(app.doc()).len(), n);
        assert_eq!(app.find::<Figure>(&format!("circles: {n}")), plot);
    }
}

#[test]
fn circles_that_are_cleared_leave_nothing_behind() {
    let mut app = App::open(button::app);
    let n_models = app.doc().n_models();
    for _ in 0..3 {
        app.click(app.find::<Button>("add"));
        app.click(app.find::<Button>("clear"));
        assert_eq!(app.find::<Figure>("no circles left").renderers(app.doc()), []);
    }
    assert_eq!(app.doc().n_models(), n_models);
}

#[test]
fn a_second_tab_gets_the_circles_of_the_first() {
    let mut app = App::open(button::app);
    app.click(app.find::<Button>("add"));
    app.open_tab();
    app.click(app.find::<Button>("add"));
    let is_renderers =
        |event: &PatchEvent| matches!(event, PatchEvent::ModelChanged { attr, .. } if *attr == "renderers");
    assert!(app.take_sent().iter().any(is_renderers));
    app.reconnect();
    app.click(app.find::<Button>("clear"));
}
