//! What cannot be a column.
use bokeh_models::prelude::*;

fn main() {
    let _ = data! { "x" => [Some(true)], "y" => 1.0 };
}
