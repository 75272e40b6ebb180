//! A price that moves ten times a second.

use std::time::Duration;

use bokeh::prelude::*;
use bokeh::test::{App, PatchEvent};

use crate::programs::streaming;

const TENTH: Duration = Duration::from_millis(100);

#[test]
fn ten_rows_arrive_each_second_as_streams() {
    let mut app = App::open(streaming::app);
    app.take_sent();
    app.advance(10 * TENTH);
    let sent = app.take_sent();
    assert!(sent.iter().all(|event| matches!(event, PatchEvent::ColumnsStreamed { .. })), "{sent:?}");
    assert_eq!(sent.len(), 10);
    assert_eq!(times(&app).len(), 11);
}

#[test]
fn the_oldest_rows_go_beyond_three_hundred() {
    let mut app = App::open(streaming::app);
    app.advance(400 * TENTH);
    let times = times(&app);
    assert_eq!(times.len(), 300);
    assert!((times[0] - 10.1).abs() < 1e-6, "the first of them is {}", times[0]);
}

#[test]
fn nothing_moves_while_it_is_paused() {
    let mut app = App::open(streaming::app);
    app.click(app.find::<Toggle>("pause"));
    app.advance(5 * TENTH);
    assert_eq!(times(&app).len(), 1);
    app.click(app.find::<Toggle>("pause"));
    app.advance(5 * TENTH);
    assert_eq!(times(&app).len(), 6);
}

#[test]
fn the_price_stands_still_without_volatility() {
    let mut app = App::open(streaming::app);
    app.drag(app.find::<Slider>("volatility"), 0);
    app.advance(20 * TENTH);
    let prices: Vec<f64> = data(&app).floats("price").unwrap();
    assert!(prices.iter().all(|price| *price == 100.0), "{prices:?}");
}

fn times(app: &App) -> Vec<f64> {
    data(app).floats("time").unwrap()
}

fn data(app: &App) -> Data {
    app.find::<ColumnDataSource>("prices").data(app.doc())
}
