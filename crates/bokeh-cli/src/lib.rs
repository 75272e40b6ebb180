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

mod log;
mod options;
mod serve;

use std::ffi::OsString;
use std::process::ExitCode;

use bokeh_application::{Application, IntoApplication};
use clap::{Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand};

use options::ServeOptions;
use serve::fail;

/// Serves applications until the process is told to stop, as the arguments of the process say: `--port`, `--address`,
/// `--allow-websocket-origin` and so on; `--help` lists them. A route begins with a slash.
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
    match Program::try_parse() {
        Ok(Program { command: Subcommands::Serve(Serve { options, files }) }) => match files.first() {
            None => {
                serve::serve(vec![("/".to_owned(), Application::new(|_: &mut bokeh_document::Document| ()))], options)
            }
            Some(file) => fail(&format!(
                "cannot serve '{file}': this version serves applications written in Rust (see bokeh_cli::run) and, \
                 without a file, an empty document"
            )),
        },
        Err(error) => usage(&error),
    }
}

fn run_with(apps: Vec<(String, Application)>, args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command = ServeOptions::augment_args(Command::new("serve")).about("Serves Bokeh applications");
    let matches = command.try_get_matches_from(args);
    match matches.and_then(|matches| ServeOptions::from_arg_matches(&matches)) {
        Ok(options) => serve::serve(apps, options),
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
struct Program {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Debug, Subcommand)]
enum Subcommands {
    /// Serve applications, or an empty document when none is named
    Serve(Serve),
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    options: ServeOptions,
    /// What to serve
    #[arg(value_name = "DIRECTORY-OR-SCRIPT")]
    files: Vec<String>,
}
