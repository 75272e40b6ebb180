use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use super::{NEWEST, OLDEST, Origin};

/// Why an interpreter cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InterpreterError {
    /// There is none.
    #[error(
        "there is no Python interpreter `{}`{}; activate an environment that has bokeh, or name its interpreter with \
         --python", python.display(), origin.note()
    )]
    Missing {
        /// What was looked for.
        python: PathBuf,
        /// Why.
        origin: Origin,
    },
    /// It cannot be started.
    #[error("cannot start the Python interpreter `{}`{}", python.display(), origin.note())]
    Start {
        /// The interpreter.
        python: PathBuf,
        /// Why this one.
        origin: Origin,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// It does not say what it is.
    #[error("`{}` is no working Python interpreter{}: it ended with {status}\n{stderr}", python.display(), origin.note())]
    Broken {
        /// The interpreter.
        python: PathBuf,
        /// Why this one.
        origin: Origin,
        /// How it ended.
        status: ExitStatus,
        /// What it wrote.
        stderr: String,
    },
    /// It takes too long.
    #[error("the Python interpreter `{}` did not say what it is within {after:?}", python.display())]
    TimedOut {
        /// The interpreter.
        python: PathBuf,
        /// How long it had.
        after: Duration,
    },
    /// It has no bokeh.
    #[error(
        "the Python interpreter `{}`{} has no bokeh ({reason}); install it with `{} -m pip install bokeh`, or name an \
         interpreter that has it with --python", python.display(), origin.note(), python.display()
    )]
    NoBokeh {
        /// The interpreter.
        python: PathBuf,
        /// Why this one.
        origin: Origin,
        /// What Python says.
        reason: String,
    },
    /// Its bokeh is too old or too new.
    #[error(
        "the Python interpreter `{}`{} has bokeh {version}; the versions {OLDEST} to {NEWEST} can be used: install one with \
         `{} -m pip install 'bokeh>={OLDEST},<{}'`", python.display(), origin.note(), python.display(), NEWEST.next()
    )]
    Unsupported {
        /// The interpreter.
        python: PathBuf,
        /// Why this one.
        origin: Origin,
        /// The version of its bokeh.
        version: String,
    },
}
