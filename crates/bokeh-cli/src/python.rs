//! Applications written in Python.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use bokeh_application::Application;
use bokeh_application::auth::Auth;
use bokeh_python::{AppSource, Isolation, LoadError, ProcessLimits, PythonApps, Settings, StartError};
use clap::Args;

use crate::dev::Source;

/// How Python is run.
#[derive(Debug, Args)]
#[command(next_help_heading = "Python applications")]
pub(crate) struct PythonOptions {
    /// The Python interpreter, which must have bokeh [default: that of the active environment, else python3]
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
    /// How many processes run Python applications; 0 is one for each core [default: one for each core]
    #[arg(long, visible_alias = "workers", value_name = "N", allow_negative_numbers = true)]
    num_procs: Option<i64>,
    /// Whether sessions share the processes, or each has one of its own
    #[arg(long, value_enum, default_value_t = SessionIsolation::Pool)]
    session_isolation: SessionIsolation,
    /// How much memory a session's own process may have, in MiB [default: any]
    #[arg(long, value_name = "MIB")]
    session_memory: Option<u64>,
    /// How long a session's own process may compute in all, in seconds [default: for ever]
    #[arg(long, value_name = "SECONDS")]
    session_cpu_time: Option<u64>,
}

/// What workers are told of the server's configuration.
#[derive(Debug)]
pub(crate) struct WorkerConfig {
    pub(crate) log_level: &'static str,
    pub(crate) prefix: String,
    pub(crate) auth_module: Option<PathBuf>,
    pub(crate) cookie_secret: Option<String>,
    pub(crate) xsrf_cookies: bool,
    /// What `--use-config` names.
    pub(crate) file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum SessionIsolation {
    /// Sessions share the processes
    Pool,
    /// Each session has a process of its own, forked from one that has loaded everything
    Process,
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
    /// In Bokeh's own words, which have Python's traceback in them already.
    #[error("{0}")]
    Bokeh(String),
    #[error(transparent)]
    Load(LoadError),
    #[error("--session-memory and --session-cpu-time are for --session-isolation process")]
    LimitsOfNothing,
}

impl PythonOptions {
    /// Starts workers and loads the applications into them.
    pub(crate) async fn load(&self, source: Source<'_>) -> Result<Loaded, PythonError> {
        let has_limits = self.session_memory.is_some() || self.session_cpu_time.is_some();
        if has_limits && self.session_isolation == SessionIsolation::Pool {
            return Err(PythonError::LimitsOfNothing);
        }
        let Source { files, argv, config, is_dev } = source;
        let settings = Settings {
            python: self.python.clone(),
            isolation: self.isolation(),
            workers: if is_dev { 1 } else { self.n_workers() },
            log_level: config.log_level.to_owned(),
            prefix: config.prefix.clone(),
            auth_module: config.auth_module.clone(),
            cookie_secret: config.cookie_secret.clone(),
            xsrf_cookies: config.xsrf_cookies,
            config: config.file.clone(),
            ..Settings::default()
        };
        let python = PythonApps::builder().settings(settings).start().await?;
        let sources = files.iter().map(|file| AppSource::new(&file.route, &file.path).argv(argv));
        let apps = python.load(sources).await?;
        Ok(Loaded { apps, auth: python.auth(), python })
    }

    fn isolation(&self) -> Isolation {
        match self.session_isolation {
            SessionIsolation::Pool => Isolation::Worker,
            SessionIsolation::Process => Isolation::Process(ProcessLimits {
                max_bytes: self.session_memory.map(|mib| mib.saturating_mul(1 << 20)),
                max_cpu: self.session_cpu_time.map(Duration::from_secs),
                ..ProcessLimits::default()
            }),
        }
    }

    fn n_workers(&self) -> usize {
        let given = self.num_procs.and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0);
        given.unwrap_or_else(|| available_parallelism().map_or(1, usize::from))
    }
}

impl From<LoadError> for PythonError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::App { text, .. } if text.contains("Traceback") => Self::Bokeh(text.trim_end().to_owned()),
            error => Self::Load(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, FromArgMatches};

    use super::*;

    #[test]
    fn options_say_how_many_processes_there_are_and_for_whom() {
        let cores = available_parallelism().unwrap().get();
        let limits = |max_bytes, secs: Option<u64>| {
            let max_cpu = secs.map(Duration::from_secs);
            Isolation::Process(ProcessLimits { max_bytes, max_cpu, ..ProcessLimits::default() })
        };
        for (args, n_workers, isolation) in [
            (&[][..], cores, Isolation::Worker),
            (&["--num-procs", "3"], 3, Isolation::Worker),
            (&["--workers", "3"], 3, Isolation::Worker),
            (&["--num-procs", "0"], cores, Isolation::Worker),
            (&["--num-procs", "-1"], cores, Isolation::Worker),
            (&["--session-isolation", "pool"], cores, Isolation::Worker),
            (&["--session-isolation", "process"], cores, limits(None, None)),
            (&["--session-isolation=process", "--session-memory=500"], cores, limits(Some(500 << 20), None)),
            (&["--session-isolation=process", "--session-cpu-time=60"], cores, limits(None, Some(60))),
        ] {
            let options = options(args);
            assert_eq!((options.n_workers(), options.isolation()), (n_workers, isolation), "{args:?}");
        }
    }

    fn options(args: &[&str]) -> PythonOptions {
        let command = PythonOptions::augment_args(Command::new("serve"));
        let matches = command.try_get_matches_from([&["serve"], args].concat()).unwrap();
        PythonOptions::from_arg_matches(&matches).unwrap()
    }
}
