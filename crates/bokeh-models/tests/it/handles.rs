//! Handles: what they read and write, and how they fail.

use bokeh_document::{Document, GetError};
use bokeh_models::prelude::*;
use bokeh_models::{Model, ReadPropError};

#[test]
fn inherited_properties_are_reached_through_bases() {
    let mut doc = Document::new();
    let slider = doc.add(Slider::new().start(0).end(10).value(1).width(200));
    assert_eq!(slider.width(&doc), Some(200));
    slider.set_width(&mut doc, None);
    assert_eq!(slider.width(&doc), None);
    let widget: Widget = slider.upcast();
    widget.set_name(&mut doc, "volume");
    assert_eq!(slider.name(&doc).as_deref(), Some("volume"));
    assert_eq!(widget.cast::<Slider>(&doc), Some(slider));
    assert_eq!(widget.cast::<RangeSlider>(&doc), None);
}

#[test]
fn tokens_of_bases_serve_for_callbacks() {
    let mut doc = Document::new();
    let slider = doc.add(Slider::new().start(0).end(10).value(1));
    let log = doc.add(Div::new().text(""));
    slider.on_change(&mut doc, LayoutDOM::WIDTH, move |doc, change| {
        log.set_text(doc, format!("{:?} {:?}", change.old, change.new));
    });
    slider.on_change(&mut doc, Slider::VALUE, move |doc, change| log.set_text(doc, format!("{:?}", change.new)));
    slider.set_width(&mut doc, 3);
    assert_eq!(log.text(&doc), "Some(Some(300)) Some(3)");
    slider.set_value(&mut doc, 4);
    assert_eq!(log.text(&doc), "4.0");
}

#[test]
fn a_callbacks_error_is_a_failure() {
    let mut doc = Document::new();
    let slider = doc.add(Slider::new().start(0).end(10).value(1));
    slider.on_change(&mut doc, Slider::VALUE, |_, change| format!("{}", change.new).parse::<u8>().map(drop));
    slider.set_value(&mut doc, 2);
    assert!(doc.take_failures().is_empty());
    slider.set_value(&mut doc, -2);
    let failures: Vec<String> = doc.take_failures().iter().map(ToString::to_string).collect();
    let [failure] = failures.as_slice() else { panic!("one failure, not {failures:?}") };
    assert!(failure.ends_with(".value failed: invalid digit found in string"), "{failure}");
}

#[test]
fn try_forms_return_errors() {
    let mut doc = Document::new();
    let slider = doc.add(Slider::new().start(0).end(10));
    let unset = slider.try_get(&doc, Slider::VALUE).expect_err("value is required");
    assert_eq!(unset.to_string(), "Slider.value has no value");
    let foreign = slider.try_get(&Document::new(), Slider::START).expect_err("the document is another one");
    assert_eq!(foreign, ReadPropError::Get(GetError::NoModel));
    let wrong = slider.try_set(&mut doc, Slider::MARGIN, "wide").expect_err("a margin is a number or some");
    assert!(wrong.to_string().starts_with("Slider.margin: "), "{wrong}");
    assert_eq!(slider.try_set(&mut doc, Slider::VALUE, 3).ok(), Some(()));
    assert_eq!(slider.value(&doc), 3.0);
}

#[test]
#[should_panic(expected = "Slider.value: the model is not in this document")]
fn a_getter_names_class_and_property_of_a_removed_model() {
    let mut doc = Document::new();
    let slider = doc.add(Slider::new().start(0).end(10).value(1));
    doc.remove(slider);
    doc.sweep();
    slider.value(&doc);
}

#[test]
#[should_panic(expected = "Slider.value: the model is not in this document")]
fn a_setter_names_class_and_property_in_a_foreign_document() {
    let slider = Document::new().add(Slider::new().start(0).end(10).value(1));
    slider.set_value(&mut Document::new(), 1);
}

#[test]
#[should_panic(expected = "there is no tool 'zoom'; there are auto_box_zoom, ")]
fn an_unknown_tool_is_named() {
    drop(figure().tools("pan,zoom"));
}
