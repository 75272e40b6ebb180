//! Documents that are replicas of one elsewhere.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use bokeh_protocol::{Buffer, BufferIds, Message, ModelId, PatchEvent};
use rustc_hash::FxHashSet;
use serde_json::Value as Json;

use crate::publish::announce;
use crate::{Applied, Change, Document, NewsSource, Origin, PatchError, Patches, ReadError};

/// The document that another one is a replica of: in a process that runs Python, say.
///
/// The primary decides. What a peer sends is [submitted](Self::submit) to it, and the replica changes when the primary says so,
/// in the primary's order. Code on the replica's side changes the replica at once; the primary is [told](Self::edited) and tells
/// back what its places hold then, whole: a stream comes back as all columns. So both end with what the primary had last.
///
/// None of the methods may block or wait. What comes back goes through the document's handle to [`Document::follow`].
pub trait Primary: Send + Sync {
    /// A peer wants to change the document. Answered with one [`News`] that [answers](News::answers) the peer, which submits
    /// nothing else before.
    fn submit(&self, peer: u64, submission: Submission<'_>);

    /// Code on the replica's side has changed it: a PATCH-DOC.
    fn edited(&self, patch: &Message);

    /// A peer looks at the document.
    fn peer_joined(&self, peer: u64);

    /// A peer is gone. It gets no answers any more.
    fn peer_left(&self, peer: u64);

    /// The replica has missed something, and asks for [everything](Content::Whole).
    fn resend(&self);

    /// The replica cannot read everything either: asking once more would not help.
    fn give_up(&self);
}

/// What a peer wants to be done.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    /// Of which message this is the content.
    pub kind: SubmissionKind,
    /// The content, as Bokeh's protocol has it.
    pub content: &'a Json,
    /// The buffers that the content refers to.
    pub buffers: &'a [Buffer],
}

/// The messages that can be submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionKind {
    /// PATCH-DOC.
    Patch,
    /// PUSH-DOC.
    Push,
}

/// What has happened to a primary, in one go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct News {
    /// What has changed, in order.
    pub segments: Vec<Segment>,
    /// The peer whose submission this is the answer to.
    pub answers: Option<u64>,
    /// What went wrong with the submission. What had changed before has changed nevertheless.
    pub error: Option<String>,
}

/// A part of what has happened to a primary.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// The peer who has made the change; `None` for the application, or several.
    pub peer: Option<u64>,
    /// The change.
    pub content: Content,
    /// The buffers that it refers to.
    pub buffers: Vec<Buffer>,
}

/// How a change is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// The content of a PATCH-DOC.
    Patch(Json),
    /// The event at this place of the submission that is being answered, as it was submitted.
    Submitted(usize),
    /// The whole document, as in a PULL-DOC-REPLY's field `doc`.
    Whole(Json),
}

impl Origin {
    /// The primary of a replica.
    pub const PRIMARY: Origin = Origin::Peer(0);
}

impl Document {
    /// Makes the document a replica. What it has counts as the primary's; usually that is nothing, until it
    /// [is given](Self::replace_with_news) what the primary has.
    pub fn set_primary(&mut self, primary: Arc<dyn Primary>) {
        self.follow_server();
        self.changes.is_replica = true;
        self.take_changes();
        self.take_detached();
        self.replica = Some(Box::new(Replica {
            primary,
            known: self.models().collect(),
            buffer_ids: BufferIds::default(),
            news: VecDeque::new(),
        }));
    }

    /// The document that this one is a replica of.
    #[must_use]
    pub fn primary(&self) -> Option<&Arc<dyn Primary>> {
        self.replica.as_ref().map(|replica| &replica.primary)
    }

    /// Takes news of the primary, which the owner of the document makes true after the job that has brought it. In a document that
    /// is no replica it is dropped.
    pub fn follow(&mut self, news: News) {
        if let Some(replica) = &mut self.replica {
            replica.news.push_back(news);
        }
    }

    /// [Takes](Self::follow) all news of a source. For owners.
    pub fn hear(&mut self, source: NewsSource) {
        source().into_iter().for_each(|news| self.follow(news));
    }

    /// The oldest news that is not true yet. For owners.
    pub fn take_news(&mut self) -> Option<News> {
        self.replica.as_mut()?.news.pop_front()
    }

    /// Applies a patch of the primary, made by itself or by a peer. For owners.
    ///
    /// # Errors
    /// What is wrong with it: the replica has missed something. It is as it was.
    pub fn apply_news(&mut self, content: &Json, buffers: &[Buffer], origin: Origin) -> Result<Applied, PatchError> {
        let applied = self.apply_patch(content, buffers, origin)?;
        self.primary_knows(&applied.defined);
        Ok(applied)
    }

    /// The primary has dealt with a submission. Models that it defines and that are not here never were: the primary has refused it, or
    /// keeps them out of view. Its author may name them again; for this document they are gone. For owners.
    pub fn note_submitted(&mut self, content: &Json) {
        match content {
            Json::Array(items) => items.iter().for_each(|item| self.note_submitted(item)),
            Json::Object(fields) => {
                if let (Some("object"), Some(id)) =
                    (fields.get("type").and_then(Json::as_str), fields.get("id").and_then(Json::as_str))
                    && !self.by_wire_id.contains_key(id)
                {
                    self.ids.gone.insert(id.into());
                }
                fields.values().for_each(|value| self.note_submitted(value));
            }
            _ => {}
        }
    }

    /// Takes over the whole document of the primary. For owners.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn replace_with_news(&mut self, document: &Json, buffers: &[Buffer]) -> Result<(), ReadError> {
        self.replace_with(document, buffers, Origin::PRIMARY)?;
        let models: Vec<ModelId> = self.models().collect();
        self.primary_knows(&models);
        Ok(())
    }

    /// Tells the primary what code on this side has changed. For owners, before they [take](Self::take_changes) the changes.
    pub fn tell_primary(&mut self) {
        if self.replica.is_none() || !self.changes.after(0).iter().any(is_local) {
            return;
        }
        let Some(mut replica) = self.replica.take() else { return };
        let (mut patches, mut defined) = (Patches::default(), FxHashSet::<ModelId>::default());
        for change in self.changes.after(0).iter().filter(|change| is_local(change)) {
            let is_root = matches!(change.event, PatchEvent::RootAdded { .. } | PatchEvent::RootRemoved { .. });
            // Its definition, which comes with what leads to it, has the outcome.
            if !is_root && change.event.model().is_some_and(|model| !replica.known.contains(&model)) {
                continue;
            }
            let is_known = |model| replica.known.contains(&model) || defined.contains(&model);
            let announcement = announce(self, &change.event, &is_known, &mut replica.buffer_ids);
            defined.extend(announcement.defined.iter());
            patches.push(&announcement);
        }
        replica.known.extend(defined);
        if replica.known.len() > 2 * self.n_models() + 100 {
            replica.known.retain(|model| self.contains(*model));
        }
        for patch in patches.into_inner() {
            replica.primary.edited(&Message::patch_doc("", &patch));
        }
        self.replica = Some(replica);
    }

    /// The origin of a change that every peer is to be told of, whoever caused it, and that no code on this side has made.
    pub(crate) fn everybody(&self) -> Origin {
        if self.replica.is_some() { Origin::PRIMARY } else { Origin::Local }
    }

    fn primary_knows(&mut self, models: &[ModelId]) {
        if let Some(replica) = &mut self.replica {
            replica.known.extend(models);
        }
    }
}

/// What a replica remembers.
pub(crate) struct Replica {
    primary: Arc<dyn Primary>,
    /// The models that the primary has, or was told of.
    known: FxHashSet<ModelId>,
    buffer_ids: BufferIds,
    news: VecDeque<News>,
}

impl fmt::Debug for Replica {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replica").field("news", &self.news).finish_non_exhaustive()
    }
}

fn is_local(change: &Change) -> bool {
    change.origin == Origin::Local
}
