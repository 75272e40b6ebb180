//! What the server says: how much, where, and in which form.

mod python_format;
#[cfg(test)]
mod tests;

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bokeh_server::{Configuration, ConfigurationError, PyLogLevel, Settings};
use clap::Args;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::options::{FROM_0, FROM_1, NumberError, number};

use python_format::{FormatError, PythonFormat};

/// What is logged, and where.
#[derive(Debug, Args)]
#[command(next_help_heading = "Log")]
pub(crate) struct LogOptions {
    /// How much to log [default: as BOKEH_PY_LOG_LEVEL says, or info]
    #[arg(long, value_enum)]
    log_level: Option<LogLevel>,
    /// In which form to log: text, json, or a format of Python's logging, such as '%(asctime)s %(message)s'
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = log_format)]
    log_format: LogFormat,
    /// File to add the log to [default: standard error]
    #[arg(long, value_name = "FILE")]
    log_file: Option<PathBuf>,
    /// How often to log the numbers of connections and sessions, at the level debug, in milliseconds [default: 15000]
    #[arg(long, value_name = "MILLISECONDS", allow_negative_numbers = true)]
    stats_log_frequency: Option<i64>,
    /// How often to log the memory that the server uses, in milliseconds; 0 is never [default: 0]
    #[arg(long, value_name = "MILLISECONDS", allow_negative_numbers = true)]
    mem_log_frequency: Option<i64>,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogLevel {
    Trace,
    Debug,
    Info,
    #[value(alias = "warning")]
    Warn,
    #[value(alias = "critical", alias = "fatal")]
    Error,
    /// Nothing at all
    #[value(alias = "off")]
    None,
}

/// In which form it is logged.
#[derive(Clone, Debug, PartialEq, Eq)]
enum LogFormat {
    Text,
    Json,
    Python(PythonFormat),
}

/// There is no log.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the log to {}; --log-file names a file", path.display())]
pub(crate) struct LogError {
    path: PathBuf,
    source: io::Error,
}

impl LogOptions {
    /// Starts to log. `RUST_LOG`, when it is set, says in detail what.
    pub(crate) fn start(&self, level: LogLevel) -> Result<(), LogError> {
        let file = self.log_file.as_ref().map(|path| {
            let file = OpenOptions::new().create(true).append(true).open(path);
            file.map_err(|source| LogError { path: path.clone(), source })
        });
        write_log(&self.log_format, level, file.transpose()?);
        Ok(())
    }

    /// Starts to log what a user of a command should know that does one thing and ends.
    #[cfg(all(unix, feature = "python"))]
    pub(crate) fn start_for_command(configuration: &Configuration) -> Result<LogLevel, ConfigurationError> {
        let level = configuration.py_log_level()?.map_or(LogLevel::Warn, LogLevel::from);
        write_log(&LogFormat::Text, level, None);
        Ok(level)
    }

    /// How much is logged: as the option says, or else the configuration.
    pub(crate) fn level(&self, configuration: &Configuration) -> Result<LogLevel, ConfigurationError> {
        match self.log_level {
            Some(level) => Ok(level),
            None => Ok(configuration.py_log_level()?.map_or(LogLevel::Info, LogLevel::from)),
        }
    }

    /// Changes what the options ask for.
    pub(crate) fn apply(&self, settings: &mut Settings) -> Result<(), NumberError> {
        if let Some(millis) = number("--stats-log-frequency", self.stats_log_frequency, FROM_1)? {
            settings.stats_log_frequency = Some(Duration::from_millis(millis));
        }
        let millis = number("--mem-log-frequency", self.mem_log_frequency, FROM_0)?;
        settings.mem_log_frequency = millis.filter(|millis| *millis > 0).map(Duration::from_millis);
        Ok(())
    }
}

impl LogLevel {
    /// As Bokeh's option spells it.
    #[cfg(all(unix, feature = "python"))]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warning",
            Self::Error => "error",
            Self::None => "none",
        }
    }

    fn filter(self) -> LevelFilter {
        match self {
            Self::Trace => LevelFilter::TRACE,
            Self::Debug => LevelFilter::DEBUG,
            Self::Info => LevelFilter::INFO,
            Self::Warn => LevelFilter::WARN,
            Self::Error => LevelFilter::ERROR,
            Self::None => LevelFilter::OFF,
        }
    }
}

impl From<PyLogLevel> for LogLevel {
    fn from(level: PyLogLevel) -> Self {
        match level {
            PyLogLevel::Trace => Self::Trace,
            PyLogLevel::Debug => Self::Debug,
            PyLogLevel::Info => Self::Info,
            PyLogLevel::Warning => Self::Warn,
            PyLogLevel::Error | PyLogLevel::Critical => Self::Error,
        }
    }
}

/// Writes the log to a file, or else to standard error.
fn write_log(format: &LogFormat, level: LogLevel, file: Option<File>) {
    let has_colours = file.is_none() && io::stderr().is_terminal();
    let writer = match file {
        Some(file) => BoxMakeWriter::new(Arc::new(file)),
        None => BoxMakeWriter::new(io::stderr),
    };
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter(level))
        .with_writer(writer)
        .with_ansi(has_colours)
        .with_target(false)
        // A log that cannot be written is no reason to stop; the complaint about it would be one, where standard error is closed.
        .log_internal_errors(false);
    // A program that logs in its own way keeps it.
    match format {
        LogFormat::Text => subscriber.try_init().ok(),
        LogFormat::Json => subscriber.json().flatten_event(true).try_init().ok(),
        LogFormat::Python(format) => subscriber.with_ansi(false).event_format(format.clone()).try_init().ok(),
    };
}

/// What is written of what is said.
fn filter(level: LogLevel) -> EnvFilter {
    let filter = EnvFilter::builder().with_default_directive(level.filter().into()).from_env_lossy();
    if env::var_os("RUST_LOG").is_some() {
        return filter;
    }
    let directives: &[&str] = match level {
        LogLevel::None => &[],
        // It would write whole messages into the log, which are the users' own.
        LogLevel::Trace => &["tungstenite=debug", PYTHON_DECIDES],
        _ => &[PYTHON_DECIDES],
    };
    let parsed = directives.iter().map(|text| text.parse().expect("a directive is a name and a level"));
    parsed.fold(filter, EnvFilter::add_directive)
}

/// The level is that of Bokeh's loggers, which have it in Python, too. Those of applications have levels of their own.
const PYTHON_DECIDES: &str = "python=trace";

fn log_format(text: &str) -> Result<LogFormat, FormatError> {
    match text {
        "json" => Ok(LogFormat::Json),
        "text" => Ok(LogFormat::Text),
        python => python.parse().map(LogFormat::Python),
    }
}
