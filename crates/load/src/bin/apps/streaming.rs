//! Ten rows twenty times a second; the first value of the last column counts the messages.

use std::time::Duration;

use bokeh::prelude::*;

pub(crate) fn app(doc: &mut Document) {
    let source = doc.add(ColumnDataSource::new().name("stream").data(rows(0)));
    let plot = doc.add(figure().width(400).height(400));
    plot.line(doc, "x", "y").source(source).draw();
    doc.add_root(plot);
    let mut n = 0;
    doc.add_periodic_callback(Duration::from_millis(50), move |doc| {
        n += 1;
        source.stream(doc, rows(n), Some(1000))
    });
}

fn rows(n: u32) -> Data {
    let n = f64::from(n);
    let x: Vec<f64> = (0..10).map(|row| n + f64::from(row) / 10.0).collect();
    let y: Vec<f64> = x.iter().map(|x| x.sin()).collect();
    data! { "x" => x, "y" => y, "n" => vec![n; 10] }
}
