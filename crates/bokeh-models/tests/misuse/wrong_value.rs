//! A string for a number, a number for an enumeration.
use bokeh_models::prelude::*;

fn main() {
    let _ = Slider::new().start("zero");
    let _ = Button::new().button_type(1);
}
