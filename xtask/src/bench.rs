//! Runs the benchmarks. Times are judged here and nowhere else: tests count, they never measure.

use anyhow::Result;

use crate::shell;

/// Runs `cargo xtask bench [ARGUMENTS of cargo bench]`.
pub(crate) fn run(args: &[String]) -> Result<()> {
    shell::run(shell::cargo().args(["bench", "--workspace"]).args(args))
}
