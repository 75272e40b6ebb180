//! What a Bokeh server runs for each session.
//!
//! ```
//! use bokeh_application::{Application, SessionContext};
//! use bokeh_document::Document;
//!
//! let hello = Application::new(|doc: &mut Document, session: &SessionContext| {
//!     let name = session.request().argument("name").unwrap_or("world").to_owned();
//!     doc.set_title(format!("Hello, {name}"));
//! });
//! # let _ = hello;
//! ```
//!
//! An [`Application`] is made of [`Handler`]s, each of which adds to the document of a new session and may take part in
//! the lives of the sessions and of the server. Most have a single one: a function of yours.

pub mod auth;

mod application;
mod directory;
mod function;
mod handler;
mod hooks;
mod http_request;
mod http_response;
mod page;
mod request;
mod server_context;
mod session_context;
mod template;

pub use application::{Application, BuildDocumentError, IntoApplication};
pub use directory::{DirectoryError, DirectoryHandler};
pub use function::{AppFunction, FunctionHandler};
pub use handler::{Handler, HandlerError, HandlerFuture};
pub use http_request::HttpRequest;
pub use http_response::HttpResponse;
pub use page::{AutoloadRequest, PageRequest};
pub use request::Request;
pub use server_context::ServerContext;
pub use session_context::{CallbackReport, SessionContext, SessionParts};
pub use template::Template;
