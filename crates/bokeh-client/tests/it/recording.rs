//! Recorded traffic, put together to messages.

use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bokeh_protocol::{Fragment, Limits, RawMessage, Receiver};
use serde_json::Value as Json;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    Client,
    Server,
}

/// The messages of a recording's first connection, in the order in which they were complete.
pub(crate) fn messages(name: &str) -> Vec<(Sender, RawMessage)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../e2e/corpus").join(name).with_extension("jsonl");
    let lines = fs::read_to_string(path).unwrap();
    let mut from_client = Receiver::for_server(Limits::default());
    let mut from_server = Receiver::for_client(Limits::default());
    let mut messages = Vec::new();
    for line in lines.lines() {
        let line: Json = serde_json::from_str(line).unwrap();
        let fragment = match line["op"].as_str() {
            Some("text") => Fragment::Text(line["text"].as_str().unwrap().to_owned().into()),
            Some("binary") => Fragment::Binary(BASE64_STANDARD.decode(line["b64"].as_str().unwrap()).unwrap().into()),
            _ => continue,
        };
        assert_eq!(line["conn"], 1, "{name} has several connections");
        let (sender, receiver) = match line["dir"].as_str() {
            Some("c2s") => (Sender::Client, &mut from_client),
            _ => (Sender::Server, &mut from_server),
        };
        messages.extend(receiver.push(fragment).unwrap().map(|message| (sender, message)));
    }
    assert!(!messages.is_empty(), "{name} has no messages");
    messages
}
