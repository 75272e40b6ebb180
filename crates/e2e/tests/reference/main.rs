//! Holds the harness honest: what it reports must be true of the real Bokeh, which nobody here can break.

mod browser;
mod process;
mod python;

/// A slider whose callback, in the server, rescales a line and changes a text.
const APP: &str = include_str!("app.py");
