//! A client of Bokeh servers: pulls, pushes and follows the document of a session.
//!
//! ```no_run
//! use bokeh_client::pull_session;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let session = pull_session("http://localhost:5006/sliders").await?;
//! session.update(|doc| doc.set_title("seen by a program")).await?;
//! session.force_roundtrip().await?;
//!
//! session.wait_until(|doc| doc.title() == "done").await?;
//! session.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! A [`ClientSession`] is the handle of a task that owns the document and its socket. The task's behaviour is
//! [`ClientCore`], which knows neither: tests drive it without any.

mod core;

mod connect;
mod connection;
mod options;
mod session;
mod task;
mod url;

mod error;

pub use self::core::{ClientCore, Effect, Reply, RequestId};
pub use error::{ConnectError, Disconnect, OpenError, RequestError, SessionEnded, WaitError};
pub use options::ConnectOptions;
pub use session::{ClientSession, pull_session, push_session};
pub use url::{ServerUrl, UrlError};
