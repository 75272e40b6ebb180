//! A server, its peers, and the time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bokeh_document::Document;
use bokeh_protocol::{Array, Map, ModelId, PatchIndex, Value};
use serde_json::json;

use super::super::super::core::{Effect, SessionCore};
use super::super::object;
use super::peer::{Habits, Peer, Queue};
use super::primary::FakePrimary;

/// How many messages may wait for a socket in this world.
const MAX_WAITING: usize = 4;

/// Somebody does something, some time after the last step.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) after_ms: u64,
    /// The server, or one of the peers.
    pub(super) who: usize,
    pub(super) what: What,
}

/// What somebody does. The numbers choose among what there is.
#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    Write(u8, u8),
    Children(u8, u8),
    NewChild(u8, u8),
    Stream(u8, u8, Option<u8>),
    Patch(u8, u8, u8),
    Replace(u8, u8),
    Column(u8, u8),
    AddRoot(u8),
    RemoveRoot(u8),
    AddRootAgain(u8),
    Title(u8),
    Refused(u8),
    StopReading,
    Read,
    Pull,
}

pub(super) struct World {
    now: Duration,
    core: SessionCore,
    /// Where the document is a replica: the one that it follows.
    primary: Option<FakePrimary>,
    peers: Vec<Peer>,
}

impl World {
    pub(super) fn new(habits: &[Habits]) -> Self {
        Self::around(document(), None, habits)
    }

    /// A world in which the server's document is a replica of one elsewhere, with this delay between them.
    pub(super) fn of_a_replica(habits: &[Habits], delay: Duration) -> Self {
        let (primary, replica) = FakePrimary::new(document(), delay);
        Self::around(replica, Some(primary), habits)
    }

    fn around(document: Document, primary: Option<FakePrimary>, habits: &[Habits]) -> Self {
        let mut core = SessionCore::new(document, Duration::ZERO);
        let mut peers = Vec::new();
        for (token, habits) in (0..).zip(habits) {
            let mut peer = Peer::new(core.attach(token), *habits);
            peer.request("PULL-DOC-REQ", json!({}), Vec::new(), Duration::ZERO);
            peers.push(peer);
        }
        let mut world = World { now: Duration::ZERO, core, primary, peers };
        world.settle();
        world
    }

    pub(super) fn take(&mut self, step: &Step) {
        self.advance_to(self.now + Duration::from_millis(step.after_ms));
        let what = step.what;
        match self.peers.get_mut(step.who) {
            Some(peer) => {
                match what {
                    What::StopReading => peer.is_reading = false,
                    What::Read => peer.is_reading = true,
                    What::Pull => peer.request("PULL-DOC-REQ", json!({}), Vec::new(), self.now),
                    What::Refused(n) => {
                        edit(&mut peer.doc, What::Write(n, n));
                        peer.tell(&[json!({"kind": "RootRemoved", "model": {"id": "nobody's"}})], self.now);
                    }
                    what => {
                        edit(&mut peer.doc, what);
                        peer.tell(&[], self.now);
                    }
                }
                self.deliver();
            }
            None => {
                // Every other edit is the primary's own.
                if let Some(primary) = self.primary.as_mut().filter(|_| step.after_ms.is_multiple_of(2)) {
                    primary.run(|doc| edit(doc, what), self.now);
                    return;
                }
                self.core.run(Box::new(move |doc| edit(doc, what)), self.now);
                self.deliver();
            }
        }
    }

    /// Lets time pass until nobody has anything to say any more.
    pub(super) fn settle(&mut self) {
        self.peers.iter_mut().for_each(|peer| peer.is_reading = true);
        self.deliver();
        let mut n_steps = 0;
        while let Some(next) = self.next() {
            self.advance_to(next);
            n_steps += 1;
            assert!(n_steps < 10_000, "this never ends");
        }
    }

    /// When something happens next.
    fn next(&self) -> Option<Duration> {
        // Of each peer, one message is handled at a time.
        let up = self.peers.iter().filter(|peer| !self.core.is_waiting(peer.id)).filter_map(|peer| peer.up.front());
        let down = self.peers.iter().filter(|peer| peer.is_reading).filter_map(|peer| peer.down.front());
        let primary = self.primary.as_ref().and_then(FakePrimary::next);
        up.chain(down).map(|(at, _)| *at).chain(self.core.deadline()).chain(primary).min()
    }

    fn advance_to(&mut self, until: Duration) {
        while let Some(next) = self.next().filter(|next| *next <= until) {
            self.now = self.now.max(next);
            if let Some(news) = self.primary.as_mut().and_then(|primary| primary.advance(self.now)) {
                self.core.run(Box::new(|doc| doc.follow(news)), self.now);
                self.deliver();
            }
            for index in 0..self.peers.len() {
                let now = self.now;
                let is_due = |queue: &Queue| queue.front().is_some_and(|(at, _)| *at <= now);
                if is_due(&self.peers[index].up)
                    && !self.core.is_waiting(self.peers[index].id)
                    && let Some((_, message)) = self.peers[index].up.pop_front()
                {
                    let id = self.peers[index].id;
                    match message {
                        Some(message) => self.core.receive(id, &message, self.now),
                        None => self.core.has_answered(id, self.now),
                    }
                    self.deliver();
                }
                let peer = &mut self.peers[index];
                if peer.is_reading
                    && is_due(&peer.down)
                    && let Some((_, message)) = peer.down.pop_front()
                {
                    peer.read(message, self.now);
                    if peer.down.is_empty() && std::mem::take(&mut peer.is_behind) {
                        self.core.catch_up(peer.id, self.now);
                    }
                    self.deliver();
                }
            }
            if self.core.deadline().is_some_and(|deadline| deadline <= self.now) {
                self.core.tick(self.now);
                self.deliver();
            }
        }
        self.now = until.max(self.now);
    }

    /// Puts what the server sends on its way.
    fn deliver(&mut self) {
        for effect in self.core.take_effects() {
            if let Effect::Ping(id) = effect {
                let peer = self.peers.iter_mut().find(|peer| peer.id == id).unwrap();
                peer.expect(None, self.now);
            }
            if let Effect::Send(id, message) | Effect::SendState(id, message) = effect {
                let peer = self.peers.iter_mut().find(|peer| peer.id == id).unwrap();
                peer.expect(Some(&message), self.now);
                if peer.down.len() > MAX_WAITING && !peer.is_behind {
                    peer.is_behind = true;
                    self.core.fall_behind(id);
                }
            }
        }
    }

    pub(super) fn assert_equal(&mut self) {
        let ours = Snapshot::new(self.core.document());
        for peer in &self.peers {
            ours.assert_equal(&Snapshot::new(&peer.doc), &format!("{:?}", peer.id));
        }
        if let Some(primary) = &self.primary {
            ours.assert_equal(&Snapshot::new(primary.document()), "the primary");
        }
    }
}

/// What is to be equal.
struct Snapshot<'d> {
    doc: &'d Document,
    title: &'d str,
    roots: BTreeSet<&'d str>,
    models: BTreeMap<&'d str, &'d str>,
}

impl<'d> Snapshot<'d> {
    fn new(doc: &'d Document) -> Self {
        let id = |model: ModelId| doc.wire_id(model).unwrap();
        Snapshot {
            doc,
            title: doc.title(),
            roots: doc.roots().iter().map(|root| id(*root)).collect(),
            models: doc.models().map(|model| (id(model), doc.class_name(model).unwrap())).collect(),
        }
    }

    fn assert_equal(&self, theirs: &Snapshot<'_>, place: &str) {
        assert_eq!(theirs.title, self.title, "the title at {place}");
        assert_eq!(theirs.roots, self.roots, "the roots at {place}");
        for (id, class) in &self.models {
            assert_eq!(theirs.models.get(id), Some(class), "model {id} at {place}");
            let (our, their) = (self.model(id), theirs.model(id));
            for attr in ["text", "value", "tags", "children", "data", "selected"] {
                let (our, their) = (self.doc.value(our, attr), theirs.doc.value(their, attr));
                let our = our.ok().map(|value| self.readable(&value));
                assert_eq!(their.ok().map(|value| theirs.readable(&value)), our, "{id}.{attr} at {place}");
            }
        }
        assert_eq!(theirs.models.len(), self.models.len(), "the number of models at {place}");
    }

    fn model(&self, id: &str) -> ModelId {
        self.doc.model_by_wire_id(id).unwrap()
    }

    /// A value with wire ids in place of models.
    fn readable(&self, value: &Value) -> String {
        match value {
            Value::Model(model) => self.doc.wire_id(*model).unwrap_or("nobody").to_owned(),
            Value::List(items) => {
                format!("[{}]", items.iter().map(|item| self.readable(item)).collect::<Vec<_>>().join(", "))
            }
            Value::Map(map) => {
                let entry = |(key, value): &(Value, Value)| format!("{key:?}: {}", self.readable(value));
                format!("{{{}}}", map.entries().iter().map(entry).collect::<Vec<_>>().join(", "))
            }
            other => format!("{other:?}"),
        }
    }
}

/// A document of all kinds of parts, with callbacks that answer.
fn document() -> Document {
    let mut doc = Document::new();
    let slider = doc.add_root(object("Slider", [("start", 0.into()), ("end", 1000.into()), ("value", 1.into())]));
    let div = doc.add_root(object("Div", [("text", "idle".into())]));
    let row = doc.add_root(object("Row", []));
    doc.add_root(object("Column", []));
    doc.add_root(object("ColumnDataSource", [("data", columns(&[1.0, 2.0]).into())]));
    // A handle that the application keeps, in and out of view.
    let kept = doc.add(object("Row", [("tags", Value::from_iter([Value::from(0)]))]));
    doc.add_root(kept);
    doc.on_change(slider, "value", move |doc, change| {
        let new = change.new.as_i64().unwrap_or_default();
        doc.set_value(div, "text", format!("{new}").into())?;
        // An answer to the same property.
        if new % 7 == 0 { doc.set_value(slider, "value", (new + 1).into()) } else { Ok(()) }
    })
    .unwrap();
    doc.on_change(row, "children", |doc, change| {
        let n = change.new.as_list().map_or(0, <[Value]>::len);
        doc.set_title(format!("{n} children"));
    })
    .unwrap();
    doc
}

fn columns(values: &[f64]) -> Map {
    [("x", Value::from(Array::from(values.to_vec()))), ("y", values.iter().map(|value| Value::from(*value)).collect())]
        .into_iter()
        .collect()
}

/// Does something with a document. What cannot be done is left.
fn edit(doc: &mut Document, what: What) {
    let mut models: Vec<ModelId> = doc.models().collect();
    models.sort_by_key(|model| doc.wire_id(*model).unwrap().to_owned());
    let of = |doc: &Document, classes: &[&str]| -> Vec<ModelId> {
        models.iter().copied().filter(|model| classes.contains(&doc.class_name(*model).unwrap())).collect()
    };
    let rows = of(doc, &["Row", "Column"]);
    let sources = of(doc, &["ColumnDataSource"]);
    let all = |n: u8| pick(&models, n);
    match what {
        What::Write(n, value) => {
            if let Some(model) = all(n) {
                let (attr, value) = match doc.class_name(model) {
                    Some("Slider") => ("value", Value::from(i64::from(value))),
                    Some("Div") => ("text", Value::from(format!("text {value}"))),
                    _ => ("tags", Value::from_iter([Value::from(i64::from(value))])),
                };
                doc.set_value(model, attr, value).unwrap();
            }
        }
        What::Children(n, bits) => {
            let kids = of(doc, &["Div", "Row"]);
            let chosen = kids.iter().enumerate().filter(|(index, _)| bits >> (index % 8) & 1 == 1);
            let chosen: Vec<Value> = chosen.map(|(_, model)| Value::Model(*model)).collect();
            if let Some(row) = pick(&rows, n) {
                // A row in itself would never be drawn.
                if !chosen.contains(&Value::Model(row)) {
                    doc.set_value(row, "children", chosen.into_iter().collect()).unwrap();
                }
            }
        }
        What::NewChild(n, text) => {
            if let Some(row) = pick(&rows, n) {
                let mut children = doc.value(row, "children").unwrap().as_list().unwrap_or_default().to_vec();
                children.push(Value::from(object("Div", [("text", format!("new {text}").into())])));
                doc.set_value(row, "children", children.into_iter().collect()).unwrap();
            }
        }
        What::Stream(n, row, rollover) => {
            if let Some(source) = pick(&sources, n) {
                doc.stream(source, &columns(&[f64::from(row)]), rollover.map(usize::from)).ok();
            }
        }
        What::Patch(n, row, value) => {
            if let Some(source) = pick(&sources, n) {
                let patch = vec![(PatchIndex::Row(i64::from(row % 4)), Value::from(f64::from(value)))];
                doc.patch(source, vec![("x".into(), patch)]).ok();
            }
        }
        What::Replace(n, value) => {
            if let Some(source) = pick(&sources, n) {
                doc.set_value(source, "data", columns(&[f64::from(value)]).into()).unwrap();
            }
        }
        What::Column(n, value) => {
            if let Some(source) = pick(&sources, n) {
                let x = Value::from(Array::from(vec![f64::from(value); doc.data(source).unwrap().len().max(1)]));
                doc.set_columns(source, &Map::from_iter([("x", x)])).unwrap();
            }
        }
        What::AddRoot(n) => drop(doc.add_root(object("Div", [("text", format!("root {n}").into())]))),
        What::RemoveRoot(n) => {
            if let Some(root) = pick(doc.roots(), n) {
                doc.remove_root(root);
            }
        }
        What::AddRootAgain(n) => {
            if let Some(model) = all(n) {
                doc.add_root(model);
            }
        }
        What::Title(n) => doc.set_title(format!("title {n}")),
        What::Refused(_) | What::StopReading | What::Read | What::Pull => {}
    }
}

fn pick<T: Copy>(from: &[T], n: u8) -> Option<T> {
    (!from.is_empty()).then(|| from[usize::from(n) % from.len()])
}
