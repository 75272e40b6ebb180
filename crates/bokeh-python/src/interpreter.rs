//! Which Python runs the applications.

mod error;
#[cfg(test)]
mod tests;

use std::env;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tokio::process::Command;

pub use error::InterpreterError;

/// A Python interpreter that has a version of bokeh with which workers can run.
///
/// ```no_run
/// use bokeh_python::Interpreter;
///
/// # async fn example() -> Result<(), bokeh_python::InterpreterError> {
/// let python = Interpreter::find(None).await?;
/// println!("{} has bokeh {}", python.path().display(), python.bokeh_version());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Interpreter {
    path: PathBuf,
    found: Found,
}

/// Why it is this interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// It was named.
    Named,
    /// It is in the environment that `VIRTUAL_ENV` names.
    VirtualEnv,
    /// It is the first of its name on the `PATH`.
    SearchPath,
}

impl Interpreter {
    /// Finds the interpreter and asks it what it has: the one that is named, else that of the active virtual environment,
    /// else `python3`.
    ///
    /// # Errors
    /// When there is none, or it has no bokeh of a version that can be used.
    pub async fn find(named: Option<&Path>) -> Result<Self, InterpreterError> {
        let (python, origin) = choose(named, env::var_os("VIRTUAL_ENV").as_deref());
        Self::check(python, origin).await
    }

    async fn check(python: PathBuf, origin: Origin) -> Result<Self, InterpreterError> {
        let asked = Command::new(&python)
            .args(["-c", QUESTION])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .output();
        let answered = tokio::time::timeout(PATIENCE, asked).await;
        let answer = match answered {
            Err(_elapsed) => return Err(InterpreterError::TimedOut { python, after: PATIENCE }),
            Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => {
                return Err(InterpreterError::Missing { python, origin });
            }
            Ok(Err(source)) => return Err(InterpreterError::Start { python, origin, source }),
            Ok(Ok(answer)) => answer,
        };
        match understand(&answer) {
            Some(Answer::Found(found)) if found.is_supported() => Ok(Self { path: python, found }),
            Some(Answer::Found(found)) => Err(InterpreterError::Unsupported { python, origin, version: found.bokeh }),
            Some(Answer::Missing { missing }) => Err(InterpreterError::NoBokeh { python, origin, reason: missing }),
            None => {
                let stderr = String::from_utf8_lossy(&answer.stderr).trim_end().to_owned();
                Err(InterpreterError::Broken { python, origin, status: answer.status, stderr })
            }
        }
    }

    /// What to start.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The version of Python, such as `3.12.4`.
    pub fn python_version(&self) -> &str {
        &self.found.python
    }

    /// The version of its bokeh, such as `3.9.2`.
    pub fn bokeh_version(&self) -> &str {
        &self.found.bokeh
    }
}

/// What the interpreter answers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Found(Found),
    Missing { missing: String },
}

#[derive(Clone, Debug, Deserialize)]
struct Found {
    python: String,
    bokeh: String,
}

impl Found {
    fn is_supported(&self) -> bool {
        Version::parse(&self.bokeh).is_some_and(|version| (OLDEST..=NEWEST).contains(&version))
    }
}

/// The first two numbers of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32);

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.');
        // A preview of a version is taken for it: 3.10rc1 is written 3.10.0rc1.
        let mut number = || numbers.next()?.parse().ok();
        Some(Self(number()?, number()?))
    }

    const fn next(self) -> Self {
        Self(self.0, self.1 + 1)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl Origin {
    /// What a message says of the interpreter that nobody has named.
    fn note(self) -> &'static str {
        match self {
            Self::Named => "",
            Self::VirtualEnv => " (of the environment in VIRTUAL_ENV)",
            Self::SearchPath => " (the first on the PATH)",
        }
    }
}

fn choose(named: Option<&Path>, virtual_env: Option<&OsStr>) -> (PathBuf, Origin) {
    if let Some(named) = named {
        return (named.to_owned(), Origin::Named);
    }
    match virtual_env.filter(|folder| !folder.is_empty()) {
        Some(folder) => (Path::new(folder).join("bin/python"), Origin::VirtualEnv),
        None => (PathBuf::from("python3"), Origin::SearchPath),
    }
}

/// The last line that the interpreter writes: what a site's own start-up code writes comes before.
fn understand(answer: &Output) -> Option<Answer> {
    let line = answer.stdout.trim_ascii_end().rsplit(|byte| *byte == b'\n').next()?;
    serde_json::from_slice(line).ok()
}

/// A bokeh that is there and does not import is missing, too.
const QUESTION: &str = r#"
import json, sys
try:
    import bokeh, tornado
    answer = {"python": sys.version.split()[0], "bokeh": bokeh.__version__}
except Exception as error:
    answer = {"missing": str(error) or repr(error)}
print("\n" + json.dumps(answer))
"#;

const OLDEST: Version = Version(3, 7);
const NEWEST: Version = Version(3, 10);

/// The first import of bokeh on a slow disk takes a while.
const PATIENCE: Duration = Duration::from_secs(60);
