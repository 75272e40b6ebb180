//! Cores in the place of Python's client: given what the server sent then, they must send what Python sent, and end with the
//! document that the server had.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use bokeh_client::{ClientCore, Disconnect, Effect};
use bokeh_document::{Document, HoldPolicy};
use bokeh_protocol::{
    Array, BufferIds, BytesMode, Fragment, Header, Limits, Map, Message, MessageType, Object, PatchIndex, RawMessage,
    Receiver, Slice, Text, Value,
};
use bytes::Bytes;
use replay::actions::{self, children, div, get, set, stream};
use replay::apps::{self, list};
use replay::{Comparison, Difference, Expected, Recording, Side, What, Why};
use serde_json::{Value as Json, json};

const CHAPTER: &str = include_str!("../../../../docs/src/differences.md");

/// Where our client says something else than Python's.
const EXPECTED: &[Expected] = &[
    Expected {
        files: &["py_client_edits"],
        place: "1: ColumnsStreamed ndarray",
        what: "ColumnDataSource(src).data streamed {x: ndarray int32 [4], y: ndarray float64 [7]} \
            | ColumnDataSource(src).data replaced {x: ndarray int32 [2, 3, 4, 4], y: ndarray float64 [5, 6, 7, 7]}",
        why: Why::Row(
            "Stream where BokehJS computes something else: the column is longer than the rollover, or its type would change",
        ),
    },
    Expected {
        files: &["py_client_edits"],
        place: "1: ColumnDataChanged one column",
        what: "ColumnDataSource(src).data replaced.y: nothing | [1, 2]",
        why: Why::Row("ColumnDataChanged with `cols`, when it is sent"),
    },
    Expected {
        files: &["py_client_edits"],
        place: "1: new model inside a property",
        what: "Column(col).children*: the definition of * | a reference",
        why: Why::Row("Models that the client has pulled"),
    },
];

/// What the recorded clients did, one edit for each PATCH-DOC that they sent. Files that are not here have bare frames of
/// no client, most of them malformed.
fn scenarios() -> BTreeMap<&'static str, Scenario> {
    let pulls = |edits| (Document::new as fn() -> Document, edits);
    BTreeMap::from([
        ("py_pull", pulls(vec![])),
        ("py_pull_arguments", pulls(vec![])),
        ("py_push", (pushed as fn() -> Document, vec![edit(|doc| set(doc, "slider", "value", 3))])),
        ("py_client_edits", pulls(each_kind_of_edit())),
        ("py_server_edits", pulls(vec![])),
        ("py_hold", pulls(vec![])),
        (
            "py_two_clients",
            pulls(vec![
                edit(|doc| set(doc, "slider", "value", 7)),
                edit(|doc| doc.set_title("from b")),
                edit(|doc| stream(doc, [("x", list([1])), ("y", list([2.0]))], None)),
            ]),
        ),
        ("py_arrays", pulls(vec![])),
        ("py_keepalive", pulls(vec![])),
        ("py_periodic", pulls(vec![])),
        ("py_session_expiry", pulls(vec![edit(|doc| doc.set_title("changed"))])),
    ])
}

const NO_CLIENT: [&str; 6] =
    ["py_before_ack", "py_errors", "py_handshake", "py_handshake_signed", "py_too_big", "py_two_clients_new_model"];

#[test]
fn our_client_says_what_pythons_says_but_for_the_listed_differences() {
    let (mut found, mut n_compared) = (Vec::new(), 0);
    for (name, (document, edits)) in scenarios() {
        let outcome = Player::play(Recording::read(name), document, edits);
        n_compared += outcome.n_compared;
        found.push((name.to_owned(), outcome.differences));
    }
    assert_eq!(n_compared, 103, "the requests and changes that Python's client sent");
    if let Err(problems) = replay::check(&found, EXPECTED, CHAPTER) {
        panic!("{} problems:\n{problems}", problems.lines().count());
    }
}

#[test]
fn every_recording_of_pythons_client_is_replayed() {
    let scenarios = scenarios();
    let recorded: Vec<String> = Recording::names().into_iter().filter(|name| name.starts_with("py_")).collect();
    let mut replayed: Vec<&str> = scenarios.keys().copied().chain(NO_CLIENT).collect();
    replayed.sort_unstable();
    assert_eq!(replayed, recorded);
}

/// What the server had is known: it is the same application, with the same actions.
#[test]
fn our_client_ends_with_the_document_of_the_server() {
    let mut scenarios = scenarios();
    for (name, finish) in [
        ("py_pull", edit(|_| {})),
        ("py_pull_arguments", edit(|_| {})),
        ("py_server_edits", edit(|_| {})),
        ("py_hold", edit(|_| {})),
        (
            "py_two_clients",
            edit(|doc| {
                set(doc, "slider", "value", 7);
                doc.set_title("from b");
                stream(doc, [("x", list([1])), ("y", list([2.0]))], None);
            }),
        ),
        ("py_arrays", edit(|_| {})),
        ("py_keepalive", edit(|_| {})),
        ("py_periodic", edit(|doc| set(doc, "div", "text", "6"))),
    ] {
        let recording = Recording::read(name);
        let mut expected = Document::new();
        apps::named(&recording.app)(&mut expected);
        for step in &recording.steps {
            if let What::Note(note) = &step.what
                && let Some(action) = note.strip_prefix("server action: ")
            {
                actions::named(action)(&mut expected);
            }
        }
        finish(&mut expected);
        let (document, edits) = scenarios.remove(name).unwrap();
        for (connection, document) in Player::play(recording, document, edits).documents {
            let mut comparison = Comparison::default();
            comparison.theirs(connection, &whole(&expected));
            comparison.ours(connection, &document);
            assert_eq!(comparison.finish(), [], "{name}");
        }
    }
}

/// What the client begins with, and its edits.
type Scenario = (fn() -> Document, Vec<Edit>);
type Edit = Box<dyn FnOnce(&mut Document)>;

fn edit(edit: impl FnOnce(&mut Document) + 'static) -> Edit {
    Box::new(edit)
}

/// What came of a recording.
#[derive(Default)]
struct Outcome {
    differences: Vec<Difference>,
    n_compared: usize,
    /// The documents at the end, by connection.
    documents: BTreeMap<u64, RawMessage>,
}

/// Plays a recording: it does what the recorded server did.
struct Player {
    connections: BTreeMap<u64, Connection>,
    edits: std::vec::IntoIter<Edit>,
    comparison: Comparison,
    outcome: Outcome,
}

/// A client core and its peer. Nothing else here knows the core.
struct Connection {
    core: ClientCore,
    from_client: Receiver,
    from_server: Receiver,
    /// Our names of Python's requests.
    requests: HashMap<String, String>,
}

impl Player {
    fn play(recording: Recording, document: fn() -> Document, edits: Vec<Edit>) -> Outcome {
        let mut player = Player {
            connections: BTreeMap::new(),
            edits: edits.into_iter(),
            comparison: Comparison::default(),
            outcome: Outcome::default(),
        };
        for step in recording.steps {
            match step.what {
                What::Note(note) => player.comparison.note(&note),
                What::Request { connection, .. } => {
                    let connected = Connection::new(document(), connection);
                    player.connections.insert(connection, connected);
                }
                What::Answer { .. } | What::Ping { .. } | What::Eof { .. } => {}
                What::Fragment { connection, from: Side::Client, fragment } => {
                    player.client_says(connection, fragment, step.at);
                }
                What::Fragment { connection, from: Side::Server, fragment } => {
                    player.server_says(connection, fragment, step.at);
                }
                What::Close { connection, from: Side::Server, .. } => player.close(connection),
                What::Close { .. } => {}
            }
        }
        assert!(player.edits.next().is_none(), "more edits than Python made");
        player.outcome.differences = player.comparison.finish();
        player.outcome.n_compared = player.comparison.n_compared();
        player.outcome
    }

    /// Python's client has said something: so does ours.
    fn client_says(&mut self, number: u64, fragment: Fragment, now: Duration) {
        let connection = self.connections.get_mut(&number).unwrap();
        let Some(theirs) = connection.from_client.push(fragment).unwrap() else { return };
        let core = &mut connection.core;
        match theirs.header.msgtype {
            MessageType::PullDocReq => drop(core.pull()),
            MessageType::PushDoc => drop(core.push()),
            MessageType::ServerInfoReq => drop(core.roundtrip()),
            _ => {
                let edit = self.edits.next().expect("Python made more edits");
                core.run(edit, now);
            }
        }
        let ours = connection.take_sent();
        if let [ours] = &ours[..] {
            connection.requests.insert(theirs.header.msgid.clone(), ours.header.msgid.clone());
        }
        self.comparison.theirs(number, &theirs);
        ours.iter().for_each(|ours| self.comparison.ours(number, ours));
        self.comparison.flush();
    }

    /// The server has said something: whatever ours answers, Python's did not.
    fn server_says(&mut self, number: u64, fragment: Fragment, now: Duration) {
        let connection = self.connections.get_mut(&number).unwrap();
        let Some(mut message) = connection.from_server.push(fragment).unwrap() else { return };
        self.comparison.translate(&mut message.content);
        message.header.reqid = message.header.reqid.map(|theirs| connection.requests[&theirs].clone());
        connection.core.receive(message, now);
        connection.take_sent().iter().for_each(|ours| self.comparison.ours(number, ours));
    }

    fn close(&mut self, number: u64) {
        let Some(mut connection) = self.connections.remove(&number) else { return };
        connection.core.disconnected(&Disconnect::Closed);
        self.outcome.documents.insert(number, whole(connection.core.document()));
    }
}

impl Connection {
    fn new(document: Document, number: u64) -> Self {
        let mut core = ClientCore::new(document, &format!("c{number}n"));
        core.connected();
        Connection {
            core,
            from_client: Receiver::for_server(Limits::default()),
            from_server: Receiver::for_client(Limits::default()),
            requests: HashMap::new(),
        }
    }

    fn take_sent(&mut self) -> Vec<RawMessage> {
        let mut sent = Vec::new();
        for effect in self.core.take_effects() {
            match effect {
                Effect::Send(message) => sent.push(reassemble(&message)),
                Effect::Done(request, Err(error)) => panic!("{request:?}: {error}"),
                Effect::Disconnect(reason) => panic!("{reason}"),
                Effect::Refused(error) => panic!("{error}"),
                _ => {}
            }
        }
        sent
    }
}

fn reassemble(message: &Message) -> RawMessage {
    let mut receiver = Receiver::for_client(Limits::default());
    message.fragments().find_map(|fragment| receiver.push(fragment).unwrap()).expect("a whole message")
}

/// A document as a server sends it.
fn whole(document: &Document) -> RawMessage {
    let (content, buffers) = document.to_json(BytesMode::Buffers(&mut BufferIds::default()));
    let content = json!({ "doc": serde_json::from_slice::<Json>(&content).unwrap() });
    RawMessage { header: Header::new("1", MessageType::PullDocReply), content, buffers }
}

fn each_kind_of_edit() -> Vec<Edit> {
    vec![
        edit(|doc| set(doc, "slider", "value", 2)),
        edit(|doc| doc.set_title("client title")),
        edit(|doc| stream(doc, [("x", list([4])), ("y", list([7.0]))], Some(3))),
        edit(|doc| stream(doc, [("x", Array::from(vec![4]).into()), ("y", Array::from(vec![7.0]).into())], None)),
        edit(|doc| {
            let slice = Slice { start: Some(1), stop: Some(3), step: None };
            let x = vec![(PatchIndex::Row(0), 9.into()), (PatchIndex::Slice(slice), list([8, 7]))];
            doc.patch(get(doc, "src"), vec![("x".into(), x)]).unwrap();
        }),
        edit(|doc| {
            let data = Map::from_iter([("x", Array::from(vec![0, 1]).into()), ("y", list([1, 2]))]);
            set(doc, "src", "data", data);
        }),
        edit(|doc| doc.set_columns(get(doc, "src"), &Map::from_iter([("x", list([5, 6]))])).unwrap()),
        edit(|doc| {
            doc.add_root(div("r", "r"));
        }),
        edit(|doc| set(doc, "r", "text", "r2")),
        edit(|doc| assert!(doc.remove_root(get(doc, "r")))),
        edit(|doc| {
            let children = children(doc).into_iter().chain([div("c", "c").into()]);
            set(doc, "col", "children", children.collect::<Value>());
        }),
        edit(|doc| {
            let data = Map::from_iter([("k", list([Value::from(1), Bytes::from_static(b"zz").into()]))]);
            doc.send_message("custom", data);
        }),
        edit(|doc| {
            let doc = &mut *doc.held(HoldPolicy::Combine);
            set(doc, "slider", "value", 3);
            set(doc, "slider", "value", 4);
        }),
    ]
}

/// The document that a recorded client pushed.
fn pushed() -> Document {
    let object = |name: &str, attributes: Vec<(&'static str, Value)>| {
        let attributes = attributes.into_iter().map(|(name, value)| (Text::from_static(name), value)).collect();
        Object { name: name.into(), id: None, attributes }
    };
    let mut doc = Document::new();
    doc.set_title("pushed");
    let slider = vec![("name", "slider".into()), ("start", 0.into()), ("end", 5.into()), ("value", 1.into())];
    doc.add_root(object("Slider", slider));
    let data = Map::from_iter([("x", Array::from(vec![0, 1, 2]).into()), ("y", list([1, 2, 3]))]);
    let source = object("ColumnDataSource", vec![("name", "src".into()), ("data", data.into())]);
    doc.add_root(object("Div", vec![("name", "div".into()), ("text", "t".into()), ("tags", list([source]))]));
    doc
}
