//! Testing an application without a server, a browser or waiting.
//!
//! [`App`] opens a session of an application and a page that looks at it. The test does what a user does, the kit sends what
//! BokehJS would send, and the test looks at the document:
//!
//! ```
//! use std::time::Duration;
//!
//! use bokeh::prelude::*;
//! use bokeh::test::App;
//!
//! fn app(doc: &mut Document) {
//!     let frequency = doc.add(Slider::new().title("frequency").start(1).end(5).step(0.5).value(1));
//!     let plot = doc.add(figure().title("frequency 1").name("plot"));
//!     frequency.on_change(doc, Slider::VALUE, move |doc, change| {
//!         plot.set_title(doc, format!("frequency {}", change.new));
//!     });
//!     let age = doc.add(Div::new().name("age").text("new"));
//!     doc.add_timeout_callback(Duration::from_secs(60), move |doc| age.set_text(doc, "a minute old"));
//!     doc.add_root(column((frequency, plot, age)));
//! }
//!
//! let mut app = App::open(app);
//! app.drag(app.find::<Slider>("frequency"), 2.5);
//! assert!(app.try_find::<Figure>("frequency 2.5").is_ok());
//!
//! app.advance(Duration::from_secs(60));
//! assert_eq!(app.find::<Div>("age").text(app.doc()), "a minute old");
//! ```
//!
//! # What is tested along
//!
//! The page has a copy of the document, made of the document as it was pulled and of the patches that were sent since. After
//! each step the copy is compared with the server's document. What the page sends goes through the same encoding and the
//! same checks as in a server.
//!
//! A step panics in the line of the test when it is one that a user cannot take, such as dragging a slider beyond its end or
//! clicking a button that is hidden; when a callback fails or panics, unless it is taken in [`App::failing`]; and when the
//! copies differ.
//!
//! # What is not
//!
//! Nothing is drawn. Sizes in pixels are those that a plot asks for, as if axes took no room; a `DataRange1d` does not get
//! a start and an end; JavaScript callbacks do not run.

mod app;
mod compare;
mod find;
mod gesture;
mod mailbox;
mod page;
mod shown;
mod tasks;
mod trouble;
#[cfg(test)]
mod tests;

pub use bokeh_application::Request;
pub use bokeh_protocol::PatchEvent;

pub use app::App;
pub use find::FindError;
pub use gesture::{Choosable, Clickable, Draggable, Enterable, File, ManyChoosable, Toggleable};

/// A browser's tab in which a session is open; see [`App::open_tab`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tab(u64);
