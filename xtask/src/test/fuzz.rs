//! The step that lets libFuzzer look for input that breaks a promise.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};

use super::Counts;
use crate::{setup, shell};

/// The targets of `crates/fuzz`.
pub(super) const TARGETS: &[&str] = &["inflater", "receiver", "value", "token", "patch", "edits"];

/// How long each target is fuzzed.
const SECS: u32 = 90;

/// Fuzzes each target for [`SECS`] seconds. It begins with the seeds, and goes on with what earlier runs have found
/// interesting, in `target/fuzz/corpus`. Each target counts as a test.
pub(super) fn run() -> Result<Counts> {
    let cargo_fuzz = setup::cargo_fuzz()?;
    shell::run_quietly(&mut command(&cargo_fuzz, "build")).context("could not build the fuzz targets")?;
    let mut counts = Counts::default();
    for target in TARGETS {
        println!("{:<8} {target} for {SECS} s ...", "");
        match shell::run_quietly(&mut fuzz(&cargo_fuzz, target)?) {
            Ok(_) => counts = counts + Counts::PASSED_STEP,
            Err(error) => {
                let error = format!("{error:#}");
                eprintln!("{}", last_lines(&error, 60));
                eprintln!(
                    "the input is in {}; move it to crates/fuzz/findings/{target}/ under a name that says what it is: \
                     then `cargo test -p fuzz` fails until the cause is mended",
                    artifacts(target)
                );
                counts = counts + Counts::FAILED_STEP;
            }
        }
    }
    Ok(counts)
}

fn fuzz(cargo_fuzz: &Path, target: &str) -> Result<Command> {
    let corpus = format!("target/fuzz/corpus/{target}");
    for folder in [&corpus, &artifacts(target)] {
        fs::create_dir_all(shell::root().join(folder)).with_context(|| format!("could not make {folder}"))?;
    }
    let mut command = command(cargo_fuzz, "run");
    // What libFuzzer comes upon goes to the first folder, the others are only read.
    command.args([target, &corpus, &format!("crates/fuzz/seeds/{target}")]);
    let findings = format!("crates/fuzz/findings/{target}");
    if shell::root().join(&findings).is_dir() {
        command.arg(findings);
    }
    command.args(["--", "-max_len=4096", "-timeout=30", "-rss_limit_mb=2048"]);
    command.arg(format!("-max_total_time={SECS}")).arg(format!("-artifact_prefix={}/", artifacts(target)));
    Ok(command)
}

fn command(cargo_fuzz: &Path, verb: &str) -> Command {
    let mut command = shell::command(cargo_fuzz);
    // The cargo that runs this task is another one.
    command.env_remove("CARGO").env("RUSTUP_TOOLCHAIN", setup::FUZZ_TOOLCHAIN);
    command.args(["fuzz", verb, "--fuzz-dir", "crates/fuzz", "--features", "libfuzzer", "--target-dir", "target/fuzz"]);
    command
}

fn artifacts(target: &str) -> String {
    format!("target/fuzz/artifacts/{target}")
}

/// The end of a long text: what libFuzzer printed before it found something is of no interest.
fn last_lines(text: &str, n: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(n)..].join("\n")
}
