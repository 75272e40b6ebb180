//! The project's own tasks, run as `cargo xtask TASK`.
//!
//! Each task is a plain module with a `run` function that takes the arguments after the task's name.
//! A task that fails returns an error that says what failed, where, and how to mend it.

mod bench;
mod codegen;
mod demo;
mod docs;
mod licences;
mod setup;
mod shell;
mod test;
mod tidy;
mod workspace;

use std::{env, error::Error, fmt, process::ExitCode};

/// One task: its name, its line in the usage text, and what runs it.
struct Task {
    name: &'static str,
    summary: &'static str,
    run: fn(&[String]) -> anyhow::Result<()>,
}

const TASKS: &[Task] = &[
    Task {
        name: "setup",
        summary: "find or get BokehJS, a browser, nginx, Python's Bokeh and cargo-fuzz",
        run: setup::run,
    },
    Task { name: "codegen", summary: "generate the model code and tables; --check only compares", run: codegen::run },
    Task { name: "tidy", summary: "check layers, manifests and sources", run: tidy::run },
    Task { name: "licences", summary: "check the licences of all dependencies", run: licences::run },
    Task { name: "test", summary: "run what continuous integration runs; --only STEP, --long", run: test::run },
    Task {
        name: "bench",
        summary: "measure: micro (crates), load (servers, over sockets), python (scripts), first-load (a browser)",
        run: bench::run,
    },
    Task { name: "docs", summary: "build the book and the API documentation, check their links", run: docs::run },
    Task { name: "demo", summary: "serve the examples; --port PORT, --show", run: demo::run },
];

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let Some((name, rest)) = args.split_first() else {
        eprint!("{}", usage());
        return ExitCode::from(2);
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", usage());
        return ExitCode::SUCCESS;
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        eprintln!("error: there is no task `{name}`\n");
        eprint!("{}", usage());
        return ExitCode::from(2);
    };
    match (task.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !error.is::<Reported>() {
                eprintln!("error: {error:#}");
            }
            ExitCode::from(if error.is::<UsageError>() { 2 } else { 1 })
        }
    }
}

/// An argument that the task does not know; ends with exit code 2.
#[derive(Debug)]
struct UsageError(String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for UsageError {}

/// A failure about which the task has said everything itself; ends with exit code 1.
#[derive(Debug)]
struct Reported;

impl fmt::Display for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("see above")
    }
}

impl Error for Reported {}

fn usage() -> String {
    let mut text = String::from("usage: cargo xtask TASK [ARGUMENTS]\n\ntasks:\n");
    for task in TASKS {
        text.push_str(&format!("  {:<8} {}\n", task.name, task.summary));
    }
    text.push_str("  help     print this text\n");
    text
}
