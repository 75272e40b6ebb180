//! Workers from outside: real processes of the real bokeh.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod decorated;
mod interpreters;
mod isolation;
mod kills;
mod life;
mod metrics;
mod orphans;
mod python_side;
mod replicas;
mod whole;

mod support;
