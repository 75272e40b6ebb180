//! Rows, columns and grids.

mod grid_plot;

use bokeh_protocol::Value;

use crate::IntoProp;
use crate::builders::{ColumnBuilder, GridBoxBuilder, RowBuilder};
use crate::models::{Column, GridBox, Row, UIElement};

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

/// Lays out its children in rows and columns of equal places; `None` leaves a place empty.
///
/// ```
/// use bokeh_models::prelude::*;
///
/// let mut doc = Document::new();
/// let [a, b, c] = ["a", "b", "c"].map(|text| doc.add(Div::new().text(text)));
/// doc.add_root(grid(((a, b), (None, c))));
/// ```
pub fn grid(rows: impl IntoProp<Vec<Vec<Option<UIElement>>>>) -> GridBoxBuilder {
    let rows = rows.into_prop();
    let mut children = Vec::new();
    for (y, cells) in rows.as_list().unwrap_or_default().iter().enumerate() {
        for (x, cell) in cells.as_list().unwrap_or_default().iter().enumerate() {
            if *cell != Value::Null {
                children.push(Value::from_iter([cell.clone(), Value::from(y), Value::from(x)]));
            }
        }
    }
    GridBox::new().children(children)
}
