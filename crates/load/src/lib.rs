//! What the load generator and the bare server share: the recorded answers of a real one.
//!
//! `bokeh-load` is the generator, `bokeh-load-apps` serves the applications that it drives, and `bokeh-load-bare` answers
//! with the same bytes without a document. `cargo xtask bench load` builds them and runs the first, which starts the others.

mod recording;

pub use recording::{Frame, Recording};
