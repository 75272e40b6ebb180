use std::io;
use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::{Shell, generate};

/// What to make completions for.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints a script by which a shell completes the program's arguments.
pub(crate) fn completions(options: &Completions, mut command: Command) -> ExitCode {
    let mut script = Vec::new();
    generate(options.shell, &mut command, "bokeh-rs", &mut script);
    // A closed pipe is no reason to fail.
    io::Write::write_all(&mut io::stdout(), &script).ok();
    ExitCode::SUCCESS
}
