//! Fields with transforms.

use bokeh_protocol::Text;

use crate::models::{CategoricalColorMapper, Dodge, Jitter, LinearColorMapper, LogColorMapper, Range};
use crate::{Color, Factor, Field, IntoProp, field};

/// Colours for the numbers of a column, from `low` to `high`.
///
/// ```
/// use bokeh_models::prelude::*;
///
/// let mut doc = Document::new();
/// let plot = doc.add(figure());
/// let colors = linear_cmap("y", &palettes::VIRIDIS, 0, 10);
/// plot.scatter(&mut doc, "x", "y").fill_color(colors).draw();
/// ```
pub fn linear_cmap(
    name: impl Into<Text>,
    palette: impl IntoProp<Vec<Color>>,
    low: impl IntoProp<Option<f64>>,
    high: impl IntoProp<Option<f64>>,
) -> Field {
    field(name).transform(LinearColorMapper::new().palette(palette).low(low).high(high))
}

/// Colours for the numbers of a column on a logarithmic scale, from `low` to `high`.
pub fn log_cmap(
    name: impl Into<Text>,
    palette: impl IntoProp<Vec<Color>>,
    low: impl IntoProp<Option<f64>>,
    high: impl IntoProp<Option<f64>>,
) -> Field {
    field(name).transform(LogColorMapper::new().palette(palette).low(low).high(high))
}

/// A colour for each category of a column.
pub fn factor_cmap(
    name: impl Into<Text>,
    palette: impl IntoProp<Vec<Color>>,
    factors: impl IntoProp<Vec<Factor>>,
) -> Field {
    field(name).transform(CategoricalColorMapper::new().palette(palette).factors(factors))
}

/// Moves the places of a column by `value`, on a categorical range perhaps.
pub fn dodge(name: impl Into<Text>, value: impl IntoProp<f64>, range: Option<Range>) -> Field {
    field(name).transform(Dodge::new().value(value).range(range))
}

/// Scatters the places of a column within `width`, on a categorical range perhaps.
pub fn jitter(name: impl Into<Text>, width: impl IntoProp<f64>, range: Option<Range>) -> Field {
    field(name).transform(Jitter::new().width(width).range(range))
}
