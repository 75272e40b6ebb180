//! Live dashboards in typed Rust: Bokeh plots and widgets in the browser, callbacks on the server.
//!
//! ```no_run
//! use bokeh::prelude::*;
//!
//! fn wave(frequency: f64) -> Data {
//!     let x: Vec<f64> = (0..200).map(|n| f64::from(n) * 0.0314).collect();
//!     let y: Vec<f64> = x.iter().map(|x| (frequency * x).sin()).collect();
//!     data! { "x" => x, "y" => y }
//! }
//!
//! fn app(doc: &mut Document) {
//!     let source = doc.add(ColumnDataSource::new().data(wave(1.0)));
//!     let plot = doc.add(figure().title("frequency 1").width(600).height(300));
//!     plot.line(doc, "x", "y").source(source).line_width(3).color("navy").draw();
//!
//!     let slider = doc.add(Slider::new().title("frequency").start(0.1).end(5).step(0.1).value(1));
//!     slider.on_change(doc, Slider::VALUE, move |doc, change| {
//!         plot.set_title(doc, format!("frequency {:.1}", change.new));
//!         source.replace(doc, wave(change.new))
//!     });
//!     doc.add_root(column((slider, plot)));
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     bokeh::cli::run([("/wave", app)])
//! }
//! ```
//!
//! The function runs once for each visitor. What the browser shows is drawn by BokehJS; what happens there runs closures.
//!
//! # Where to go from here
//!
//! - [`prelude`] has what programs use: models, plotting, layouts, data.
#![cfg_attr(feature = "cli", doc = "- [`cli::run`] serves applications with the options of `bokeh-rs serve`.")]
#![cfg_attr(
    feature = "server",
    doc = "- [`Server`] serves them inside of your own program, also below an axum router."
)]
#![cfg_attr(feature = "server", doc = "- [`auth`] lets users log in, and tells applications who they are.")]
#![cfg_attr(feature = "python", doc = "- [`python`] runs Python scripts, folders and notebooks beside them.")]
#![cfg_attr(
    feature = "server",
    doc = "- [`server`] has the rest of the settings: certificates, limits, who sees metrics."
)]
#![cfg_attr(feature = "client", doc = "- [`client`] drives a session of any Bokeh server, Python's too.")]
#![cfg_attr(feature = "embed", doc = "- [`embed`] puts applications and documents into pages of your own.")]
#![cfg_attr(feature = "test", doc = "- [`mod@test`] tests applications without a server and a browser.")]
//! - [`document`] and [`protocol`] are the layers below.

#[cfg(any(feature = "server", feature = "test"))]
pub use bokeh_application::{
    Application, DirectoryError, DirectoryHandler, FunctionHandler, Handler, HandlerError, HandlerFuture, HttpRequest,
    HttpResponse, IntoApplication, ServerContext, SessionContext, Template,
};
pub use bokeh_document::{BuiltInTheme, Document, Theme};
pub use bokeh_models::{
    AxisType, Change, Color, DashPattern, Data, column, data, dodge, enums, events, expr, factor_cmap, field, figure,
    gridplot, jitter, linear_cmap, log_cmap, models, palettes, row, value,
};
#[cfg(feature = "server")]
pub use bokeh_server::{Server, Settings};

#[cfg(feature = "test")]
pub mod test;

#[cfg(feature = "server")]
pub use bokeh_application::auth;
#[cfg(feature = "cli")]
pub use bokeh_cli as cli;
#[cfg(feature = "client")]
pub use bokeh_client as client;
pub use bokeh_document as document;
#[cfg(feature = "embed")]
pub use bokeh_embed as embed;
pub use bokeh_protocol as protocol;
#[cfg(all(unix, feature = "python"))]
pub use bokeh_python as python;
#[cfg(feature = "server")]
pub use bokeh_server as server;

/// What a program that makes documents uses.
pub mod prelude {
    #[cfg(any(feature = "server", feature = "test"))]
    pub use bokeh_application::{Application, DirectoryHandler, SessionContext, Template};
    pub use bokeh_models::prelude::*;
}

/// The programs of the README and of the book, so that they are compiled.
#[cfg(all(doctest, feature = "cli", feature = "client", feature = "embed"))]
mod book {
    #[doc = include_str!("../README.md")]
    mod readme {}
    #[doc = include_str!("../../../docs/src/getting_started.md")]
    mod getting_started {}
    #[doc = include_str!("../../../docs/src/authentication.md")]
    mod authentication {}
    #[doc = include_str!("../../../docs/src/callbacks.md")]
    mod callbacks {}
    #[doc = include_str!("../../../docs/src/configuration.md")]
    mod configuration {}
    #[doc = include_str!("../../../docs/src/client.md")]
    mod client {}
    #[doc = include_str!("../../../docs/src/embedding.md")]
    mod embedding {}
    #[doc = include_str!("../../../docs/src/templates.md")]
    mod templates {}
    #[cfg(all(unix, feature = "python"))]
    #[doc = include_str!("../../../docs/src/python.md")]
    mod python {}
    #[cfg(feature = "test")]
    #[doc = include_str!("../../../docs/src/testing.md")]
    mod testing {}
}
