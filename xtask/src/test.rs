//! Runs everything that continuous integration runs, and ends with one table.

mod counts;
mod fuzz;
mod steps;

use std::time::Instant;

use anyhow::{Result, bail};

use self::{
    counts::Counts,
    steps::{STEPS, Step},
};
use crate::{Reported, UsageError};

/// Runs `cargo xtask test [--long] [--only STEP]...`.
///
/// A step that fails does not keep the others from running. The last line is `N passed, M failed`: tests where a step
/// runs tests, else the step itself. Long steps run with `--long`, or when they are named.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = Options::parse(args)?;
    let mut rows = Vec::new();
    for step in STEPS.iter().filter(|step| options.wants(step)) {
        println!("{:<8} {} ...", step.name, step.summary);
        let start = Instant::now();
        let outcome = (step.run)();
        let counts = match &outcome {
            Ok(counts) => *counts,
            Err(error) => {
                eprintln!("{:<8} FAILED: {error:#}", step.name);
                Counts::FAILED_STEP
            }
        };
        rows.push((step.name, counts, start.elapsed().as_secs_f64()));
    }
    print!("{}", table(&rows));

    let total = rows.iter().fold(Counts::default(), |total, (_, counts, _)| total + *counts);
    let failed: Vec<_> = rows.iter().filter(|(_, counts, _)| counts.failed > 0).map(|(name, ..)| *name).collect();
    if !failed.is_empty() {
        println!("these steps failed: {}; one alone: cargo xtask test --only STEP", failed.join(", "));
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if failed.is_empty() { Ok(()) } else { Err(Reported.into()) }
}

#[derive(Debug, Default)]
struct Options {
    is_long: bool,
    only: Vec<String>,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--long" => options.is_long = true,
                "--only" => match args.next() {
                    Some(name) if STEPS.iter().any(|step| step.name == name) => options.only.push(name.clone()),
                    _ => bail!(UsageError(format!("--only takes one of {}", names()))),
                },
                _ => bail!(UsageError(format!("test takes --long and --only STEP, not `{arg}`; steps: {}", names()))),
            }
        }
        Ok(options)
    }

    fn wants(&self, step: &Step) -> bool {
        if self.only.is_empty() {
            self.is_long || !step.is_long
        } else {
            self.only.iter().any(|name| name == step.name)
        }
    }
}

fn names() -> String {
    STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(", ")
}

fn table(rows: &[(&str, Counts, f64)]) -> String {
    let mut table = format!("\n{:<8}  {:<6}  {:>7}  {:>7}  {:>8}\n", "step", "result", "passed", "failed", "seconds");
    for (name, counts, seconds) in rows {
        let result = if counts.failed == 0 { "ok" } else { "FAILED" };
        let Counts { passed, failed } = counts;
        table.push_str(&format!("{name:<8}  {result:<6}  {passed:>7}  {failed:>7}  {seconds:>8.1}\n"));
    }
    table.push('\n');
    table
}

#[cfg(test)]
mod tests;
