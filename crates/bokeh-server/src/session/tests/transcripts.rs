//! Recorded traffic of Bokeh, replayed: what the peer sent goes in, what comes out is compared with what Bokeh sent.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bokeh_document::Origin;
use bokeh_protocol::{Fragment, Limits, Receiver};
use bytes::Bytes;

use super::*;

#[test]
fn an_opening_page_is_served_as_by_bokeh() {
    replay("js_open", &[]);
}

#[test]
fn a_slider_is_served_as_by_bokeh() {
    // Bokeh drops what a failing callback has changed before; we announce it.
    replay("js_slider", &[(6, "ModelChanged p1009.text = \"value: 6 -> 9\"")]);
}

#[test]
fn a_pulling_client_is_served_as_by_bokeh() {
    replay("py_pull", &[]);
}

#[test]
fn a_pushing_client_is_served_as_by_bokeh() {
    // Bokeh sends a pushed document back to its author, whose client throws that away.
    replay("py_push", &[]);
}

#[test]
fn every_recorded_request_gets_the_same_kind_of_answer() {
    // Where we answer otherwise: the scenario, the connection, the request's number, and what we say.
    let expected = BTreeMap::from([
        // BokehJS writes dates in a way that Python cannot read; we can.
        (("js_client_edits".to_owned(), 6, 17), MessageType::Ok),
        // The callback that fails is not part of the recording.
        (("js_slider".to_owned(), 6, 5), MessageType::Ok),
    ]);
    let folder = format!("{}/../e2e/corpus", env!("CARGO_MANIFEST_DIR"));
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (mut n_requests, mut found) = (0, BTreeMap::new());
    for path in paths.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl")) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let lines = std::fs::read_to_string(&path).unwrap();
        let mut connections: BTreeMap<u64, Vec<Json>> = BTreeMap::new();
        for line in lines.lines().skip(1).map(|line| serde_json::from_str::<Json>(line).unwrap()) {
            if let Some(connection) = line["conn"].as_u64() {
                connections.entry(connection).or_default().push(line);
            }
        }
        for (connection, lines) in connections {
            for (nth, (theirs, ours)) in answers(&lines).into_iter().enumerate() {
                n_requests += 1;
                if theirs.is_some_and(|theirs| theirs != ours) {
                    found.insert((name.to_owned(), connection, nth), ours);
                }
            }
        }
    }
    assert!(n_requests > 300, "only {n_requests} requests were found");
    assert_eq!(found, expected);
}

/// The recorded answer and ours to each request of one connection. The document is the one that was pulled first.
fn answers(lines: &[Json]) -> Vec<(Option<MessageType>, MessageType)> {
    let received = messages(lines, "s2c");
    let mut doc = Document::new();
    if let Some(pulled) = received.iter().find(|message| message.header.msgtype == MessageType::PullDocReply) {
        doc.replace_with(&pulled.content["doc"], &pulled.buffers, Origin::Local).unwrap();
    }
    let recorded: BTreeMap<_, _> =
        received.into_iter().filter_map(|message| Some((message.header.reqid?, message.header.msgtype))).collect();
    let mut session = Session::new(doc);
    let connection = session.core.attach(1);
    let mut receiver = Receiver::for_server(Limits::default());
    let fragments = lines.iter().filter(|line| line["dir"] == "c2s").filter_map(fragment);
    let requests = fragments.map_while(|fragment| receiver.push(fragment).ok()).flatten();
    let answer = |request: RawMessage| {
        session.core.receive(connection, &request, session.now);
        let sent = session.messages();
        let (_, reply) = sent.iter().rev().find(|(_, message)| message.header().reqid.is_some()).unwrap();
        (recorded.get(&request.header.msgid).copied(), reply.header().msgtype)
    };
    requests.map(answer).collect()
}

/// What was sent up to and with one reply.
#[derive(Debug, Default, PartialEq)]
struct Segment {
    events: Vec<String>,
    reply: String,
}

/// Replays the only WebSocket connection of a scenario. `extra` lists events that Bokeh did not send, by segment.
fn replay(scenario: &str, extra: &[(usize, &str)]) {
    let path = format!("{}/../e2e/corpus/{scenario}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let lines = std::fs::read_to_string(path).unwrap();
    let lines: Vec<Json> = lines.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut expected = segments(&messages(&lines, "s2c"));
    if scenario == "py_push" {
        for segment in &mut expected {
            segment.events.retain(|event| !event.starts_with("Root") && !event.starts_with("Title"));
        }
    }
    for (at, event) in extra {
        expected[*at].events.push((*event).to_owned());
    }

    let mut session = Session::new(recorded_app(&lines, scenario));
    let connection = session.core.attach(1);
    let mut receiver = Receiver::for_server(Limits::default());
    for line in &lines {
        if line["note"] == "server action: model" {
            session.run(|doc| {
                let div = doc.model_by_name("div").unwrap();
                doc.set_value(div, "text", "from server".into()).unwrap();
            });
        }
        if line["dir"] == "c2s"
            && let Some(fragment) = fragment(line)
            && let Some(message) = receiver.push(fragment).unwrap()
        {
            session.core.receive(connection, &message, session.now);
        }
    }
    let sent: Vec<RawMessage> = session.messages().iter().map(|(_, message)| reassemble(message)).collect();
    assert_eq!(segments(&sent), expected, "{scenario}");
}

/// The application as Bokeh had built it: its document is what it answered to the first pull (or nothing before a push).
fn recorded_app(lines: &[Json], scenario: &str) -> Document {
    let mut doc = Document::new();
    let replies = messages(lines, "s2c");
    let first = replies.iter().find(|message| message.header.msgtype == MessageType::PullDocReply).unwrap();
    if scenario == "py_push" {
        return doc;
    }
    doc.replace_with(&first.content["doc"], &first.buffers, Origin::Local).unwrap();
    let slider = doc.model_by_name("slider").unwrap();
    let div = doc.model_by_name("div").unwrap();
    doc.on_change(slider, "value", move |doc, change| {
        let (old, new) = (change.old.as_i64().unwrap(), change.new.as_i64().unwrap());
        doc.set_value(div, "text", format!("value: {old} -> {new}").into()).unwrap();
        if new == 9 { Err("callback failed on purpose") } else { Ok(()) }
    })
    .unwrap();
    doc.take_changes();
    doc
}

fn fragment(line: &Json) -> Option<Fragment> {
    match line["op"].as_str()? {
        "text" => Some(Fragment::Text(Bytes::from(line["text"].as_str()?.to_owned()))),
        "binary" => Some(Fragment::Binary(STANDARD.decode(line["b64"].as_str()?).unwrap().into())),
        _ => None,
    }
}

fn messages(lines: &[Json], dir: &str) -> Vec<RawMessage> {
    let mut receiver = Receiver::for_client(Limits::default());
    let fragments = lines.iter().filter(|line| line["dir"] == dir).filter_map(fragment);
    fragments.filter_map(|fragment| receiver.push(fragment).unwrap()).collect()
}

fn reassemble(message: &Message) -> RawMessage {
    let mut receiver = Receiver::for_client(Limits::default());
    message.fragments().find_map(|fragment| receiver.push(fragment).unwrap()).expect("a whole message")
}

/// Cuts a stream of messages at its replies. Events in between count as a set: Bokeh sends effects before their cause.
fn segments(messages: &[RawMessage]) -> Vec<Segment> {
    let mut segments = vec![Segment::default()];
    for message in messages {
        let mut content = message.content.clone();
        let buffers = message.buffers.iter().map(|buffer| (buffer.id.to_string(), STANDARD.encode(&buffer.data)));
        inline(&mut content, &buffers.collect());
        let segment = segments.last_mut().unwrap();
        if message.header.msgtype == MessageType::PatchDoc {
            segment.events.extend(content["events"].as_array().unwrap().iter().map(describe));
            continue;
        }
        segment.events.sort();
        let shown = match message.header.msgtype {
            MessageType::Error => String::new(),
            _ => content.to_string(),
        };
        let reply_to = message.header.reqid.as_deref().unwrap_or("nothing");
        segment.reply = format!("{} to {reply_to}: {shown}", message.header.msgtype);
        segments.push(Segment::default());
    }
    segments
}

fn describe(event: &Json) -> String {
    match event["kind"].as_str().unwrap() {
        "ModelChanged" => format!(
            "ModelChanged {}.{} = {}",
            event["model"]["id"].as_str().unwrap(),
            event["attr"].as_str().unwrap(),
            event["new"]
        ),
        kind => format!("{kind} {event}"),
    }
}

/// Puts the bytes of buffers in the place of their ids.
fn inline(json: &mut Json, buffers: &BTreeMap<String, String>) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| inline(item, buffers)),
        Json::Object(fields) => {
            if fields.get("type").is_some_and(|tag| tag == "bytes") {
                let id = fields["data"]["id"].as_str().map(str::to_owned);
                if let Some(bytes) = id.and_then(|id| buffers.get(&id)) {
                    fields.insert("data".into(), json!(bytes));
                }
            }
            fields.values_mut().for_each(|value| inline(value, buffers));
        }
        _ => {}
    }
}
