//! What a program that makes documents uses: `use bokeh_models::prelude::*`.

pub use crate::InBrowser as _;
pub use crate::events::DocumentEvents as _;
// The event and not the abstract class of tools, `models::Tap`, so that `use events::*` beside this is no clash.
pub use crate::events::Tap;
pub use crate::models::*;
pub use crate::{
    AxisType, Change, Color, DashPattern, Data, DateValue, Factor, Model, column, data, dodge, enums, events, expr,
    factor_cmap, field, figure, grid, gridplot, jitter, linear_cmap, log_cmap, palettes, row, value,
};
pub use bokeh_document::Document;
pub use bokeh_protocol::{Array, Value};
