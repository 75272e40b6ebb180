//! An event that the model does not have.
use bokeh_models::events::{DocumentReady, Tap};
use bokeh_models::prelude::*;

fn main() {
    let mut doc = Document::new();
    let slider = doc.add(Slider::new());
    slider.on::<Tap>(&mut doc, |_, _| {});
    slider.on::<DocumentReady>(&mut doc, |_, _| {});
}
