//! The program as a child of the tests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// The program, until it has ended.
pub(crate) struct Program {
    child: Child,
    pub(crate) lines: Box<dyn BufRead>,
    log: String,
    pub(crate) port: u16,
}

impl Program {
    /// Starts it and waits until it serves.
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::start_with(args, &[])
    }

    /// Starts it with variables in its environment, and waits until it serves.
    pub(crate) fn start_with(args: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = serve(&[&["--address", "127.0.0.1", "--port", "0"], args].concat());
        let mut child = command.envs(variables.iter().copied()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        Self::follow(child, stderr)
    }

    /// Waits until it serves.
    pub(crate) fn follow(child: Child, log: impl Read + 'static) -> Self {
        let mut program = Self { child, lines: Box::new(BufReader::new(log)), log: String::new(), port: 0 };
        let line = program.wait_for("://127.0.0.1:");
        let digits = line.split("://127.0.0.1:").nth(1).unwrap();
        program.port = digits.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap();
        program.wait_for("Starting Bokeh server with process id");
        program
    }

    /// The next line that has `text` in it.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "no {text} in {}", self.log);
            self.log.push_str(&line);
            if line.contains(text) {
                return line;
            }
        }
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.get_with(path, "")
    }

    /// Asks with lines of one's own in the head.
    pub(crate) fn get_with(&self, path: &str, headers: &str) -> String {
        self.ask(&format!("GET {path}"), headers)
    }

    /// Sends a request without a body, such as `GET /`.
    pub(crate) fn ask(&self, request: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    pub(crate) fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Its whole log, once it has ended well.
    pub(crate) fn end(mut self) -> String {
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

/// The command that serves, in an environment that says nothing.
pub(crate) fn serve(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bokeh-rs"));
    command
        .arg("serve")
        .args(args)
        .env_remove("RUST_LOG")
        // What the user of the machine has set does not count here.
        .env("HOME", "/nonexistent");
    for (name, _) in std::env::vars_os() {
        let is_of_bokeh = name.to_string_lossy().starts_with("BOKEH_");
        if is_of_bokeh {
            command.env_remove(name);
        }
    }
    command
}
