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

mod browser;
mod connect;
mod connection;
mod options;
mod reconnect;
mod session;
mod task;
mod ticket;
mod tls;
mod url;

#[cfg(feature = "blocking")]
pub mod blocking;

mod error;

pub use self::core::{ClientCore, Effect, Reply, RequestId};
pub use browser::{ShowError, show_session};
pub use error::{ConnectError, Disconnect, OpenError, RequestError, SessionEnded, WaitError};
pub use options::ConnectOptions;
pub use reconnect::{Reconnect, Resume};
pub use session::{ClientSession, ConnectionState, DEFAULT_SESSION_ID, pull_session, push_session};
pub use tls::{TlsError, TlsRoots};
pub use url::{ServerUrl, UrlError};
