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
mod program;
#[cfg(all(unix, feature = "python"))]
mod python;
mod serve;

use std::process::ExitCode;

use bokeh_application::IntoApplication;
use clap::error::ErrorKind;
use clap::{ArgAction, Args, Command, CommandFactory, Parser, Subcommand};

use apps::{AppOptions, split};
use commands::{Completions, Info, Static};
#[cfg(all(unix, feature = "python"))]
use commands::{Html, Json};
use config::ConfigOptions;
use limits::LimitOptions;
use log::LogOptions;
use network::NetworkOptions;
use options::ServeOptions;

pub use program::Program;

/// Serves applications until the process is told to stop, as the arguments of the process say: `--port`, `--address`,
/// `--allow-websocket-origin` and so on; `--help` lists them. A route begins with a slash. [`Program`] can do more.
///
/// Variables such as `BOKEH_ALLOW_WS_ORIGIN` count, too, and the files of `--use-config` and `~/.bokeh/bokeh.yaml`, as in Bokeh.
///
/// Python scripts, folders and notebooks that the arguments name are served beside them, if the feature `python` is there.
///
/// Answers the code that the process should exit with: 0 after SIGINT or SIGTERM, 1 when something went wrong, which is said
/// on standard error, and 2 for arguments that make no sense.
pub fn run<A, M>(apps: impl IntoIterator<Item = (impl Into<String>, A)>) -> ExitCode
where
    A: IntoApplication<M>,
{
    apps.into_iter().fold(Program::new(), |program, (route, app)| program.app(route, app)).run()
}

/// The program `bokeh-rs`.
pub fn main() -> ExitCode {
    let (args, argv) = split(std::env::args_os());
    let arguments = match Arguments::try_parse_from(args) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    match arguments.command {
        Subcommands::Serve(serve) => serve::serve(Program::new(), &serve, &argv),
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

/// Help goes to standard output and is no failure; everything else is a usage error. Without a command it is 1, as in Bokeh.
fn usage(error: &clap::Error) -> ExitCode {
    // A closed pipe is no reason to fail.
    error.print().ok();
    match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => ExitCode::FAILURE,
        _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
    }
}

/// The definition of the program's command line, for man pages and completions.
#[must_use]
pub fn command() -> Command {
    Arguments::command()
}

#[derive(Debug, Parser)]
#[command(name = "bokeh-rs", version, about = "The Bokeh server in Rust")]
#[command(infer_long_args = true, args_override_self = true, disable_version_flag = true)]
struct Arguments {
    /// Print version
    #[arg(short = 'v', long, short_alias = 'V', action = ArgAction::Version)]
    version: Option<bool>,
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
