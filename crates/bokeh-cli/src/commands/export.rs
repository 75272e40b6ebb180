//! Applications as files, which need no server.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bokeh_python::{AppSource, Export, ExportError, PythonApps, Settings};
use bokeh_server::Configuration;
use clap::Args;

use crate::files::AppFile;
use crate::log::{LogLevel, LogOptions};
use crate::serve::{chain, fail, runtime};

/// What to write as JSON.
#[derive(Debug, Args)]
pub(crate) struct Json {
    #[command(flatten)]
    export: ExportOptions,
    /// By how many characters to indent each level [default: all on one line]
    #[arg(long, value_name = "LEVEL")]
    indent: Option<u16>,
}

/// What to write as HTML.
#[derive(Debug, Args)]
pub(crate) struct Html {
    #[command(flatten)]
    export: ExportOptions,
    /// Open the files in a browser
    #[arg(long)]
    show: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "What stands after --args is passed on to the applications.")]
struct ExportOptions {
    /// Python scripts, folders with main.py or main.ipynb, and notebooks
    #[arg(value_name = "DIRECTORY-OR-SCRIPT", required = true)]
    files: Vec<PathBuf>,
    /// The file to write, or - for standard output; the first is for the first application, and so on [default: the
    /// application's name]
    #[arg(short, long, value_name = "FILENAME")]
    output: Vec<PathBuf>,
    /// The Python interpreter, which must have bokeh [default: that of the active environment, else python3]
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
}

/// Why the files are not as the options say.
#[derive(Debug, thiserror::Error)]
enum ExportFailure {
    #[error("--output is there {n_outputs} times, for {n_apps} {}", if *.n_apps == 1 { "application" } else { "applications" })]
    Outputs { n_outputs: usize, n_apps: usize },
    #[error("two applications are called '{0}'; write them one after the other")]
    Twice(String),
    #[error("'{}' cannot be written", .0.display())]
    App(PathBuf, #[source] ExportError),
    #[error("cannot write {}", .0.display())]
    Write(PathBuf, #[source] io::Error),
    #[error("cannot start a browser; open {} in one, or set BOKEH_BROWSER to its program", .0.display())]
    Show(PathBuf, #[source] io::Error),
}

/// Writes the documents of applications as JSON.
pub(crate) fn json(options: &Json, argv: &[String]) -> ExitCode {
    write(&options.export, argv, Export::Json { indent: options.indent }, |_path| Ok(()))
}

/// Writes the documents of applications as pages.
pub(crate) fn html(options: &Html, argv: &[String]) -> ExitCode {
    write(&options.export, argv, Export::Html, |path| if options.show { show(path) } else { Ok(()) })
}

fn write(
    options: &ExportOptions,
    argv: &[String],
    format: Export,
    written: impl Fn(&Path) -> Result<(), ExportFailure>,
) -> ExitCode {
    let started = Configuration::load().and_then(|configuration| LogOptions::start_for_command(&configuration));
    let level = match started {
        Ok(level) => level,
        Err(error) => return fail(&chain(&error)),
    };
    match runtime().and_then(|runtime| runtime.block_on(run(options, argv, format, level, written))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&chain(&*error)),
    }
}

async fn run(
    options: &ExportOptions,
    argv: &[String],
    format: Export,
    level: LogLevel,
    written: impl Fn(&Path) -> Result<(), ExportFailure>,
) -> Result<(), Box<dyn Error>> {
    let files = options.files.iter().map(|path| AppFile::open(path)).collect::<Result<Vec<_>, _>>()?;
    let outputs = options.outputs(&files, format)?;
    let settings = Settings {
        python: options.python.clone(),
        workers: 1,
        log_level: level.name().to_owned(),
        ..Settings::default()
    };
    let python = PythonApps::builder().settings(settings).start().await?;
    let sources = files.iter().map(|file| AppSource::new(&file.route, &file.path).argv(argv));
    python.load(sources).await?;
    for ((file, given), output) in files.iter().zip(&options.files).zip(&outputs) {
        let text = python.export(&file.route, format).await;
        let text = text.map_err(|source| ExportFailure::App(given.clone(), source))?;
        save(output, &text)?;
        if output != STANDARD_OUTPUT {
            written(output)?;
        }
    }
    python.stop().await;
    Ok(())
}

impl ExportOptions {
    /// Where each application goes: what was asked for, and then files in the current folder that are called as they are.
    fn outputs(&self, files: &[AppFile], format: Export) -> Result<Vec<PathBuf>, ExportFailure> {
        let (n_outputs, n_apps) = (self.output.len(), files.len());
        if n_outputs > n_apps {
            return Err(ExportFailure::Outputs { n_outputs, n_apps });
        }
        let routes: Vec<&str> = files.iter().map(|file| file.route.trim_start_matches('/')).collect();
        if let Some(twice) = (1..n_apps).find(|n| routes[..*n].contains(&routes[*n])) {
            return Err(ExportFailure::Twice(routes[twice].to_owned()));
        }
        let extension = if format == Export::Html { "html" } else { "json" };
        let named = routes.into_iter().map(|name| PathBuf::from(format!("{name}.{extension}")));
        Ok(self.output.iter().cloned().chain(named.skip(n_outputs)).collect())
    }
}

fn save(path: &Path, text: &str) -> Result<(), ExportFailure> {
    let written = if path == STANDARD_OUTPUT { writeln!(io::stdout(), "{text}") } else { fs::write(path, text) };
    written.map_err(|source| ExportFailure::Write(path.to_owned(), source))
}

fn show(path: &Path) -> Result<(), ExportFailure> {
    let failed = |source| ExportFailure::Show(path.to_owned(), source);
    // What is wrong with it was said before.
    let browser = Configuration::load().and_then(|configuration| configuration.browser()).ok().flatten();
    let opened = std::path::absolute(path).and_then(|path| bokeh_server::open_in_browser(path, browser.as_deref()));
    opened.map_err(failed)
}

const STANDARD_OUTPUT: &str = "-";
