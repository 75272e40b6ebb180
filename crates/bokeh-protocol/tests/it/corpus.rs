//! The recorded traffic of Python and BokehJS, put together to messages.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bokeh_protocol::{Fragment, Limits, MessageType, RawMessage, ReceiveError, Receiver};
use serde_json::Value;

#[test]
fn the_reasons_for_closing_are_those_of_bokeh() {
    let mut n_compared = 0;
    for (file, recording) in recordings() {
        for ((connection, direction), fragments) in recording.fragments {
            let Err(Failure::Receive(error)) = reassemble(&direction, fragments) else { continue };
            let ours = error.close();
            let theirs = &recording.closes[&connection];
            match error {
                // Bokeh adds the content, which has not arrived when we refuse the header.
                ReceiveError::NotARequest(msgtype) => {
                    let [start, end] = [format!("Message '{msgtype}'"), "not expected on server".into()];
                    for reason in [ours.reason(), theirs] {
                        assert!(reason.starts_with(&start) && reason.ends_with(&end), "{reason}");
                    }
                }
                // Bokeh prints the object as Python would.
                ReceiveError::BufferHeader(_) => {
                    assert_eq!(ours.reason(), theirs.replace('\'', "\"").replace(": ", ":").replace(", ", ","));
                }
                _ => assert_eq!(ours.reason(), theirs, "{file} {connection}"),
            }
            assert!((1000..5000).contains(&ours.code), "{} is no legal code", ours.code);
            n_compared += 1;
        }
    }
    assert_eq!(n_compared, MEANT_TO_FAIL.len());
}

#[test]
fn recorded_fragments_make_messages_except_where_the_peer_was_meant_to_fail() {
    let mut failures = Vec::new();
    let mut n_messages = BTreeMap::new();
    for (file, recording) in recordings() {
        for ((connection, direction), fragments) in recording.fragments {
            match reassemble(&direction, fragments) {
                Ok(messages) => {
                    for message in messages {
                        *n_messages.entry(message.header.msgtype.as_str()).or_insert(0) += 1;
                    }
                }
                Err(failure) => {
                    failures.push((file.clone(), connection, direction, failure.to_string()));
                }
            }
        }
    }
    let failures: Vec<_> = failures
        .iter()
        .map(|(file, connection, direction, error)| (file.as_str(), *connection, direction.as_str(), error.as_str()))
        .collect();
    assert_eq!(failures, MEANT_TO_FAIL);
    for msgtype in MessageType::ALL {
        assert!(n_messages.contains_key(msgtype.as_str()), "no {msgtype} was recorded");
    }
}

/// What cannot become a message, and why.
#[rustfmt::skip]
const MEANT_TO_FAIL: &[(&str, u64, &str, &str)] = &[
    ("js_protocol_error", 6, "c2s", "the header has no msgtype"),
    ("py_errors", 1, "c2s", "the header is not valid JSON"),
    ("py_errors", 2, "c2s", "the metadata is not valid JSON"),
    ("py_errors", 3, "c2s", "the content is not valid JSON"),
    ("py_errors", 4, "c2s", "the header has no msgtype"),
    ("py_errors", 5, "c2s", "unknown message type \"NOPE\""),
    ("py_errors", 6, "c2s", "the header has no msgid"),
    ("py_errors", 7, "c2s", "the header has no msgtype"),
    ("py_errors", 8, "c2s", "a server takes no ACK message"),
    ("py_errors", 9, "c2s", "a server takes no OK message"),
    ("py_errors", 10, "c2s", "a server takes no ERROR message"),
    ("py_errors", 11, "c2s", "a server takes no PULL-DOC-REPLY message"),
    ("py_errors", 12, "c2s", "expected a text fragment for the header"),
    ("py_errors", 13, "c2s", "expected a text fragment for the metadata"),
    ("py_errors", 14, "c2s", "expected a binary fragment for the buffer payload"),
    ("py_errors", 15, "c2s", "malformed buffer header {\"id\":\"b\",\"x\":1}"),
    ("py_errors", 16, "c2s", "the buffer header is not valid JSON"),
];

#[derive(Default)]
struct Recording {
    /// The fragments of each connection and direction, in the order of sending.
    fragments: BTreeMap<(u64, String), Vec<Fragment>>,
    /// The reason that the server gave when it closed the connection.
    closes: BTreeMap<u64, String>,
}

impl Recording {
    fn parse(lines: &str) -> Self {
        let mut recording = Self::default();
        for line in lines.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let Some(op) = line["op"].as_str() else { continue };
            let string = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            let connection = line["conn"].as_u64().unwrap();
            let fragment = match op {
                "text" => Fragment::Text(string("text").into()),
                "binary" => Fragment::Binary(BASE64_STANDARD.decode(string("b64")).unwrap().into()),
                "close" if line["dir"] == "s2c" => {
                    recording.closes.insert(connection, string("reason"));
                    continue;
                }
                _ => continue,
            };
            recording.fragments.entry((connection, string("dir"))).or_default().push(fragment);
        }
        recording
    }
}

fn recordings() -> Vec<(String, Recording)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../e2e/corpus");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 39);
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let parse = |path: &Path| Recording::parse(&fs::read_to_string(path).unwrap());
    paths.iter().map(|path| (name(path), parse(path))).collect()
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    #[error("the last message is not complete")]
    Incomplete,
}

fn reassemble(direction: &str, fragments: Vec<Fragment>) -> Result<Vec<RawMessage>, Failure> {
    let mut receiver = match direction {
        "c2s" => Receiver::for_server(Limits::default()),
        _ => Receiver::for_client(Limits::default()),
    };
    let mut messages = Vec::new();
    for fragment in fragments {
        messages.extend(receiver.push(fragment)?);
    }
    match receiver.is_mid_message() {
        true => Err(Failure::Incomplete),
        false => Ok(messages),
    }
}
