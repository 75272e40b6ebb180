//! Bokeh applications written in Python.
//!
//! ```no_run
//! use bokeh_python::{AppSource, PythonApps};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let python = PythonApps::builder().start().await?;
//! for (route, application) in python.load([AppSource::new("/sliders", "sliders.py")]).await? {
//!     // `Server::builder().app(route, application)` serves it.
//! #   let _ = (route, application);
//! }
//! # Ok(()) }
//! ```
//!
//! What `bokeh serve` runs, runs here unchanged: scripts, folders and notebooks, in worker processes with the user's own
//! interpreter and the real `bokeh` package, 3.7 to 3.10. A worker owns the documents of its sessions; the server's documents
//! are replicas of them, and serve all pages, sockets and copies. A callback that takes its time keeps only the sessions of its
//! worker waiting, and a worker that crashes takes only its own along.
//!
//! Nothing has to be installed beside `bokeh` itself: the Python side of a worker travels inside this crate, and its first
//! message is the package. Server and worker talk through a socket pair that has no name, so nobody else can. Worker processes
//! end with the server, in whatever way that ends. This works on Linux and macOS; on the latter, a worker that hangs in C code
//! when the server is killed stays until it returns.

mod apps;
mod export;
mod handler;
mod auth;
mod settings;
mod error;

mod pool;
mod worker;
mod session;
mod inbox;
mod news;

mod interpreter;
mod spawner;
mod process;
mod forks;
mod package;

mod channel;
mod frame;
mod message;
mod log;
mod log_id;

pub use apps::{AppSource, PythonApps, PythonAppsBuilder, WorkerStatus};
pub use error::{CallError, LoadError, StartError};
pub use export::{Export, ExportError};
pub use handler::{OpenError, PythonHandler};
pub use interpreter::{Interpreter, InterpreterError, Origin};
pub use settings::{Isolation, ProcessLimits, Settings};
