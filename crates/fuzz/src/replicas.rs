//! A document and the copies of its peers, which must stay equal.

use std::collections::HashSet;

use bokeh_document::{Applied, Author, Document, Origin, PatchError, Place, Published, Publisher};
use bokeh_protocol::{Buffer, BufferIds, BytesMode, EncodedEvent};
use serde_json::{Value as Json, json};

/// The document of a server, and what three peers have of it. Two of them make changes, the last one only looks on.
pub(crate) struct Replicas {
    pub(crate) document: Document,
    publisher: Publisher,
    copies: Vec<Document>,
}

/// How many of the peers make changes.
pub(crate) const N_AUTHORS: u8 = 2;

impl Replicas {
    pub(crate) fn new(document: Document) -> Self {
        let mut replicas = Replicas { document, publisher: Publisher::default(), copies: Vec::new() };
        replicas.publisher.publish(&mut replicas.document, None);
        for peer in 0..=N_AUTHORS {
            let copy = replicas.pull(peer, peer == 0);
            replicas.copies.push(copy);
        }
        replicas
    }

    /// Takes a patch from a peer that has made its changes already.
    pub(crate) fn receive(&mut self, peer: u8, content: &Json, buffers: &[Buffer]) -> Result<(), PatchError> {
        // The peer has seen everything that happened before.
        self.tell();
        let before = written(&self.document);
        let n_models = self.document.n_models();
        let places = self.document.places_named(content);
        let redefines = defines_known(content, &self.document);
        let applied = match self.document.apply_patch(content, buffers, origin(peer)) {
            Ok(applied) => applied,
            Err(error) => {
                assert!(written(&self.document) == before, "a refused patch changes nothing: {error}");
                assert_eq!(self.document.n_models(), n_models, "a refused patch leaves no model behind: {error}");
                assert_eq!(self.document.take_changes(), [], "a refused patch is no change");
                return Err(error);
            }
        };
        let copy = &mut self.copies[usize::from(peer)];
        let is_whole = copy.apply_patch(content, buffers, Origin::Local).is_ok_and(|it| it.passed_over.is_empty());
        let is_honest = is_whole && !redefines;
        settle(copy);
        let published = self.publish(Some((peer, &applied)));
        if is_honest {
            let late = applied.passed_over.iter().filter_map(|index| places.get(*index)?.clone());
            let places = late.chain(conflicts(&published, origin(peer))).collect();
            self.restore(peer, places);
        } else {
            // It names what it cannot know, such as models that nobody shows, or defines what is there. It sees the document
            // anew.
            self.copies[usize::from(peer)] = self.pull(peer, false);
        }
        self.assert_equal();
        Ok(())
    }

    /// Tells the peers what has happened since the last time.
    pub(crate) fn tell(&mut self) {
        self.publish(None);
    }

    pub(crate) fn assert_equal(&self) {
        let document = written(&self.document);
        for (peer, copy) in self.copies.iter().enumerate() {
            let copy = written(copy);
            assert!(copy == document, "the copy of peer {peer} differs:\n{}", difference(&copy, &document));
        }
    }

    fn publish(&mut self, patch: Option<(u8, &Applied)>) -> Published {
        let author = patch.map(|(peer, applied)| Author { origin: origin(peer), models: &applied.defined });
        let published = self.publisher.publish(&mut self.document, author);
        self.document.take_failures();
        self.document.take_warnings();
        for (peer, copy) in (0..).zip(&mut self.copies) {
            for patch in published.for_peer(origin(peer)) {
                apply(copy, &patch);
            }
        }
        published
    }

    /// Brings places of a peer's copy to where the document is.
    fn restore(&mut self, peer: u8, places: HashSet<Place>) {
        for place in places {
            for announcement in self.publisher.restore(&self.document, &place, &|_| false) {
                apply(&mut self.copies[usize::from(peer)], &[announcement.event]);
            }
        }
    }

    fn pull(&mut self, peer: u8, is_alone: bool) -> Document {
        let (content, buffers) = self.publisher.whole(&mut self.document, false, is_alone);
        let content: Json = serde_json::from_slice(&content).expect("what is written is JSON");
        let mut copy = Document::new();
        // What a peer makes has ids that nobody else makes.
        copy.set_id_prefix(format!("peer{peer}-"));
        copy.expect_exact_peers();
        copy.follow_server();
        copy.replace_with(&content["doc"], &buffers, Origin::Local).expect("a document of ours can be read");
        settle(&mut copy);
        copy
    }
}

/// What the author of a patch has been told of although it had changed it itself: then it has the older of both.
fn conflicts(published: &Published, author: Origin) -> impl Iterator<Item = Place> {
    let of = move |is_own: bool| {
        let events = published.events().iter().filter(move |event| (event.origin == author) == is_own);
        events.filter_map(|event| event.place.clone()).collect::<HashSet<Place>>()
    };
    let theirs = of(false);
    of(true).into_iter().filter(move |place| theirs.contains(place))
}

/// Whether a patch defines a model that the document has: the server takes that for a reference.
fn defines_known(json: &Json, document: &Document) -> bool {
    match json {
        Json::Array(items) => items.iter().any(|item| defines_known(item, document)),
        Json::Object(fields) => {
            let id = fields.get("name").and(fields.get("id")).and_then(Json::as_str);
            id.is_some_and(|id| document.model_by_wire_id(id).is_some())
                || fields.values().any(|field| defines_known(field, document))
        }
        _ => false,
    }
}

fn apply(copy: &mut Document, patch: &[EncodedEvent]) {
    let events = patch.iter().map(|event| serde_json::from_slice(&event.json));
    let events = events.collect::<Result<Vec<Json>, _>>().expect("what is written is JSON");
    let buffers: Vec<Buffer> = patch.iter().flat_map(|event| event.buffers.to_vec()).collect();
    let content = json!({ "events": events });
    if let Err(error) = copy.apply_patch(&content, &buffers, Origin::Local) {
        panic!("a peer does not understand a patch of ours: {error}\n{content}");
    }
    settle(copy);
}

fn settle(copy: &mut Document) {
    copy.take_changes();
    copy.take_detached();
    copy.take_warnings();
    copy.sweep();
}

fn origin(peer: u8) -> Origin {
    Origin::Peer(u64::from(peer))
}

type Written = (Vec<u8>, Vec<Buffer>);

fn written(document: &Document) -> Written {
    document.to_json(BytesMode::Buffers(&mut BufferIds::default()))
}

/// Both from where they begin to differ.
fn difference((copy, _): &Written, (document, _): &Written) -> String {
    let n_alike = copy.iter().zip(document).take_while(|(a, b)| a == b).count();
    let rest = |json: &[u8]| {
        let from = n_alike.saturating_sub(200).min(json.len());
        String::from_utf8_lossy(&json[from..(n_alike + 200).min(json.len())]).into_owned()
    };
    format!("{}\n{}", rest(copy), rest(document))
}
