//! The files of the corpus.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bokeh_protocol::Fragment;
use serde_json::Value as Json;

/// What went over the wire while a scenario was played.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The name of the scenario, which is that of its file.
    pub name: String,
    /// The name of the application.
    pub app: String,
    /// The options of the server.
    pub options: Json,
    /// What happened, in order.
    pub steps: Vec<Step>,
}

/// Something that was observed.
#[derive(Clone, Debug)]
pub struct Step {
    /// When, counted from the beginning.
    pub at: Duration,
    /// What.
    pub what: What,
}

/// One of the two ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A browser, or Python's client.
    Client,
    /// Python's server.
    Server,
}

/// What was observed. Connections are numbered.
#[derive(Clone, Debug)]
pub enum What {
    /// What the driver of the scenario did next.
    Note(String),
    /// A client asked for a WebSocket.
    Request {
        /// The connection.
        connection: u64,
        /// The path, with its query.
        path: String,
        /// The headers that matter, by their names in lower case.
        headers: BTreeMap<String, String>,
    },
    /// The server answered with this status.
    Answer {
        /// The connection.
        connection: u64,
        /// 101 if it agreed.
        status: u16,
    },
    /// A frame with a part of a message.
    Fragment {
        /// The connection.
        connection: u64,
        /// Who sent it.
        from: Side,
        /// The payload.
        fragment: Fragment,
    },
    /// A Ping or Pong.
    Ping {
        /// The connection.
        connection: u64,
        /// Who sent it.
        from: Side,
        /// The payload.
        payload: String,
        /// Whether it is the answer to one.
        is_pong: bool,
    },
    /// A Close frame.
    Close {
        /// The connection.
        connection: u64,
        /// Who sent it.
        from: Side,
        /// The code, if there was one.
        code: Option<u16>,
        /// The reason.
        reason: String,
    },
    /// One direction of the TCP stream ended.
    Eof {
        /// The connection.
        connection: u64,
        /// Whose direction.
        from: Side,
    },
}

impl Recording {
    /// Reads a scenario.
    ///
    /// # Panics
    /// When there is none of that name, or its file is not what the corpus says of its format.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let text = fs::read_to_string(folder().join(name).with_extension("jsonl")).unwrap();
        let mut lines = text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
        let head = lines.next().unwrap();
        Recording {
            name: name.to_owned(),
            app: head["app"].as_str().unwrap().to_owned(),
            options: head["server_options"].clone(),
            steps: lines.map(|line| step(&line)).collect(),
        }
    }

    /// The names of all scenarios, sorted.
    ///
    /// # Panics
    /// When the corpus cannot be read.
    #[must_use]
    pub fn names() -> Vec<String> {
        let paths = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
        let recordings = paths.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        let mut names: Vec<String> =
            recordings.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../e2e/corpus")
}

fn step(line: &Json) -> Step {
    Step { at: Duration::from_millis(line["t"].as_u64().unwrap()), what: what(line) }
}

fn what(line: &Json) -> What {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    if line.get("note").is_some() {
        return What::Note(text("note"));
    }
    let connection = line["conn"].as_u64().unwrap();
    let from = if line["dir"] == "c2s" { Side::Client } else { Side::Server };
    if line.get("http").is_some() {
        let http = text("http");
        let word = http.split(' ').nth(1).unwrap();
        return match from {
            Side::Client => What::Request { connection, path: word.to_owned(), headers: headers(&line["headers"]) },
            Side::Server => What::Answer { connection, status: word.parse().unwrap() },
        };
    }
    match line["op"].as_str().unwrap() {
        "text" => What::Fragment { connection, from, fragment: Fragment::Text(text("text").into()) },
        "binary" => {
            let payload = BASE64_STANDARD.decode(text("b64")).unwrap();
            What::Fragment { connection, from, fragment: Fragment::Binary(payload.into()) }
        }
        op @ ("ping" | "pong") => What::Ping { connection, from, payload: text("ascii"), is_pong: op == "pong" },
        "close" => {
            let code = line["code"].as_u64().map(|code| u16::try_from(code).unwrap());
            What::Close { connection, from, code, reason: text("reason") }
        }
        "eof" => What::Eof { connection, from },
        other => panic!("a line of the kind {other:?}"),
    }
}

fn headers(json: &Json) -> BTreeMap<String, String> {
    let header = |(name, value): (&String, &Json)| (name.to_lowercase(), value.as_str().unwrap().to_owned());
    json.as_object().unwrap().iter().map(header).collect()
}
