//! The options of the generator.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::suite::Suite;

/// Puts load on servers, each in a process of its own, and compares what it costs them.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench load|python")]
pub(crate) struct Options {
    /// Measure shortly: enough to see that everything works, and differences of half
    #[arg(long)]
    pub(crate) quick: bool,
    /// How often to repeat each measurement [default: 5, or 2 with --quick]
    #[arg(long, value_name = "N")]
    repetitions: Option<usize>,
    /// Measure only what has this in its name; may be given several times
    #[arg(long, value_name = "WORD")]
    only: Vec<String>,
    /// Measure only our server and the bare one; not for `bench python`
    #[arg(long)]
    pub(crate) no_python: bool,
    /// Write all figures into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Compare with the figures that --json has written elsewhere or before
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
    /// Which servers are compared, and in what
    #[arg(long, value_name = "SUITE", default_value = "rust", hide = true)]
    pub(crate) suite: Suite,
    /// The Python that has Bokeh
    #[arg(long, value_name = "PROGRAM", hide = true)]
    pub(crate) python: Option<PathBuf>,
}

impl Options {
    /// How often each measurement is repeated.
    pub(crate) fn repetitions(&self) -> usize {
        self.repetitions.unwrap_or(if self.quick { 2 } else { 5 }).max(1)
    }

    /// How long one repetition takes.
    pub(crate) fn window(&self) -> Duration {
        Duration::from_millis(if self.quick { 500 } else { 2000 })
    }

    /// Whether a measurement is wanted.
    pub(crate) fn wants(&self, measure: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| measure.contains(word.as_str()))
    }
}
