//! The program while it runs, and how it ends.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::program::{Program, serve};

#[test]
fn the_log_can_be_json_and_tells_no_session_id() {
    let mut program = Program::start(&["--log-format", "json", "--log-level", "debug", "--stats-log-frequency", "20"]);
    let page = program.get("/?bokeh-session-id=a-secret-id");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    program.wait_for("has 1 sessions with 1 unused");
    program.terminate();
    let log = program.end();
    assert!(!log.contains("a-secret-id"), "{log}");
    assert!(log.contains("Received signal SIGTERM"), "{log}");
    for line in log.lines() {
        assert!(line.starts_with("{\"timestamp\":") && line.ends_with('}'), "{line}");
    }
}

#[test]
fn a_pattern_that_no_file_has_is_in_the_log() {
    let program = Program::start(&["--glob", "/nonexistent/*.py"]);
    program.terminate();
    let log = program.end();
    assert!(log.contains("--glob finds nothing that is named like '/nonexistent/*.py'"), "{log}");
}

#[test]
fn the_log_can_be_written_as_python_writes_it() {
    let program = Program::start(&["--log-format", "%(levelname)-8s[%(name)s] %(message)s"]);
    program.terminate();
    let log = program.end();
    assert!(log.lines().all(|line| line.starts_with("INFO    [bokeh_")), "{log}");
}

#[test]
fn the_log_can_go_to_a_file_and_tell_of_memory() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("server.log");
    fs::write(&path, "what was there\n").unwrap();
    // A pipe with a name is a file that can be waited for.
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let args = ["--mem-log-frequency", "20", "--log-file", pipe.to_str().unwrap()];
    let child = serve(&[&["--address", "127.0.0.1", "--port", "0"], &args[..]].concat()).spawn().unwrap();
    let mut program = Program::follow(child, fs::File::open(&pipe).unwrap());
    program.wait_for("Memory usage: ");
    program.terminate();
    program.end();
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port().to_string();
    let file = path.to_str().unwrap();
    let status = serve(&["--log-file", file, "--address", "127.0.0.1", "--port", &port]).status().unwrap();
    assert_eq!(status.code(), Some(1));
    let output = serve(&["--log-file", "/no/such/folder/log", "--port", "0"]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(error.starts_with("ERROR: cannot write the log to /no/such/folder/log"), "{error}");
    assert!(fs::read_to_string(&path).unwrap().starts_with("what was there\n"));
}

#[test]
fn a_log_that_nobody_reads_any_more_stops_nothing() {
    let mut program = Program::start(&["--log-level", "debug"]);
    // As in `bokeh-rs serve 2>&1 | head`.
    program.lines = Box::new(std::io::empty());
    for _page in 0..3 {
        let page = program.get("/");
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    }
    program.terminate();
    program.end();
}

#[test]
fn a_second_signal_cuts_the_wait_for_load_balancers() {
    let mut program = Program::start(&["--drain-delay", "3600"]);
    assert!(program.get("/readyz").ends_with("ready\n"));
    program.terminate();
    program.wait_for("Received signal SIGTERM");
    while !program.get("/readyz").starts_with("HTTP/1.1 503") {}
    assert!(program.get("/").starts_with("HTTP/1.1 503"), "no new sessions");
    assert!(program.get("/healthz").starts_with("HTTP/1.1 200"));
    program.terminate();
    program.end();
}

#[test]
fn numbers_are_there_for_this_machine() {
    let program = Program::start(&[]);
    assert!(program.get("/metrics").contains("bokeh_sessions{app=\"/\"} 0"));
    program.terminate();
    program.end();
    let program = Program::start(&["--metrics", "off"]);
    assert!(program.get("/metrics").starts_with("HTTP/1.1 404"));
    program.terminate();
    program.end();
}
