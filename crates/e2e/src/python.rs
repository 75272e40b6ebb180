use std::{path::PathBuf, process::Stdio, time::Duration};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::{process::Command, time::timeout};

use crate::tools;

/// How long a script may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs Python scripts with the real Bokeh.
///
/// ```no_run
/// # async fn example() -> anyhow::Result<()> {
/// let version = e2e::Python::find()?
///     .run("import bokeh, json; print(json.dumps(bokeh.__version__))", &[])
///     .await?;
/// assert_eq!(version, "3.9.2");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Python {
    interpreter: PathBuf,
}

impl Python {
    /// Finds the interpreter.
    ///
    /// # Errors
    /// There is none, see [`tools::python`].
    pub fn find() -> Result<Self> {
        Ok(Self { interpreter: tools::python()? })
    }

    /// Runs a script with arguments (`sys.argv[1:]`) and takes the last line that it prints as JSON.
    ///
    /// # Errors
    /// The script fails (the error carries its traceback), takes longer than a minute, or does not end with JSON.
    pub async fn run(&self, script: &str, args: &[&str]) -> Result<Value> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("script.py");
        std::fs::write(&file, script)?;
        let running = self.command().arg(&file).args(args).stdin(Stdio::null()).kill_on_drop(true).output();
        let Ok(output) = timeout(PATIENCE, running).await else {
            bail!("the Python script took longer than {PATIENCE:?}:\n{script}");
        };
        let output = output.context("could not start Python")?;
        let stdout = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            bail!(
                "the Python script ended with {}:\n{stdout}{}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let last = stdout.lines().last().unwrap_or_default();
        serde_json::from_str(last).with_context(|| format!("the Python script did not end with JSON but with {last:?}"))
    }

    /// A command that starts the interpreter, with unbuffered output.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.interpreter);
        command.env("PYTHONUNBUFFERED", "1");
        command
    }
}
