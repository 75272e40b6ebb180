//! Which servers are compared, and in what.

use clap::ValueEnum;

use crate::measure::Measure;
use crate::server::Kind;

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Suite {
    /// Applications in Rust.
    Rust,
    /// The same scripts under our server and under Python's.
    Python,
}

impl Suite {
    /// The servers, in the order of their turns.
    pub(crate) fn kinds(self, has_python: bool) -> Vec<Kind> {
        match (self, has_python) {
            (Self::Rust, false) => vec![Kind::Ours, Kind::Bare],
            (Self::Rust, true) => vec![Kind::Ours, Kind::Bare, Kind::python(1), Kind::prompt_python(1)],
            (Self::Python, _) => vec![
                Kind::Workers(1),
                Kind::python(1),
                Kind::prompt_python(1),
                Kind::Workers(2),
                Kind::python(2),
                Kind::prompt_python(2),
                Kind::Processes,
            ],
        }
    }

    /// What is measured, in the order in which it is.
    pub(crate) fn measures(self) -> &'static [Measure] {
        match self {
            Self::Rust => &[
                Measure::Sliders(1),
                Measure::Sliders(50),
                Measure::FanOut(1),
                Measure::FanOut(10),
                Measure::FanOut(99),
                Measure::Streams(50),
                Measure::Pages(4),
                Measure::Idle,
                Measure::Sleepers,
            ],
            Self::Python => &[
                Measure::Sliders(1),
                Measure::Sliders(50),
                Measure::Pages(1),
                Measure::Pages(4),
                Measure::Arrivals,
                Measure::Idle,
                Measure::Nap,
            ],
        }
    }
}
