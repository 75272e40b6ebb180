//! What a program that makes documents uses: `use bokeh_models::prelude::*`.

pub use crate::events::DocumentEvents as _;
pub use crate::models::*;
pub use crate::{
    AxisType, Change, Color, DashPattern, Data, DateValue, Factor, Model, column, data, dodge, enums, events, expr,
    factor_cmap, field, figure, grid, gridplot, jitter, linear_cmap, log_cmap, palettes, row, value,
};
pub use bokeh_document::Document;
pub use bokeh_protocol::{Array, Value};
