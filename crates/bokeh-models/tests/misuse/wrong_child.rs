//! What is no part of a layout.
use bokeh_models::prelude::*;

fn main() {
    let _ = row((Slider::new(), DataRange1d::new()));
    let _ = DataTable::new().source("table");
}
