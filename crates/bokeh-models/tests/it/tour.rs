//! What a dashboard does, once.

use bokeh_document::Document;
use bokeh_models::events::Tap;
use bokeh_models::prelude::*;
use bokeh_protocol::{Event, Map, Value as Wire};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

#[test]
fn a_slider_changes_a_curve() -> Result {
    let mut doc = Document::new();
    let doc = &mut doc;
    let xs: Vec<f64> = (0..200).map(|i| f64::from(i) * 0.0628).collect();
    let source = doc.add(ColumnDataSource::new().data(data! { "x" => &xs, "y" => xs.clone() }));
    let plot = doc.add(figure().title("sine").width(400).y_range((-5, 5)));
    plot.line(doc, "x", "y").source(source).line_width(3).alpha(0.6).color("navy").legend_label("sin").draw();
    let amplitude = doc.add(Slider::new().title("amplitude").start(0).end(5).step(0.1).value(1));
    amplitude.on_change(doc, Slider::VALUE, move |doc, change| {
        let ys: Vec<f64> = xs.iter().map(|x| change.new * x.sin()).collect();
        source.replace(doc, data! { "x" => &xs, "y" => ys })
    });
    doc.add_root(row((column((amplitude, Div::new().text("an inline builder"))), plot)));

    amplitude.set_value(doc, 2);

    let ys = source.data(doc).floats("y").unwrap_or_default();
    assert_eq!(ys.get(1), Some(&(2.0 * 0.0628_f64.sin())));
    assert!(doc.take_failures().is_empty());
    Ok(())
}

#[test]
fn events_reach_typed_callbacks() {
    let mut doc = Document::new();
    let plot = doc.add(figure());
    let info = doc.add(Div::new().text(""));
    let button = doc.add(Button::new().label("go").button_type(enums::ButtonType::Primary));
    plot.on::<Tap>(&mut doc, move |doc, tap| {
        info.set_text(doc, format!("{}, {}, {}", tap.x, tap.y, tap.modifiers.shift))
    });
    let mut n_clicks = 0;
    button.on_click(&mut doc, move |doc| {
        n_clicks += 1;
        info.set_text(doc, format!("{n_clicks}"));
    });

    let modifiers = Map::from_iter([("shift", Wire::from(true))]);
    let values = [("model", plot.id().into()), ("x", 1.5.into()), ("y", 2.into()), ("modifiers", modifiers.into())];
    doc.emit(&Event { name: "tap".into(), values: Map::from_iter(values) });
    assert_eq!(info.text(&doc), "1.5, 2, true");

    for expected in ["1", "2"] {
        doc.emit(&Event { name: "button_click".into(), values: Map::from_iter([("model", button.id().into())]) });
        assert_eq!(info.text(&doc), expected);
    }
}
