//! What the generated models are given by hand.

mod buttons;
mod figure;
mod inputs;
mod layouts;
mod plots;
mod ranges;
mod sources;
mod titles;
mod transforms;

pub(crate) use figure::NamedTool;
pub use figure::{AxisType, FigureBuilder, IntoTools, figure};
pub use inputs::Upload;
pub use layouts::{column, grid, gridplot, row};
pub use sources::ReplaceError;
pub use transforms::{dodge, factor_cmap, jitter, linear_cmap, log_cmap};
