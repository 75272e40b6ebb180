//! What has to hold whatever the machine is.

use std::fmt;

use super::Measure;
use super::sleepers::{MAX_P99_RATIO, P99_RATIO};
use crate::report::Report;
use crate::server::Kind;

/// Whether the run is good.
#[derive(Debug)]
pub(crate) struct Judgement {
    n_errors: usize,
    /// None if it was not measured.
    sleepers: Option<f64>,
}

impl Judgement {
    /// Looks at the figures of a run.
    pub(crate) fn of(report: &Report) -> Self {
        let sleepers = report.median(&Measure::Sleepers.name(), Kind::Ours, P99_RATIO);
        Self { n_errors: report.n_errors(), sleepers }
    }

    /// Nothing went wrong, and those who wait for nobody are as fast while others sleep.
    pub(crate) fn is_good(&self) -> bool {
        self.n_errors == 0 && self.sleepers.is_none_or(|ratio| ratio <= MAX_P99_RATIO)
    }
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "errors and wrong answers: {}", self.n_errors)?;
        if let Some(ratio) = self.sleepers {
            let verdict = if ratio <= MAX_P99_RATIO { "within" } else { "NOT within" };
            writeln!(f, "p99 of others while ten callbacks sleep: ×{ratio:.2}, {verdict} ×{MAX_P99_RATIO}")?;
        }
        write!(f, "{}", if self.is_good() { "good" } else { "NOT GOOD" })
    }
}
