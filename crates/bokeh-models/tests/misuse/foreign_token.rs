//! The token of another class.
use bokeh_models::prelude::*;

fn main() {
    let mut doc = Document::new();
    let slider = doc.add(Slider::new());
    slider.on_change(&mut doc, Button::LABEL, |_, _| {});
}
