use std::io;
use std::sync::{Arc, Mutex};

use super::*;

#[test]
fn a_line_is_written_as_python_would() {
    let pid = std::process::id();
    for (format, expected) in [
        ("%(message)s", "session{app=\"/a\"}: moved to=3".to_owned()),
        ("%(levelname)s:%(name)s:%(message).7s", "WARNING:bokeh_cli.server:session".to_owned()),
        ("[%(levelname)-8s] [%(levelname)10s]", "[WARNING ] [   WARNING]".to_owned()),
        ("%(levelno)d %(levelno)05d %(levelno)s", "30 00030 30".to_owned()),
        ("%(process)d %(processName)s", format!("{pid} MainProcess")),
        ("100 %% of %(filename)s, %(module)s", "100 % of tests.rs, tests".to_owned()),
    ] {
        assert_eq!(said(format), format!("{expected}\n"), "{format}");
    }
}

#[test]
fn times_are_written_as_python_does() {
    let line = said("%(asctime)s|%(msecs)03d");
    let shape: String = line.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    assert_eq!(shape, "9999-99-99 99:99:99,999|999\n");
    assert_eq!(line[20..23], line[24..27]);
}

#[test]
fn what_comes_from_python_keeps_its_logger_and_process() {
    let format = "%(process)d %(name)s %(message)s".parse().unwrap();
    let line = written(format, || tracing::info!(app = "/a", logger = "bokeh.server", process = 7_u32, "hello"));
    assert_eq!(line, "7 bokeh.server hello app=\"/a\"\n");
}

#[test]
fn what_is_no_format_is_refused_with_a_reason() {
    for (format, expected) in [
        ("xml", "write text, json, or a format"),
        ("100 %%", "write text, json, or a format"),
        ("%(user)s", "a line of the log has no user; it has asctime, "),
        ("%(message)", "a field looks like"),
        ("%(message", "a field looks like"),
        ("%(message)z", "a field looks like"),
        ("%(message)9999s", "a field looks like"),
        ("%s", "a field looks like"),
        ("50 % of %(message)s", "a field looks like"),
    ] {
        let error = format.parse::<PythonFormat>().unwrap_err().to_string();
        assert!(error.starts_with(expected), "{format}: {error}");
    }
}

/// The line of a warning in this format.
fn said(format: &str) -> String {
    written(format.parse().unwrap(), || {
        let _inside = tracing::info_span!("session", app = "/a").entered();
        tracing::warn!(target: "bokeh_cli::server", to = 3, "moved");
    })
}

/// What is written by a program that logs in this format.
fn written(format: PythonFormat, program: impl FnOnce()) -> String {
    let written = Written::default();
    let (copy, subscriber) = (written.clone(), tracing_subscriber::fmt().with_ansi(false).event_format(format));
    tracing::subscriber::with_default(subscriber.with_writer(move || copy.clone()).finish(), program);
    let bytes = written.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
