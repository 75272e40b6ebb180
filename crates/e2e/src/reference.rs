use anyhow::Result;
use tempfile::TempDir;

use crate::{Process, Python, server::url_in};

/// Python's own Bokeh server, the judge of what ours should do.
#[derive(Debug)]
pub struct Reference {
    process: Process,
    url: String,
    _folder: TempDir,
}

impl Reference {
    /// Serves a script under the path `/app`, on a port that the system chooses.
    ///
    /// # Errors
    /// Python is missing, or the server does not start; the error carries its log.
    pub async fn serve(script: &str) -> Result<Self> {
        Self::serve_with(script, &[]).await
    }

    /// Like [`serve`](Self::serve), with further options of `bokeh serve`.
    ///
    /// # Errors
    /// Those of [`serve`](Self::serve).
    pub async fn serve_with(script: &str, options: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let app = folder.path().join("app.py");
        std::fs::write(&app, script)?;
        let mut command = Python::find()?.command();
        command
            .args(["-m", "bokeh", "serve", "--address", "127.0.0.1", "--port", "0"])
            .args(["--allow-websocket-origin", "*"])
            .args(options)
            .arg(&app);
        let mut process = Process::start("Python's Bokeh server", command)?;
        let url = process.wait_for_line(url_in).await?;
        Ok(Self { process, url, _folder: folder })
    }

    /// The address of the app's page, `http://HOST:PORT/app`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The running program, to wait for a line of its log.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Everything that the server has logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.process.log()
    }
}
