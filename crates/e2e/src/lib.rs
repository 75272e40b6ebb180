//! Drives a real Chromium, a real Python and real servers, for the end-to-end tests in `tests/`.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use e2e::{Browser, Reference};
//!
//! let server = Reference::serve("from bokeh.plotting import curdoc, figure\ncurdoc().add_root(figure(name='plot'))").await?;
//! let browser = Browser::start().await?;
//! let page = browser.open(server.url()).await?;
//! page.wait_idle().await?;
//! page.screenshot("plot").await?;
//! page.assert_quiet().await
//! # }
//! ```
//!
//! A tool that is not there fails the test with the command that gets it: a test never passes because
//! it could not run. Whatever a test starts ends when its value is dropped.

mod browser;
mod first_load;
pub mod log;
mod page;
mod process;
mod proxy;
mod python;
mod reference;
mod server;
mod tools;

pub use self::{
    browser::Browser,
    first_load::{FirstLoad, Line},
    page::{ConsoleEntry, Keyboard, Level, Model, Mouse, Page, Point, Rect},
    process::Process,
    proxy::{Direction, Proxy},
    python::Python,
    reference::Reference,
    server::{Server, built_binary},
    tools::{bokehjs, chromedriver, chromium, nginx, notebook_converter, python, screenshots},
};
pub use thirtyfour::Key;
