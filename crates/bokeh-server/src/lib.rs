//! The Bokeh server.
//!
//! ```no_run
//! use bokeh_document::Document;
//! use bokeh_server::Server;
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let server = Server::builder().app("/hello", |doc: &mut Document| doc.set_title("Hello")).start().await?;
//!     server.run_until_shutdown().await?;
//!     Ok(())
//! }
//! ```
//!
//! A [`Server`] is a value: [`ServerBuilder::build`] makes one whose [router](Server::router) you mount in an axum
//! application of your own, and [`ServerBuilder::start`] also listens.
//!
//! Requests and sockets are served by the Tokio runtime that you call it in. User code, that is the building of documents
//! and all callbacks, runs on threads of the server's own ([`Settings::session_threads`]), so code that blocks one of them
//! keeps nobody else waiting.

mod builder;
mod configuration;
mod running;
mod server;
mod settings;

mod arrival;
mod assets;
mod autoload;
mod dev;
mod entry;
mod failure_page;
mod favicon;
mod folder;
mod gate;
mod handshake;
mod header_names;
mod host_header;
mod hosted;
mod http_request;
mod index;
mod log_id;
mod log_line;
mod metadata;
mod methods;
mod not_found;
mod page;
mod refusal;
mod router;
mod scripts;
mod selection;
mod static_files;

mod bind;
mod browser;
mod connection;
mod counted;
mod due_body;
mod listener;
mod peer;
mod serving;
mod tls;
mod trusted;
mod prompt_stream;
mod socket;

mod memory;
mod metrics;
mod operations;
mod quota;
mod statistics;

mod session;
mod sessions;
mod threads;
mod watchdog;

pub use assets::BokehJsError;
pub use bind::BindError;
pub use bokeh_embed::{BOKEHJS_VERSION, Bundle};
pub use browser::{ShowError, open_in_browser};
pub use builder::{BuildError, ServerBuilder, StartError};
pub use configuration::{Configuration, ConfigurationError, PyLogLevel};
pub use favicon::IconError;
pub use index::IndexError;
pub use metrics::Metric;
pub use peer::Peer;
pub use running::{RunningServer, ShutdownSignalError, ShutdownSignals};
pub use server::Server;
pub use settings::{
    BokehJs, Exposure, Icon, JsLogLevel, PageScripts, Passed, Settings, Validation, WebSocketCompression,
};
pub use tls::{TlsError, TlsFiles};
pub use trusted::TrustedProxyError;
