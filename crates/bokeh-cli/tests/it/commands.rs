//! The commands beside `serve`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

#[test]
fn a_secret_is_long_and_never_the_same() {
    let (first, second) = (said(&["secret"]), said(&["secret"]));
    assert_eq!(first.trim().len(), 44);
    assert!(first.trim().chars().all(char::is_alphanumeric));
    assert_ne!(first, second);
}

#[test]
fn the_version_is_asked_for_as_in_bokeh() {
    for args in [["-v"], ["-V"], ["--version"]] {
        assert_eq!(said(&args), concat!("bokeh-rs ", env!("CARGO_PKG_VERSION"), "\n"), "{args:?}");
    }
}

#[test]
fn without_a_command_there_is_help_and_a_failure() {
    let output = command(&[]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Usage: bokeh-rs"));
}

#[test]
fn info_tells_where_things_are() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().to_str().unwrap();
    let secrets = [("BOKEH_SECRET_KEY", "tell nobody"), ("BOKEH_SSL_PASSWORD", "tell nobody")];
    let run = |args: &[&str]| command(args).env("BOKEHJS_DIR", path).envs(secrets).output().unwrap();
    let all = String::from_utf8(run(&["info", "--static"]).stdout).unwrap();
    assert_eq!(all.trim(), path);
    let text = String::from_utf8(run(&["info"]).stdout).unwrap();
    for line in [
        format!("bokeh-rs version      :  {}", env!("CARGO_PKG_VERSION")),
        format!("BokehJS static path   :  {path}"),
        "Bokeh version         :  3.9.2".to_owned(),
        format!("BOKEHJS_DIR           :  {path}"),
        "BOKEH_SECRET_KEY      :  (secret)".to_owned(),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    assert!(!text.contains("tell nobody"), "{text}");
}

#[test]
fn completions_know_the_options() {
    for (shell, expected) in [("bash", "--ssl-certfile"), ("zsh", "--ssl-certfile"), ("fish", "ssl-certfile")] {
        assert!(said(&["completions", shell]).contains(expected), "{shell}");
    }
    assert_eq!(command(&["completions", "no-shell"]).output().unwrap().status.code(), Some(2));
}

#[test]
fn the_book_has_all_options() {
    let book = include_str!("../../../../docs/src/configuration.md");
    let command = bokeh_cli::command();
    let serve = command.get_subcommands().find(|command| command.get_name() == "serve").unwrap();
    let options: Vec<&str> = serve.get_arguments().filter_map(|option| option.get_long()).collect();
    assert!(options.len() > 50, "{options:?}");
    for option in options.into_iter().filter(|option| *option != "help") {
        let is_there = ["`", " ", "\n"].iter().any(|end| book.contains(&format!("`--{option}{end}")));
        assert!(is_there, "--{option} is missing");
    }
}

#[test]
fn static_needs_bokehjs() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("js")).unwrap();
    let output = command(&["static", "--port", "0"]).env("BOKEHJS_DIR", folder.path()).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("ERROR: there is no js/bokeh.min.js in the BokehJS folder"), "{error}");
}

#[test]
fn static_speaks_of_no_sessions() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("js")).unwrap();
    for name in ["bokeh", "bokeh-gl", "bokeh-widgets", "bokeh-tables", "bokeh-mathjax"] {
        fs::write(folder.path().join(format!("js/{name}.min.js")), name).unwrap();
    }
    let mut command = command(&["static", "--port", "0"]);
    let mut child = command.env("BOKEHJS_DIR", folder.path()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = String::new();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    while !log.contains("Serving static files at: ") {
        assert_ne!(lines.read_line(&mut log).unwrap(), 0, "{log}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!log.contains("sessions"), "{log}");
}

fn said(args: &[&str]) -> String {
    let output = command(args).output().unwrap();
    assert!(output.status.success(), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bokeh-rs"));
    command.args(args).current_dir(Path::new("/"));
    command
}
