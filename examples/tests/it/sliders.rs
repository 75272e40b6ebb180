//! A curve that four sliders shape.

use bokeh::prelude::*;
use bokeh::test::{App, PatchEvent};

use crate::programs::sliders;

#[test]
fn each_slider_shapes_the_curve() {
    // The slider, where it is dragged, and what the first and the highest value of the curve are then.
    let cases = [
        ("offset", 2.0, 2.0, 3.0),
        ("amplitude", 3.0, 0.0, 3.0),
        ("phase", 1.5, 0.997, 1.0),
        ("frequency", 2.1, 0.0, 1.0),
    ];
    for (slider, to, first, highest) in cases {
        let mut app = App::open(sliders::app);
        app.drag(app.find::<Slider>(slider), to);
        let y = curve(&app);
        assert_eq!(y.len(), 200);
        assert!((y[0] - first).abs() < 0.01, "{slider}: the first value is {}", y[0]);
        let max = y.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        assert!((max - highest).abs() < 0.01, "{slider}: the highest value is {max}");
    }
}

#[test]
fn each_value_on_the_way_of_a_slider_sends_the_curve() {
    let mut app = App::open(sliders::app);
    app.take_sent();
    app.drag(app.find::<Slider>("amplitude"), 1.3);
    let n_curves = app.take_sent().iter().filter(|event| matches!(event, PatchEvent::ColumnDataChanged { .. })).count();
    assert_eq!(n_curves, 3, "1.1, 1.2 and 1.3");
}

#[test]
fn the_text_is_the_title_of_the_plot_once_it_is_left() {
    let mut app = App::open(sliders::app);
    app.type_text(app.find::<TextInput>("title"), "a wave");
    let plot = app.find::<Figure>("plot");
    assert_eq!(app.find::<Figure>("a wave"), plot);
}

#[test]
#[should_panic(expected = "a slider from -5 to 5 cannot be dragged to 5.1")]
fn a_slider_stays_within_its_bounds() {
    let mut app = App::open(sliders::app);
    app.drag(app.find::<Slider>("offset"), 5.1);
}

#[test]
fn two_tabs_show_the_same_curve() {
    let mut app = App::open(sliders::app);
    let first = app.tab();
    app.open_tab();
    app.drag(app.find::<Slider>("offset"), -1.0);
    app.go_to(first);
    app.drag(app.find::<Slider>("amplitude"), 2.0);
    assert!((curve(&app)[0] + 1.0).abs() < 1e-9);
}

fn curve(app: &App) -> Vec<f64> {
    app.find::<ColumnDataSource>("curve").data(app.doc()).floats("y").unwrap()
}
