//! The command line of the Bokeh server.
//!
//! [`run`] gives your own program the options of `bokeh-rs serve`:
//!
//! ```no_run
//! use bokeh_document::Document;
//!
//! fn hello(doc: &mut Document) {
//!     doc.set_title("Hello");
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     bokeh_cli::run([("/hello", hello)])
//! }
//! ```

mod apps;
mod commands;
mod config;
#[cfg(all(unix, feature = "python"))]
mod dev;
mod files;
mod limits;
mod log;
mod network;
mod options;
#[cfg(all(unix, feature = "python"))]
mod python;
mod serve;

use std::ffi::OsString;
use std::process::ExitCode;

use bokeh_application::{Application, IntoApplication};
use clap::{Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand};

use apps::{AppOptions, split};
use commands::{Completions, Info, Static};
#[cfg(all(unix, feature = "python"))]
use commands::{Html, Json};
use config::ConfigOptions;
use limits::LimitOptions;
use log::LogOptions;
use network::NetworkOptions;
use options::ServeOptions;

/// Serves applications until the process is told to stop, as the arguments of the process say: `--port`, `--address`,
/// `--allow-websocket-origin` and so on; `--help` lists them. A route begins with a slash.
///
/// Python scripts, folders and notebooks that the arguments name are served beside them, if the feature `python` is there.
///
/// Answers the code that the process should exit with: 0 after SIGINT or SIGTERM, 1 when something went wrong, which is said
/// on standard error, and 2 for arguments that make no sense.
pub fn run<A, M>(apps: impl IntoIterator<Item = (impl Into<String>, A)>) -> ExitCode
where
    A: IntoApplication<M>,
{
    let apps = apps.into_iter().map(|(route, app)| (route.into(), app.into_application())).collect();
    run_with(apps, std::env::args_os())
}

/// The program `bokeh-rs`.
pub fn main() -> ExitCode {
    let (args, argv) = split(std::env::args_os());
    let program = match Program::try_parse_from(args) {
        Ok(program) => program,
        Err(error) => return usage(&error),
    };
    match program.command {
        Subcommands::Serve(serve) => serve::serve(Vec::new(), &serve, &argv),
        #[cfg(all(unix, feature = "python"))]
        Subcommands::Json(options) => commands::json(&options, &argv),
        #[cfg(all(unix, feature = "python"))]
        Subcommands::Html(options) => commands::html(&options, &argv),
        Subcommands::Info(options) => commands::info(&options),
        Subcommands::Secret => commands::secret(),
        Subcommands::Static(options) => commands::serve_files(&options),
        Subcommands::Completions(options) => commands::completions(&options, command()),
    }
}

fn run_with(apps: Vec<(String, Application)>, args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let (args, argv) = split(args);
    let command = Serve::augment_args(Command::new("serve")).about("Serves Bokeh applications");
    let command = command.infer_long_args(true).args_override_self(true);
    let matches = command.try_get_matches_from(args);
    match matches.and_then(|matches| Serve::from_arg_matches(&matches)) {
        Ok(serve) => serve::serve(apps, &serve, &argv),
        Err(error) => usage(&error),
    }
}

/// Help goes to standard output and is no failure; everything else is a usage error.
fn usage(error: &clap::Error) -> ExitCode {
    // A closed pipe is no reason to fail.
    error.print().ok();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// The definition of the program's command line, for man pages and completions.
#[must_use]
pub fn command() -> Command {
    Program::command()
}

#[derive(Debug, Parser)]
#[command(name = "bokeh-rs", version, about = "The Bokeh server in Rust")]
#[command(infer_long_args = true, args_override_self = true)]
struct Program {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Debug, Subcommand)]
enum Subcommands {
    /// Serve applications, or an empty document when none is named
    Serve(Box<Serve>),
    /// Write the documents of Python applications as JSON
    #[cfg(all(unix, feature = "python"))]
    Json(Json),
    /// Write the documents of Python applications as pages that need no server
    #[cfg(all(unix, feature = "python"))]
    Html(Html),
    /// Print versions, and where BokehJS and Python are
    Info(Info),
    /// Print a secret that sessions can be signed with
    Secret,
    /// Serve the files of BokehJS, and nothing else
    Static(Box<Static>),
    /// Print a script by which a shell completes arguments
    Completions(Completions),
}

#[derive(Debug, Args)]
#[command(after_help = "What stands after --args is passed on to the Python applications.")]
pub(crate) struct Serve {
    #[command(flatten)]
    apps: AppOptions,
    #[command(flatten)]
    network: NetworkOptions,
    #[command(flatten)]
    options: ServeOptions,
    #[command(flatten)]
    limits: LimitOptions,
    #[command(flatten)]
    log: LogOptions,
    #[command(flatten)]
    config: ConfigOptions,
}
