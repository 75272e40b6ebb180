//! Changes of a document on their way to the peers.

use bokeh_protocol::{Buffer, BufferIds, BytesMode, EncodedEvent, Encoder, ModelId, PatchEvent};
use rustc_hash::FxHashSet;

use crate::{Change, Document, Origin};

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
/// let patches = publisher.publish(&mut doc, None).for_others;
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

/// What to send: one PATCH-DOC for each patch, in order. An event that is the same for all is shared, not encoded anew.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// For every peer who has made none of the changes.
    pub for_others: Vec<EncodedPatch>,
    /// For those who have made some: all but their own.
    for_authors: Vec<(Origin, Vec<EncodedPatch>)>,
}

impl Published {
    /// What to send to one peer.
    #[must_use]
    pub fn for_peer(&self, peer: Origin) -> &[EncodedPatch] {
        self.for_author(peer).unwrap_or(&self.for_others)
    }

    /// What to send to a peer who has made some of the changes; `None` for the others.
    #[must_use]
    pub fn for_author(&self, peer: Origin) -> Option<&[EncodedPatch]> {
        self.for_authors.iter().find(|(author, _)| *author == peer).map(|(_, patches)| &patches[..])
    }
}

impl Publisher {
    /// Encodes the changes since the last call, and sweeps the document.
    pub fn publish(&mut self, document: &mut Document, author: Option<Author<'_>>) -> Published {
        let changes = document.take_changes();
        for model in document.take_detached() {
            self.known.remove(&model);
        }
        self.introduced.extend(author.map(|author| (author.origin, author.models.to_vec())));
        let mut published = Published::default();
        if !document.is_held() {
            published = self.encode(document, &changes);
        }
        if document.sweep() {
            self.known.retain(|model| document.contains(*model));
        }
        published
    }

    /// Takes the changes without encoding them, when there is no peer who would have to know.
    pub fn skip(&mut self, document: &mut Document) {
        document.take_changes();
        document.take_detached();
        document.sweep();
        self.forget();
    }

    /// Nobody knows any model any more.
    pub fn forget(&mut self) {
        self.known.clear();
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

    fn encode(&mut self, document: &Document, changes: &[Change]) -> Published {
        let mut others = Audience::default();
        let introduced = std::mem::take(&mut self.introduced);
        let mut authors = authors(changes, &introduced);
        for change in changes {
            let shared = self.event(document, &change.event, &mut others);
            for recipient in authors.iter_mut().filter(|recipient| recipient.origin != change.origin) {
                // Only an author who has just made models knows others than everybody.
                let event = match &mut recipient.audience {
                    Some(audience) => self.event(document, &change.event, audience),
                    None => shared.clone(),
                };
                if let Some((event, defines)) = event {
                    recipient.patches.push(event, defines);
                }
            }
            if let Some((event, defines)) = shared {
                others.patches.push(event, defines);
            }
        }
        let for_authors = authors.iter().filter_map(|recipient| recipient.audience.as_ref());
        let defined = others.defined.iter().chain(for_authors.flat_map(|audience| &audience.defined));
        let met = defined.chain(introduced.iter().flat_map(|(_, models)| models));
        // What no root leads to any more the peers forget again.
        self.known.extend(met.filter(|model| document.was_attached(**model)));
        let for_authors = authors.into_iter().map(|recipient| (recipient.origin, recipient.patches.0)).collect();
        Published { for_others: others.patches.0, for_authors }
    }

    /// Encodes an event for an audience, and says whether it defines models; `None` when the audience is not to get it.
    fn event(
        &mut self,
        document: &Document,
        event: &PatchEvent,
        audience: &mut Audience,
    ) -> Option<(EncodedEvent, bool)> {
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
        let known = &self.known;
        let is_known =
            |model| known.contains(&model) || audience.extra.contains(&model) || audience.defined.contains(&model);
        let mut encoder = Encoder::new(document, &is_known, BytesMode::Buffers(&mut self.buffer_ids));
        event.encode(&mut encoder);
        let defined = encoder.defined().to_vec();
        let (json, buffers) = encoder.finish();
        audience.defined.extend(&defined);
        self.n_encoded += 1;
        Some((EncodedEvent::new(json, buffers), !defined.is_empty()))
    }
}

/// Somebody who has made some of the changes.
struct Recipient {
    origin: Origin,
    /// What they know beyond everybody, if anything.
    audience: Option<Audience>,
    patches: Patches,
}

/// The authors of changes, and those who have just defined models.
fn authors(changes: &[Change], introduced: &[(Origin, Vec<ModelId>)]) -> Vec<Recipient> {
    let mut authors: Vec<Recipient> = Vec::new();
    let origins = changes.iter().map(|change| (change.origin, &[][..]));
    for (origin, models) in origins.chain(introduced.iter().map(|(origin, models)| (*origin, &models[..]))) {
        let place = authors.iter().position(|recipient| recipient.origin == origin).unwrap_or_else(|| {
            authors.push(Recipient { origin, audience: None, patches: Patches::default() });
            authors.len() - 1
        });
        if !models.is_empty() {
            authors[place].audience.get_or_insert_default().extra.extend(models);
        }
    }
    authors.retain(|recipient| recipient.origin != Origin::Local);
    authors
}

/// Who knows what, while a batch of changes is encoded.
#[derive(Default)]
struct Audience {
    /// Known beyond what everybody knows.
    extra: FxHashSet<ModelId>,
    /// Defined in this batch.
    defined: FxHashSet<ModelId>,
    patches: Patches,
}

#[derive(Default)]
struct Patches(Vec<EncodedPatch>);

impl Patches {
    /// A definition begins a new PATCH-DOC: a Python client reads all events of one before it applies any, and ignores the
    /// attributes of a model that it still has then.
    fn push(&mut self, event: EncodedEvent, defines: bool) {
        match self.0.last_mut() {
            Some(patch) if !defines => patch.push(event),
            _ => self.0.push(vec![event]),
        }
    }
}
