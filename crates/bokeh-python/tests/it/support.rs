//! What the tests share: an interpreter that has bokeh, and files to run with it.

use std::env;
use std::path::{Path, PathBuf};

use bokeh_python::{AppSource, PythonApps, Settings};
use bokeh_server::{RunningServer, Server};
use tempfile::TempDir;

/// An interpreter that has bokeh: `BOKEH_PYTHON` from the environment, else the one of the setup.
pub(crate) fn python() -> PathBuf {
    let named = env::var_os("BOKEH_PYTHON").filter(|value| !value.is_empty()).map(PathBuf::from);
    let python = named.unwrap_or_else(|| repository().join(".setup/venv/bin/python"));
    assert!(python.exists(), "no Python with bokeh; run `cargo xtask setup`, or name it in BOKEH_PYTHON");
    python
}

/// The settings of tests: one worker, and the interpreter of the setup.
pub(crate) fn settings() -> Settings {
    Settings { python: Some(python()), workers: 1, ..Settings::default() }
}

/// Writes a script and serves it at `/app`.
pub(crate) async fn serve(script: &str, settings: Settings) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.py");
    std::fs::write(&file, script).unwrap();
    let python = PythonApps::builder().settings(settings).start().await.unwrap();
    let apps = python.load([AppSource::new("/app", file)]).await.unwrap();
    let mut builder = Server::builder().address("127.0.0.1").port(0);
    for (route, app) in apps {
        builder = builder.app(route, app);
    }
    let server = builder.start().await.unwrap();
    Served { server, python, _folder: folder }
}

/// A server with one Python application.
pub(crate) struct Served {
    pub(crate) server: RunningServer,
    pub(crate) python: PythonApps,
    _folder: TempDir,
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}
