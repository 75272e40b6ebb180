//! Callbacks in JavaScript.

use bokeh_models::Dict;
use bokeh_models::events::Tap;
use bokeh_models::prelude::*;
use serde_json::json;

#[test]
fn callbacks_in_javascript_stand_under_what_they_are_for() {
    let mut doc = Document::new();
    let (one, other) = (doc.add(CustomJS::new().code("1")), doc.add(CustomJS::new().code("2")));
    let slider = doc.add(Slider::new().start(0).end(10).value(1));
    for callback in [one, other, one] {
        slider.js_on_change(&mut doc, Slider::VALUE, callback);
    }
    slider.js_on_change(&mut doc, LayoutDOM::WIDTH, other);
    let plot = doc.add(figure());
    plot.js_on::<Tap>(&mut doc, one);
    doc.add_root(column((slider, plot)));
    assert_eq!(
        codes(&doc, &slider.js_property_callbacks(&doc)),
        json!({"change:value": ["1", "2"], "change:width": ["2"]})
    );
    assert_eq!(codes(&doc, &plot.js_event_callbacks(&doc)), json!({"tap": ["1"]}));
}

#[test]
fn a_link_is_a_callback_that_assigns() {
    let mut doc = Document::new();
    let (slider, plot) = (doc.add(Slider::new().start(0).end(10).value(1)), doc.add(figure()));
    slider.js_link(&mut doc, Slider::VALUE, plot, Plot::WIDTH);
    doc.add_root(column((slider, plot)));
    let callbacks = slider.js_property_callbacks(&doc);
    assert_eq!(codes(&doc, &callbacks), json!({"change:value": ["to.width = this.value"]}));
    let link = callbacks[0].1[0].cast::<CustomJS>(&doc).unwrap();
    assert_eq!(link.args(&doc)[..], [("to".to_owned(), Value::Model(plot.id()))]);
}

/// The codes of the callbacks by name.
fn codes(doc: &Document, callbacks: &Dict<String, Vec<Callback>>) -> serde_json::Value {
    let code = |callback: &Callback| callback.cast::<CustomJS>(doc).unwrap().code(doc);
    callbacks
        .iter()
        .map(|(name, callbacks)| (name.clone(), json!(callbacks.iter().map(code).collect::<Vec<_>>())))
        .collect()
}
