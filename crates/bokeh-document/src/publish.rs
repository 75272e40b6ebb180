//! Changes of a document on their way to the peers.

use std::sync::Arc;

use bokeh_protocol::{Buffer, BufferIds, BytesMode, EncodedEvent, Encoder, ModelId, PatchEvent};
use rustc_hash::FxHashSet;

use crate::{Change, Document, Origin, Place};

/// Encodes the changes of a document for its peers, each once, and keeps track of the models that the peers know.
///
/// A model is written in full where a peer meets it first, and as a reference afterwards. What happens to a model before
/// the peers know it is left out: its definition carries the outcome.
///
/// ```
/// use bokeh_document::{Document, Publisher};
/// use bokeh_protocol::{Message, Object};
///
/// let mut doc = Document::new();
/// let mut publisher = Publisher::default();
/// publisher.forget();
/// doc.add_root(Object { name: "Div".into(), id: None, attributes: vec![] });
///
/// let patches = publisher.publish(&mut doc, None).for_others();
/// let message = Message::patch_doc("1", &patches[0]);
/// assert_eq!(
///     message.content(),
///     r#"{"events":[{"kind":"RootAdded","model":{"type":"object","name":"Div","id":"m1003"}}]}"#,
/// );
/// ```
#[derive(Debug, Default)]
pub struct Publisher {
    /// The models that every peer knows.
    known: FxHashSet<ModelId>,
    /// The models that peers knew once, and may still remember something of.
    forgotten: FxHashSet<ModelId>,
    /// The models that were out of view at some moment since changes were told last: peers may drop them between two events.
    detached: FxHashSet<ModelId>,
    /// The models that messages of peers have defined, when nobody else was told yet: the changes are held back.
    introduced: Vec<(Origin, Vec<ModelId>)>,
    buffer_ids: BufferIds,
    n_encoded: u64,
}

/// A peer whose message caused the changes.
#[derive(Clone, Copy, Debug)]
pub struct Author<'a> {
    /// The origin of its own changes, which it is not sent back.
    pub origin: Origin,
    /// The models that its message defined.
    pub models: &'a [ModelId],
}

/// The events of one PATCH-DOC.
pub type EncodedPatch = Vec<EncodedEvent>;

/// The changes of one batch, in order. What is the same for all is encoded once and shared.
#[derive(Clone, Debug, Default)]
pub struct Published {
    events: Vec<PublishedEvent>,
    /// Those who have made some of the changes, or just defined models.
    authors: Vec<Origin>,
    /// The models that the authors' messages have defined.
    introduced: FxHashSet<ModelId>,
}

/// A change on its way to the peers.
#[derive(Clone, Debug)]
pub struct PublishedEvent {
    /// Who made it: whoever it is knows already.
    pub origin: Origin,
    /// What it is about, if it leaves anything behind.
    pub place: Option<Place>,
    /// The change itself.
    pub event: PatchEvent,
    /// Models that the peers had forgotten, and are told of again.
    redefined: Vec<Place>,
    shared: Option<Announcement>,
    /// For those who know more than everybody.
    special: Vec<(Origin, Option<Announcement>)>,
}

/// An event as it is sent.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// Its JSON and buffers.
    pub event: EncodedEvent,
    /// The models that it defines.
    pub defined: Arc<[ModelId]>,
    /// The models that the event itself refers to, as far as it defines any.
    pub direct: Arc<[ModelId]>,
    /// Whether it is a message, which is no part of the document.
    pub is_message: bool,
}

impl Published {
    /// The changes, in order.
    #[must_use]
    pub fn events(&self) -> &[PublishedEvent] {
        &self.events
    }

    /// Whether the peer has made some of the changes, or just defined models, so that it is told something else than the others.
    #[must_use]
    pub fn has_author(&self, peer: Origin) -> bool {
        self.authors.contains(&peer)
    }

    /// What to send to one peer: one PATCH-DOC for each patch, in order.
    #[must_use]
    pub fn for_peer(&self, peer: Origin) -> Vec<EncodedPatch> {
        let others = self.events.iter().filter(|event| event.origin != peer);
        arrange(others.filter_map(|event| event.announcement_for(peer)))
    }

    /// The models that a peer has brought back into view without defining them: it knew them before.
    pub fn rejoined(&self, peer: Origin) -> impl Iterator<Item = ModelId> {
        let own = self.events.iter().filter(move |event| event.origin == peer);
        let defined =
            own.filter_map(|event| event.shared.as_ref()).flat_map(|announcement| announcement.defined.iter());
        defined.copied().filter(|model| !self.introduced.contains(model))
    }

    /// What to send to every peer who has made none of the changes.
    #[must_use]
    pub fn for_others(&self) -> Vec<EncodedPatch> {
        arrange(self.events.iter().filter_map(|event| event.shared.as_ref()))
    }
}

/// Arranges announcements into patches.
fn arrange<'a>(announcements: impl Iterator<Item = &'a Announcement>) -> Vec<EncodedPatch> {
    let mut patches = Patches::default();
    announcements.for_each(|announcement| patches.push(announcement));
    patches.into_inner()
}

impl PublishedEvent {
    /// The models whose definition comes again with this event, as [places](Place::Model).
    #[must_use]
    pub fn redefined(&self) -> &[Place] {
        &self.redefined
    }

    /// How a peer is told; `None` when it learns of it otherwise, from a model's definition.
    #[must_use]
    pub fn announcement_for(&self, peer: Origin) -> Option<&Announcement> {
        let special = self.special.iter().find(|(origin, _)| *origin == peer);
        special.map_or(&self.shared, |(_, announcement)| announcement).as_ref()
    }
}

impl Publisher {
    /// Encodes the changes since the last call, and sweeps the document.
    pub fn publish(&mut self, document: &mut Document, author: Option<Author<'_>>) -> Published {
        let changes = document.take_changes();
        for model in document.take_detached() {
            if self.known.remove(&model) {
                self.forgotten.insert(model);
            }
            self.detached.insert(model);
        }
        self.forgotten.extend(std::mem::take(&mut document.returned));
        self.introduced.extend(author.map(|author| (author.origin, author.models.to_vec())));
        let published = self.encode(document, changes);
        if document.sweep() {
            self.known.retain(|model| document.contains(*model));
            self.forgotten.retain(|model| document.contains(*model));
        }
        published
    }

    /// What brings a place of one peer's copy to where the document is; each announcement is to be a PATCH-DOC of its own. It
    /// defines all models that it refers to, since the peer may have dropped some by itself. `is_missing` names models that
    /// this peer was not told of, other than everybody.
    pub fn restore(
        &mut self,
        document: &Document,
        place: &Place,
        is_missing: &dyn Fn(ModelId) -> bool,
    ) -> Vec<Announcement> {
        if let Place::Root(id) = place
            && !document.model_by_wire_id(id).is_some_and(|model| document.roots().contains(&model))
        {
            // The model may be gone, so that there is nothing to make an event of.
            let id = serde_json::to_string(&**id).expect("a string always serializes");
            let json = format!(r#"{{"kind":"RootRemoved","model":{{"id":{id}}}}}"#);
            return vec![Announcement {
                event: EncodedEvent::new(json, []),
                defined: Arc::default(),
                direct: Arc::default(),
                is_message: false,
            }];
        }
        let mut events = document.restoring_events(place);
        // A missing model's definition, when it comes, has the same.
        let is_root = matches!(place, Place::Root(_));
        events.retain(|event| is_root || !event.model().is_some_and(is_missing));
        self.n_encoded += events.len() as u64;
        events.iter().map(|event| announce(document, event, &|_| false, &mut self.buffer_ids)).collect()
    }

    /// A message that one peer did not get when the others did.
    pub fn repeat(
        &mut self,
        document: &Document,
        event: &PatchEvent,
        is_missing: &dyn Fn(ModelId) -> bool,
    ) -> Announcement {
        let known = &self.known;
        self.n_encoded += 1;
        announce(document, event, &|model| known.contains(&model) && !is_missing(model), &mut self.buffer_ids)
    }

    /// Whether every peer was told of the model, and it is still shown.
    #[must_use]
    pub fn knows(&self, model: ModelId) -> bool {
        self.known.contains(&model)
    }

    /// Takes the changes without encoding them, when there is no peer who would have to know.
    pub fn skip(&mut self, document: &mut Document) {
        document.take_changes();
        document.take_detached();
        document.returned.clear();
        document.sweep();
        self.forget();
    }

    /// Nobody knows any model any more.
    pub fn forget(&mut self) {
        self.known.clear();
        self.forgotten.clear();
        self.detached.clear();
        self.introduced.clear();
    }

    /// The whole document, as the content of a PULL-DOC-REPLY or PUSH-DOC, with its arrays in buffers or in the text. The
    /// reader knows all its models afterwards; `is_alone` says that there are no other peers, who may know fewer.
    pub fn whole(&mut self, document: &mut Document, is_inline: bool, is_alone: bool) -> (Vec<u8>, Vec<Buffer>) {
        document.settle_held_columns();
        let document = &*document;
        let bytes = if is_inline { BytesMode::Inline } else { BytesMode::Buffers(&mut self.buffer_ids) };
        let mut encoder = Encoder::new(document, &|_| false, bytes);
        encoder.raw("{\"doc\":");
        document.encode(&mut encoder);
        encoder.raw("}");
        if is_alone {
            self.known = encoder.defined().iter().copied().collect();
        }
        encoder.finish()
    }

    /// How many events were encoded so far: each counts once, however many peers get it.
    #[must_use]
    pub fn n_encoded(&self) -> u64 {
        self.n_encoded
    }

    fn encode(&mut self, document: &Document, changes: Vec<Change>) -> Published {
        let introduced = std::mem::take(&mut self.introduced);
        let authors = authors(&changes, &introduced);
        let mut others = Audience::default();
        let mut special = special_audiences(&introduced);
        let mut events = Vec::with_capacity(changes.len());
        for Change { origin, event } in changes {
            let shared = self.announce(document, &event, &mut others);
            let mut for_special = Vec::new();
            for (peer, audience) in special.iter_mut().filter(|(peer, _)| *peer != origin) {
                for_special.push((*peer, self.announce(document, &event, audience)));
            }
            let place = document.place_of(&event);
            let defined = shared.iter().flat_map(|announcement| announcement.defined.iter());
            let redefined =
                defined.filter(|model| self.forgotten.contains(model)).map(|model| Place::Model(*model)).collect();
            events.push(PublishedEvent { origin, place, event, redefined, shared, special: for_special });
        }
        let defined = others.defined.iter().chain(special.iter().flat_map(|(_, audience)| &audience.defined));
        // While changes are held back, the others are still to be told of what their authors have introduced.
        let told = if document.is_held() { &[][..] } else { &introduced[..] };
        let met = defined.chain(told.iter().flat_map(|(_, models)| models));
        // What no root leads to any more the peers forget again.
        self.known.extend(met.filter(|model| document.was_attached(**model)));
        let defined_by_authors = introduced.iter().flat_map(|(_, models)| models).copied().collect();
        if document.is_held() {
            self.introduced = introduced;
        }
        Published { events, authors, introduced: defined_by_authors }
    }

    /// Encodes an event for an audience; `None` when the audience is not to get it.
    fn announce(&mut self, document: &Document, event: &PatchEvent, audience: &mut Audience) -> Option<Announcement> {
        let is_root = matches!(event, PatchEvent::RootAdded { .. } | PatchEvent::RootRemoved { .. });
        let is_news = |model| !self.known.contains(&model) && !audience.extra.contains(&model);
        if !is_root && event.model().is_some_and(is_news) {
            return None;
        }
        if let PatchEvent::RootRemoved { model } = event
            && document.wire_id(*model).is_none()
        {
            return None;
        }
        let (known, detached) = (&self.known, &self.detached);
        let is_known = |model| {
            let is_defined = || audience.defined.contains(&model) && !detached.contains(&model);
            known.contains(&model) || audience.extra.contains(&model) || is_defined()
        };
        let announcement = announce(document, event, &is_known, &mut self.buffer_ids);
        audience.defined.extend(announcement.defined.iter());
        self.n_encoded += 1;
        Some(announcement)
    }
}

/// Encodes an event for somebody who knows some models.
pub(crate) fn announce(
    document: &Document,
    event: &PatchEvent,
    is_known: &dyn Fn(ModelId) -> bool,
    buffer_ids: &mut BufferIds,
) -> Announcement {
    let mut encoder = Encoder::new(document, is_known, BytesMode::Buffers(buffer_ids));
    event.encode(&mut encoder);
    let defined: Arc<[ModelId]> = encoder.defined().into();
    let (json, buffers) = encoder.finish();
    let mut direct = Vec::new();
    if !defined.is_empty() {
        event.for_each_model(&mut |model| direct.push(model));
        direct.extend(event.model().filter(|_| matches!(event, PatchEvent::RootAdded { .. })));
    }
    Announcement {
        event: EncodedEvent::new(json, buffers),
        defined,
        direct: direct.into(),
        is_message: matches!(event, PatchEvent::MessageSent { .. }),
    }
}

/// The authors of changes, and those who have just defined models.
fn authors(changes: &[Change], introduced: &[(Origin, Vec<ModelId>)]) -> Vec<Origin> {
    let mut authors: Vec<Origin> = Vec::new();
    let definers = introduced.iter().filter(|(_, models)| !models.is_empty()).map(|(origin, _)| *origin);
    for origin in changes.iter().map(|change| change.origin).chain(definers) {
        if origin != Origin::Local && !authors.contains(&origin) {
            authors.push(origin);
        }
    }
    authors
}

/// Those who have just defined models, and so know others than everybody.
fn special_audiences(introduced: &[(Origin, Vec<ModelId>)]) -> Vec<(Origin, Audience)> {
    let mut audiences: Vec<(Origin, Audience)> = Vec::new();
    for (origin, models) in introduced.iter().filter(|(_, models)| !models.is_empty()) {
        let place = audiences.iter().position(|(other, _)| other == origin).unwrap_or_else(|| {
            audiences.push((*origin, Audience::default()));
            audiences.len() - 1
        });
        audiences[place].1.extra.extend(models);
    }
    audiences
}

/// Who knows what, while a batch of changes is encoded.
#[derive(Default)]
struct Audience {
    /// Known beyond what everybody knows.
    extra: FxHashSet<ModelId>,
    /// Defined in this batch.
    defined: FxHashSet<ModelId>,
}

/// Arranges events into patches.
#[derive(Debug, Default)]
pub struct Patches {
    patches: Vec<EncodedPatch>,
    /// Whether the last one takes no more events.
    is_closed: bool,
}

impl Patches {
    /// Adds an event. A definition begins a new PATCH-DOC: a Python client reads all events of one before it applies any, and
    /// ignores the attributes of a model that it still has then. A message has one of its own: BokehJS passes over the whole
    /// PATCH-DOC with an event of Bokeh's that it does not take.
    pub fn push(&mut self, announcement: &Announcement) {
        let event = announcement.event.clone();
        let begins = !announcement.defined.is_empty() || announcement.is_message;
        match self.patches.last_mut() {
            Some(patch) if !begins && !self.is_closed => patch.push(event),
            _ => self.patches.push(vec![event]),
        }
        self.is_closed = announcement.is_message;
    }

    /// The events of each PATCH-DOC, in order.
    #[must_use]
    pub fn into_inner(self) -> Vec<EncodedPatch> {
        self.patches
    }
}
