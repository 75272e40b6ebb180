//! Rows, columns and grids.

mod grid_plot;

use crate::IntoProp;
use crate::builders::{ColumnBuilder, RowBuilder};
use crate::models::{Column, Row, UIElement};

pub use grid_plot::gridplot;

/// Lays out its children from left to right: tuples, arrays or vectors of handles and builders.
///
/// ```
/// use bokeh_models::prelude::*;
///
/// let mut doc = Document::new();
/// let slider = doc.add(Slider::new().start(0).end(10).value(1));
/// doc.add_root(row((column((slider, Button::new().label("reset"))), figure())));
/// ```
pub fn row(children: impl IntoProp<Vec<UIElement>>) -> RowBuilder {
    Row::new().children(children)
}

/// Lays out its children from top to bottom: tuples, arrays or vectors of handles and builders.
pub fn column(children: impl IntoProp<Vec<UIElement>>) -> ColumnBuilder {
    Column::new().children(children)
}
