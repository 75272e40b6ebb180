//! What can go wrong between the server and a worker.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::interpreter::InterpreterError;

/// Why a worker did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// Its process has ended.
    #[error("the Python worker process has ended")]
    Gone,
    /// It did not answer in time.
    #[error("the Python worker did not answer to `{request}` within {after:?}")]
    TimedOut {
        /// What it was asked for.
        request: &'static str,
        /// How long it had.
        after: Duration,
    },
    /// It failed, and says why.
    #[error("{text}{}", after_a_line(traceback.as_deref()))]
    Refused {
        /// What went wrong.
        text: String,
        /// Where in the Python code, as Python writes it.
        traceback: Option<String>,
    },
    /// Its answer is not understood.
    #[error("the Python worker's answer to `{request}` is not understood")]
    Answer {
        /// What it was asked for.
        request: &'static str,
        /// What is missing or of another form.
        #[source]
        source: serde_json::Error,
    },
    /// What it says is nested too deep.
    #[error("what the Python worker says is nested too deep to be read")]
    Unreadable,
    /// There is no socket for another process.
    #[error("cannot fork a Python worker")]
    Fork(#[source] io::Error),
    /// It could not be asked.
    #[error("cannot write a message to the Python worker")]
    Encode(#[source] Box<dyn Error + Send + Sync>),
}

impl CallError {
    /// What a worker tells of a failure.
    pub(crate) fn refused(error: &Value) -> Self {
        let text = |key: &str| error.get(key).and_then(Value::as_str).map(str::to_owned);
        let traceback = text("traceback").or_else(|| text("detail"));
        Self::Refused { text: text("text").unwrap_or_else(|| error.to_string()), traceback }
    }
}

fn after_a_line(text: Option<&str>) -> String {
    text.map(|text| format!("\n{text}")).unwrap_or_default()
}

/// Why there are no workers.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// No interpreter can be used.
    #[error(transparent)]
    Interpreter(#[from] InterpreterError),
    /// No process can be started.
    #[error("cannot start a Python worker with `{}`", python.display())]
    Spawn {
        /// The interpreter.
        python: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A worker ended, or gave no answer, before it was ready.
    #[error("a Python worker did not come up; what it wrote before may say why")]
    Worker(#[source] CallError),
    /// A worker that takes the place of another one cannot load what that had loaded.
    #[error(transparent)]
    Load(LoadError),
    /// No thread can be started.
    #[error("cannot start the thread that starts Python workers")]
    Thread(#[source] io::Error),
}

/// Why an application cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Python cannot load it, and says why.
    #[error("cannot load `{}`: {text}{}", path.display(), after_a_line(detail.as_deref()))]
    App {
        /// The script, folder or notebook.
        path: PathBuf,
        /// What is wrong.
        text: String,
        /// Where in the Python code, as Python writes it.
        detail: Option<String>,
    },
    /// The worker did not answer.
    #[error("the Python applications cannot be loaded")]
    Worker(#[source] CallError),
    /// The applications were loaded before.
    #[error("the applications of these workers are loaded already")]
    Again,
}
