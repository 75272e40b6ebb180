//! Recorded requests for WebSockets, and what Python's server answered.

use std::fs;
use std::path::Path;

use bokeh_protocol::{Signing, Token};
use serde_json::Value as Json;

use crate::server::now;

/// A request for a WebSocket.
#[derive(Debug)]
pub(crate) struct Upgrade {
    /// What is special about it.
    pub(crate) about: String,
    pub(crate) path: String,
    /// The headers that matter.
    pub(crate) headers: Vec<(String, String)>,
    /// What the client sent before it was greeted.
    pub(crate) early: Vec<String>,
    /// `ACK`, `closed` when the server accepted and hung up at once, or the status.
    pub(crate) answer: String,
}

/// The requests of a recording, with the tokens that `signing` makes of the recorded ones, as old as those were then.
pub(crate) fn upgrades(name: &str, signing: &Signing) -> Vec<Upgrade> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name).with_extension("jsonl");
    let mut upgrades: Vec<Upgrade> = Vec::new();
    let mut about = String::new();
    for line in fs::read_to_string(path).unwrap().lines() {
        let line: Json = serde_json::from_str(line).unwrap();
        if let Some(note) = line["note"].as_str() {
            // Other notes tell what the recording client thought of the answer.
            if !note.starts_with("client saw") {
                note.clone_into(&mut about);
            }
        } else if line["http"].is_string() && line["dir"] == "c2s" {
            upgrades.push(Upgrade::new(&about, &line));
        } else if let Some(upgrade) = upgrades.last_mut() {
            upgrade.follow(&line);
        }
    }
    let mut shift = None;
    let protocols = upgrades.iter_mut().flat_map(|upgrade| &mut upgrade.headers);
    for (_, protocols) in protocols.filter(|(name, _)| name == "Sec-WebSocket-Protocol") {
        let renewed: Vec<String> = protocols.split(',').map(|entry| renew(entry.trim(), signing, &mut shift)).collect();
        *protocols = renewed.join(", ");
    }
    upgrades
}

impl Upgrade {
    fn new(about: &str, line: &Json) -> Self {
        let headers = line["headers"].as_object().unwrap().iter().filter(|(name, _)| *name != "Host");
        Self {
            about: about.to_owned(),
            path: second_word(&line["http"]),
            headers: headers.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect(),
            early: Vec::new(),
            answer: String::new(),
        }
    }

    /// Takes what came after the request.
    fn follow(&mut self, line: &Json) {
        let text = line["text"].as_str();
        if line["http"].is_string() {
            self.answer = second_word(&line["http"]);
        } else if self.answer.is_empty() {
            self.early.extend(text.map(str::to_owned));
        } else if self.answer == "101" && line["dir"] == "s2c" {
            let is_greeting = text.is_some_and(|text| text.contains("\"ACK\""));
            self.answer = if is_greeting { "ACK" } else { "closed" }.to_owned();
        }
    }
}

/// The path of a request, the status of an answer.
fn second_word(http: &Json) -> String {
    http.as_str().unwrap().split(' ').nth(1).unwrap().to_owned()
}

/// Moves a token from the time of its recording to now. `shift` is how long that is, once it is known.
fn renew(text: &str, signing: &Signing, shift: &mut Option<i64>) -> String {
    let token = Token::decode(text).ok();
    let Some((token, expiry)) = token.and_then(|token| token.expiry().map(|expiry| (token, expiry))) else {
        return text.to_owned();
    };
    // The first token was fresh then, and so had the 300 seconds that Python's client gives.
    let shift = *shift.get_or_insert_with(|| now() + 300 - expiry);
    let renewed = Token::new(token.session_id()).expires_at(expiry + shift);
    let unsigned = renewed.encode(&Signing::Unsigned).unwrap();
    match text.split_once('.') {
        None => unsigned,
        Some(_) if token.encode(signing).unwrap() == text => renewed.encode(signing).unwrap(),
        // What is wrong with a signature stays wrong.
        Some((_, signature)) => format!("{unsigned}.{signature}"),
    }
}
