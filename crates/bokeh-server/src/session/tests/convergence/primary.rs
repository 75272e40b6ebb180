//! The document that a server's is a replica of, as a process that runs Python has it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bokeh_document::{
    Author, Content, Document, News, Origin, Primary, Publisher, Segment, Submission, SubmissionKind,
};
use bokeh_protocol::{Buffer, Message, ModelId};
use serde_json::{Value as Json, json};

/// Code on the replica's side.
const REPLICA: Origin = Origin::Peer(u64::MAX);

pub(super) struct FakePrimary {
    doc: Document,
    publisher: Publisher,
    delay: Duration,
    inbox: Arc<Inbox>,
    /// On their way to the primary, and from it.
    to: VecDeque<(Duration, Request)>,
    from: VecDeque<(Duration, News)>,
}

/// What the replica has said, until the world takes it.
#[derive(Default)]
struct Inbox(Mutex<Vec<Request>>);

enum Request {
    Submitted(u64, Json, Vec<Buffer>),
    Edited(Json, Vec<Buffer>),
    Resend,
}

impl FakePrimary {
    /// The primary with this document, and its replica.
    pub(super) fn new(mut doc: Document, delay: Duration) -> (Self, Document) {
        let mut publisher = Publisher::default();
        let (content, buffers) = publisher.whole(&mut doc, false, true);
        doc.take_changes();
        let content: Json = serde_json::from_slice(&content).unwrap();
        let inbox = Arc::new(Inbox::default());
        let mut replica = Document::new();
        replica.set_id_prefix("r");
        replica.replace_with(&content["doc"], &buffers, Origin::PRIMARY).unwrap();
        replica.set_primary(inbox.clone());
        (FakePrimary { doc, publisher, delay, inbox, to: VecDeque::new(), from: VecDeque::new() }, replica)
    }

    pub(super) fn document(&self) -> &Document {
        &self.doc
    }

    /// Something happens by itself.
    pub(super) fn run(&mut self, edit: impl FnOnce(&mut Document), now: Duration) {
        edit(&mut self.doc);
        let segments = self.segments(None, &[]);
        self.send(segments, None, None, now);
    }

    /// When something happens next.
    pub(super) fn next(&self) -> Option<Duration> {
        let is_new = !self.inbox.0.lock().unwrap().is_empty();
        let waiting = self.to.front().map(|(at, _)| *at).into_iter().chain(self.from.front().map(|(at, _)| *at));
        waiting.chain(is_new.then_some(Duration::ZERO)).min()
    }

    /// Does what is due, and answers news that has arrived.
    pub(super) fn advance(&mut self, now: Duration) -> Option<News> {
        let said = std::mem::take(&mut *self.inbox.0.lock().unwrap());
        self.to.extend(said.into_iter().map(|request| (now + self.delay, request)));
        while let Some((_, request)) = self.to.pop_front_if(|(at, _)| *at <= now) {
            self.handle(request, now);
        }
        self.from.pop_front_if(|(at, _)| *at <= now).map(|(_, news)| news)
    }

    fn handle(&mut self, request: Request, now: Duration) {
        match request {
            Request::Submitted(peer, content, buffers) => {
                let origin = Origin::Peer(peer);
                let applied = self.doc.apply_patch(&content, &buffers, origin);
                let (models, error) = match applied {
                    // Python refuses what names models that are gone.
                    Ok(applied) => (applied.defined, (!applied.passed_over.is_empty()).then(|| "late".to_owned())),
                    Err(error) => (Vec::new(), Some(error.to_string())),
                };
                let segments = self.segments(Some(origin), &models);
                self.send(segments, Some(peer), error, now);
            }
            Request::Edited(content, buffers) => {
                let applied = self.doc.apply_patch(&content, &buffers, REPLICA);
                let is_refused = applied.as_ref().map_or(true, |applied| !applied.passed_over.is_empty());
                let defined = applied.map(|applied| applied.defined).unwrap_or_default();
                let segments = self.segments(Some(REPLICA), &defined);
                self.send(segments, None, None, now);
                if is_refused {
                    self.handle(Request::Resend, now);
                }
            }
            Request::Resend => {
                let (content, buffers) = self.publisher.whole(&mut self.doc, false, false);
                let content: Json = serde_json::from_slice(&content).unwrap();
                let whole = Content::Whole(content["doc"].clone());
                self.send(vec![Segment { peer: None, content: whole, buffers }], None, None, now);
            }
        }
    }

    /// What has changed. The replica is told everything, also what it has said itself.
    fn segments(&mut self, author: Option<Origin>, models: &[ModelId]) -> Vec<Segment> {
        let author = author.map(|origin| Author { origin, models });
        let published = self.publisher.publish(&mut self.doc, author);
        let mut segments = Vec::new();
        for event in published.events() {
            if let (REPLICA, Some(place)) = (event.origin, &event.place) {
                for whole in self.publisher.restore(&self.doc, place, &|_| false) {
                    let json: Json = serde_json::from_slice(&whole.event.json).unwrap();
                    let content = Content::Patch(json!({ "events": [json] }));
                    segments.push(Segment { peer: None, content, buffers: whole.event.buffers.to_vec() });
                }
                continue;
            }
            let Some(announcement) = event.announcement_for(Origin::Local) else { continue };
            let json: Json = serde_json::from_slice(&announcement.event.json).unwrap();
            let peer = match event.origin {
                Origin::Peer(peer) => Some(peer),
                Origin::Local => None,
            };
            let content = Content::Patch(json!({ "events": [json] }));
            segments.push(Segment { peer, content, buffers: announcement.event.buffers.to_vec() });
        }
        segments
    }

    fn send(&mut self, segments: Vec<Segment>, answers: Option<u64>, error: Option<String>, now: Duration) {
        if !segments.is_empty() || answers.is_some() {
            self.from.push_back((now + self.delay, News { segments, answers, error }));
        }
    }
}

impl Primary for Inbox {
    fn submit(&self, peer: u64, submission: Submission<'_>) {
        assert_eq!(submission.kind, SubmissionKind::Patch);
        let request = Request::Submitted(peer, submission.content.clone(), submission.buffers.to_vec());
        self.0.lock().unwrap().push(request);
    }

    fn edited(&self, patch: &Message) {
        let content = serde_json::from_slice(patch.content()).unwrap();
        self.0.lock().unwrap().push(Request::Edited(content, patch.buffers().to_vec()));
    }

    fn peer_joined(&self, _: u64) {}

    fn peer_left(&self, _: u64) {}

    fn resend(&self) {
        self.0.lock().unwrap().push(Request::Resend);
    }

    fn give_up(&self) {
        panic!("what the primary says can be read");
    }
}
