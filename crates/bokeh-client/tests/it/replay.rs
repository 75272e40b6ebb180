//! A core in the place of Python's client: given what the server sent then, it must send what Python sent.

use std::collections::HashMap;
use std::time::Duration;

use bokeh_client::{ClientCore, Effect};
use bokeh_document::{Document, HoldPolicy};
use bokeh_protocol::{Array, Map, Message, MessageType, ModelId, Object, PatchIndex, RawMessage, Slice, Text, Value};
use bytes::Bytes;
use serde_json::Value as Json;

use crate::comparison::{Content, Ids};
use crate::recording::{self, Sender};

#[test]
fn a_pull_is_that_of_python() {
    let replay = Replay::of("py_pull", Document::new(), vec![]);
    assert_eq!((replay.n_compared, replay.n_answers), (3, 0));
}

#[test]
fn pushes_and_a_pull_are_those_of_python() {
    let edit = on("slider", |doc, slider| doc.set_value(slider, "value", 3.into()).unwrap());
    let replay = Replay::of("py_push", small_document(), vec![edit]);
    assert_eq!((replay.n_compared, replay.n_answers), (7, 0));
    assert_eq!(replay.core.document().title(), "pushed");
}

#[test]
fn each_kind_of_change_is_that_of_python() {
    let edits: Vec<Edit> = vec![
        on("slider", |doc, slider| doc.set_value(slider, "value", 2.into()).unwrap()),
        Box::new(|doc| doc.set_title("client title")),
        on("src", |doc, source| {
            let rows = Map::from_iter([("x", list([4])), ("y", list([7.0]))]);
            doc.stream(source, &rows, Some(3)).unwrap();
        }),
        on("src", |doc, source| {
            let rows = Map::from_iter([("x", Array::from(vec![4]).into()), ("y", Array::from(vec![7.0]).into())]);
            doc.stream(source, &rows, None).unwrap();
        }),
        on("src", |doc, source| {
            let slice = Slice { start: Some(1), stop: Some(3), step: None };
            let patches = vec![(PatchIndex::Row(0), 9.into()), (PatchIndex::Slice(slice), list([8, 7]))];
            doc.patch(source, vec![("x".into(), patches)]).unwrap();
        }),
        on("src", |doc, source| {
            let data = Map::from_iter([("x", Array::from(vec![0, 1]).into()), ("y", list([1, 2]))]);
            doc.set_value(source, "data", data.into()).unwrap();
        }),
        on("src", |doc, source| doc.set_columns(source, &Map::from_iter([("x", list([5, 6]))])).unwrap()),
        Box::new(|doc| {
            doc.add_root(object("Div", None, vec![("name", "r".into()), ("text", "r".into())]));
        }),
        on("r", |doc, div| doc.set_value(div, "text", "r2".into()).unwrap()),
        on("r", |doc, div| assert!(doc.remove_root(div))),
        on("col", |doc, column| {
            let new = object("Div", None, vec![("name", "c".into()), ("text", "c".into())]);
            let old = doc.value(column, "children").unwrap();
            let children = old.as_list().unwrap().iter().cloned().chain([new.into()]);
            doc.set_value(column, "children", children.collect()).unwrap();
        }),
        Box::new(|doc| {
            let data = Map::from_iter([("k", [1.into(), Bytes::from_static(b"zz").into()].into_iter().collect())]);
            doc.send_message("custom", data);
        }),
        on("slider", |doc, slider| {
            let mut doc = doc.held(HoldPolicy::Combine);
            doc.set_value(slider, "value", 3.into()).unwrap();
            doc.set_value(slider, "value", 4.into()).unwrap();
        }),
    ];
    let n_edits = edits.len();
    let mut replay = Replay::of("py_client_edits", Document::new(), edits);
    // Arrays are streamed to columns that are lists: BokehJS would make something else of it, so the outcome is sent.
    assert_eq!(replay.n_streams_replaced, 1);
    assert_eq!(replay.n_compared, 3 * n_edits);
    assert_eq!(replay.n_answers, 0);
    // The callback of the slider, on the server.
    replay.core.run(on("div", |doc, div| assert_eq!(doc.value(div, "text").unwrap(), Value::from("2 -> 4"))), NOW);
}

#[test]
fn what_servers_change_is_taken_over_and_not_sent_back() {
    for name in ["py_server_edits", "py_hold", "py_periodic"] {
        let replay = Replay::of(name, Document::new(), vec![]);
        assert!(replay.n_patches > 3, "{name}");
        assert_eq!(replay.n_answers, 0, "{name}");
    }
}

type Edit = Box<dyn FnOnce(&mut Document)>;

const NOW: Duration = Duration::ZERO;

struct Replay {
    core: ClientCore,
    ids: Ids,
    /// Our names of Python's requests.
    requests: HashMap<String, String>,
    edits: std::vec::IntoIter<Edit>,
    n_compared: usize,
    n_patches: usize,
    n_streams_replaced: usize,
    n_answers: usize,
}

impl Replay {
    /// Does what Python's client did, and compares. The edits make its PATCH-DOCs, one each.
    fn of(name: &str, document: Document, edits: Vec<Edit>) -> Self {
        let mut core = ClientCore::new(document, "c");
        core.connected();
        let edits = edits.into_iter();
        let mut replay = Replay {
            core,
            ids: Ids::default(),
            requests: HashMap::new(),
            edits,
            n_compared: 0,
            n_patches: 0,
            n_streams_replaced: 0,
            n_answers: 0,
        };
        for (sender, message) in recording::messages(name) {
            match sender {
                Sender::Server => replay.receive(message),
                Sender::Client => replay.send(&message),
            }
        }
        assert!(replay.edits.next().is_none(), "more edits than Python made");
        replay
    }

    fn receive(&mut self, mut message: RawMessage) {
        self.n_patches += usize::from(message.header.msgtype == MessageType::PatchDoc);
        message.header.reqid = message.header.reqid.map(|theirs| self.requests[&theirs].clone());
        self.core.receive(message, NOW);
        self.n_answers += self.take_sent().len();
    }

    fn send(&mut self, theirs: &RawMessage) {
        match theirs.header.msgtype {
            MessageType::PullDocReq => drop(self.core.pull()),
            MessageType::PushDoc => drop(self.core.push()),
            MessageType::ServerInfoReq => drop(self.core.roundtrip()),
            _ => {
                let edit = self.edits.next().expect("Python made more edits");
                self.core.run(edit, NOW);
            }
        }
        let sent = self.take_sent();
        let [ours] = &sent[..] else { panic!("{} messages instead of {:?}", sent.len(), theirs.content) };
        assert_eq!(ours.header().msgtype, theirs.header.msgtype);
        self.requests.insert(theirs.header.msgid.clone(), ours.header().msgid.clone());
        let json: Json = serde_json::from_slice(ours.content()).unwrap();
        let kind = |content: &Json| content["events"][0]["kind"].as_str().unwrap_or_default().to_owned();
        if kind(&json) == "ColumnDataChanged" && kind(&theirs.content) == "ColumnsStreamed" {
            self.n_streams_replaced += 1;
            return;
        }
        let ours = Content { json: &json, buffers: ours.buffers() };
        self.ids.assert_same(ours, Content { json: &theirs.content, buffers: &theirs.buffers });
        self.n_compared += 1;
    }

    fn take_sent(&mut self) -> Vec<Message> {
        let mut sent = Vec::new();
        for effect in self.core.take_effects() {
            match effect {
                Effect::Send(message) => sent.push(message),
                Effect::Acknowledged | Effect::Done(_, Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
        sent
    }
}

/// What Python's client pushed, with the ids that it had there, as the server's answers name them.
fn small_document() -> Document {
    let mut doc = Document::new();
    doc.set_title("pushed");
    let slider = vec![("name", "slider".into()), ("start", 0.into()), ("end", 5.into()), ("value", 1.into())];
    doc.add_root(object("Slider", Some("p1026"), slider));
    let nothing = || list::<Value>([]);
    let selected = object("Selection", Some("p1028"), vec![("indices", nothing()), ("line_indices", nothing())]);
    let data = Map::from_iter([("x", Array::from(vec![0, 1, 2]).into()), ("y", list([1, 2, 3]))]);
    let source = vec![
        ("name", "src".into()),
        ("selected", selected.into()),
        ("selection_policy", object("UnionRenderers", Some("p1029"), vec![]).into()),
        ("data", data.into()),
    ];
    let tags = list([object("ColumnDataSource", Some("p1027"), source)]);
    doc.add_root(object("Div", Some("p1030"), vec![("name", "div".into()), ("tags", tags), ("text", "t".into())]));
    doc
}

fn object(name: &'static str, id: Option<&str>, attributes: Vec<(&'static str, Value)>) -> Object {
    let attributes = attributes.into_iter().map(|(name, value)| (Text::from_static(name), value)).collect();
    Object { name: name.into(), id: id.map(Text::from), attributes }
}

fn list<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    items.into_iter().map(Into::into).collect()
}

/// An edit of the model of that name.
fn on(name: &'static str, edit: impl FnOnce(&mut Document, ModelId) + 'static) -> Edit {
    Box::new(move |doc| {
        let model = doc.model_by_name(name).unwrap_or_else(|| panic!("no model is named {name}"));
        edit(doc, model);
    })
}
