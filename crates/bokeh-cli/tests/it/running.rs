//! The program while it runs, and how it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

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

/// The program, until it has ended.
struct Program {
    child: Child,
    lines: Box<dyn BufRead>,
    log: String,
    port: u16,
}

impl Program {
    /// Starts it and waits until it serves.
    fn start(args: &[&str]) -> Self {
        let mut child =
            serve(&[&["--address", "127.0.0.1", "--port", "0"], args].concat()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        Self::follow(child, stderr)
    }

    /// Waits until it serves.
    fn follow(child: Child, log: impl Read + 'static) -> Self {
        let mut program = Self { child, lines: Box::new(BufReader::new(log)), log: String::new(), port: 0 };
        let line = program.wait_for("http://127.0.0.1:");
        let digits = line.split("http://127.0.0.1:").nth(1).unwrap();
        program.port = digits.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap();
        program.wait_for("Starting Bokeh server with process id");
        program
    }

    /// The next line that has `text` in it.
    fn wait_for(&mut self, text: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "no {text} in {}", self.log);
            self.log.push_str(&line);
            if line.contains(text) {
                return line;
            }
        }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Its whole log, once it has ended well.
    fn end(mut self) -> String {
        self.lines.read_to_string(&mut self.log).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0), "{}", self.log);
        std::mem::take(&mut self.log)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn serve(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bokeh-rs"));
    command
        .arg("serve")
        .args(args)
        .env_remove("RUST_LOG")
        .env_remove("BOKEH_LOG_LEVEL")
        .env_remove("BOKEH_PY_LOG_LEVEL");
    command
}
