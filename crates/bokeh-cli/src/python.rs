//! Applications written in Python.

use std::env;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

use bokeh_application::{Application, Auth};
use bokeh_python::{AppSource, LoadError, PythonApps, Settings, StartError};
use clap::Args;

use crate::dev::Source;

/// How Python is run.
#[derive(Debug, Args)]
pub(crate) struct PythonOptions {
    /// The Python interpreter, which must have bokeh [default: that of the active environment, else python3]
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
    /// How many processes run Python applications; 0 is one for each core [default: one for each core]
    #[arg(long, visible_alias = "workers", value_name = "N", allow_negative_numbers = true)]
    num_procs: Option<i64>,
    /// A Python file that says who may see the applications [default: that in BOKEH_AUTH_MODULE]
    #[arg(long, value_name = "FILE")]
    auth_module: Option<PathBuf>,
    /// The key with which the auth module signs its cookies [default: that in BOKEH_COOKIE_SECRET]
    #[arg(long, value_name = "SECRET")]
    cookie_secret: Option<String>,
}

/// The applications in Python and what they bring with them.
pub(crate) struct Loaded {
    /// Keeps the workers running.
    pub(crate) python: PythonApps,
    pub(crate) apps: Vec<(String, Application)>,
    pub(crate) auth: Option<Arc<dyn Auth>>,
}

/// Why there are no applications in Python.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PythonError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Load(#[from] LoadError),
}

impl PythonOptions {
    /// Whether Python is needed although no application is written in it.
    pub(crate) fn are_needed(&self) -> bool {
        self.auth_module().is_some()
    }

    /// Starts workers and loads the applications into them.
    pub(crate) async fn load(&self, source: Source<'_>) -> Result<Loaded, PythonError> {
        let Source { files, argv, prefix, log_level, is_dev } = source;
        let settings = Settings {
            python: self.python.clone(),
            workers: if is_dev { 1 } else { self.n_workers() },
            log_level: log_level.to_owned(),
            prefix: prefix.to_owned(),
            auth_module: self.auth_module(),
            cookie_secret: self.cookie_secret.clone().or_else(|| variable("BOKEH_COOKIE_SECRET")),
            ..Settings::default()
        };
        let python = PythonApps::builder().settings(settings).start().await?;
        let sources = files.iter().map(|file| AppSource::new(&file.route, &file.path).argv(argv));
        let apps = python.load(sources).await?;
        Ok(Loaded { apps, auth: python.auth(), python })
    }

    fn n_workers(&self) -> usize {
        let given = self.num_procs.and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0);
        given.unwrap_or_else(|| available_parallelism().map_or(1, usize::from))
    }

    fn auth_module(&self) -> Option<PathBuf> {
        self.auth_module.clone().or_else(|| variable("BOKEH_AUTH_MODULE").map(PathBuf::from))
    }
}

/// A variable of the environment, unless it is empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
