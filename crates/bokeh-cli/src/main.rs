//! The program `bokeh-rs`.

fn main() -> std::process::ExitCode {
    bokeh_cli::main()
}
