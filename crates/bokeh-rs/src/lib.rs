#![doc = include_str!("../README.md")]
//!
//! # Where to go from here
//!
//! - [`prelude`] has what programs use: models, plotting, layouts, data.
#![cfg_attr(feature = "cli", doc = "- [`cli::run`] serves applications with the options of `bokeh-rs serve`.")]
#![cfg_attr(
    feature = "server",
    doc = "- [`Server`] serves them inside of your own program, also below an axum router."
)]
#![cfg_attr(feature = "client", doc = "- [`client`] drives a session of any Bokeh server, Python's too.")]
//! - [`document`] and [`protocol`] are the layers below.

#[cfg(feature = "server")]
pub use bokeh_application::{Application, Handler, IntoApplication, ServerContext, SessionContext};
pub use bokeh_document::Document;
pub use bokeh_models::{
    AxisType, Change, Color, DashPattern, Data, column, data, dodge, enums, events, expr, factor_cmap, field, figure,
    gridplot, jitter, linear_cmap, log_cmap, models, palettes, row, value,
};
#[cfg(feature = "server")]
pub use bokeh_server::{Server, Settings};

#[cfg(feature = "cli")]
pub use bokeh_cli as cli;
#[cfg(feature = "client")]
pub use bokeh_client as client;
pub use bokeh_document as document;
pub use bokeh_protocol as protocol;

/// What a program that makes documents uses.
pub mod prelude {
    #[cfg(feature = "server")]
    pub use bokeh_application::{Application, SessionContext};
    pub use bokeh_models::prelude::*;
}
