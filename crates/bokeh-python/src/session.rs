//! A session whose document is in a worker.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bokeh_application::SessionContext;
use bokeh_document::{Document, DocumentHandle, News, PostError, Primary, Submission, SubmissionKind};
use bokeh_protocol::Message;
use parking_lot::Mutex;
use serde_json::value::RawValue;
use tokio::runtime::Handle;

use crate::channel::Channel;
use crate::error::CallError;
use crate::inbox::{Due, Inbox};
use crate::log_id::log_id;
use crate::message::{Edit, OfPeer, OfSession, Submit};
use crate::news;

/// One session in a worker, seen from the server. It is the [`Primary`] of the session's document.
pub(crate) struct RemoteSession {
    number: u64,
    route: String,
    context: SessionContext,
    document: Option<DocumentHandle>,
    channel: Channel,
    runtime: Handle,
    inbox: Mutex<Inbox>,
    has_begun: AtomicBool,
}

impl RemoteSession {
    pub(crate) fn new(
        number: u64,
        route: String,
        context: SessionContext,
        channel: Channel,
        runtime: Handle,
        max_waiting_bytes: usize,
    ) -> Arc<Self> {
        let (document, inbox) = (context.document(), Mutex::new(Inbox::new(max_waiting_bytes)));
        Arc::new(Self { number, route, context, document, channel, runtime, inbox, has_begun: AtomicBool::new(false) })
    }

    /// The number by which server and worker call it.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn route(&self) -> &str {
        &self.route
    }

    pub(crate) fn context(&self) -> &SessionContext {
        &self.context
    }

    /// The worker has begun to make it.
    pub(crate) fn begin(&self) {
        self.has_begun.store(true, Ordering::Relaxed);
    }

    /// Whether code of the application may have run for it.
    pub(crate) fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::Relaxed)
    }

    /// Takes what the worker has said, and passes it on without waiting for the session.
    pub(crate) fn hear(self: &Arc<Self>, news: News) {
        let due = self.inbox.lock().push(news);
        self.act(due);
    }

    fn hear_whole(self: &Arc<Self>, news: News) {
        let due = self.inbox.lock().push_whole(news);
        self.act(due);
    }

    fn act(self: &Arc<Self>, due: Due) {
        if due.whole {
            tracing::warn!(
                app = self.route,
                session = log_id(self.context.id()),
                "a session does not keep up with the changes of its Python document; it gets the whole of it instead"
            );
            self.ask_for_whole();
        }
        if due.delivery {
            self.deliver();
        }
    }

    /// Has the session's task take what waits. One such job at a time is on its way.
    fn deliver(self: &Arc<Self>) {
        let Some(document) = &self.document else { return };
        let this = self.clone();
        let is_light = self.inbox.lock().is_light();
        let posted = match is_light {
            true => document.hear(move || this.take_if_light()),
            // A job is done where others do not wait for it.
            false => document.post(move |document| this.follow(document)),
        };
        if posted == Err(PostError::Full) {
            let (this, document) = (self.clone(), document.clone());
            self.runtime.spawn(async move {
                // A session that has ended needs no news.
                document.update(move |document| this.follow(document)).await.ok();
            });
        }
    }

    /// What waits, unless it has become too much meanwhile: then a job takes it.
    fn take_if_light(self: &Arc<Self>) -> Vec<News> {
        let news = self.inbox.lock().take_if_light();
        news.unwrap_or_else(|| {
            self.deliver();
            Vec::new()
        })
    }

    fn follow(&self, document: &mut Document) {
        for news in self.inbox.lock().take() {
            document.follow(news);
        }
    }

    /// Ends the session, whose copy here cannot follow it any more.
    pub(crate) fn give_up(&self, why: &dyn std::error::Error) {
        self.context.request_end(format!("its Python document cannot be copied: {why}"));
    }

    fn ask_for_whole(self: &Arc<Self>) {
        let this = self.clone();
        let on_reply = Box::new(move |reply| match reply {
            Ok(reply) => {
                if let Some(news) = news::of_whole(reply) {
                    this.hear_whole(news);
                }
            }
            // A worker that has ended takes its sessions along.
            Err(CallError::Gone) => {}
            Err(error) => this.give_up(&error),
        });
        self.channel.request("whole", &OfSession { s: self.number }, &[], on_reply);
    }
}

/// The primary that a document knows: what it says goes to the worker, and does not wait there.
pub(crate) struct RemotePrimary(pub(crate) Arc<RemoteSession>);

impl Primary for RemotePrimary {
    fn submit(&self, peer: u64, submission: Submission<'_>) {
        let session = self.0.clone();
        let kind = match submission.kind {
            SubmissionKind::Patch => "patch",
            SubmissionKind::Push => "push",
        };
        let body = Submit { s: session.number, peer, content: submission.content };
        let on_reply = Box::new(move |reply| {
            if let Err(error @ CallError::Unreadable) = &reply {
                session.give_up(error);
            }
            session.hear(news::of_answer(reply, peer));
        });
        self.0.channel.request(kind, &body, submission.buffers, on_reply);
    }

    fn edited(&self, patch: &Message) {
        let session = &self.0;
        if session.channel.n_queued_bytes() > MAX_QUEUED_BYTES {
            session.context.request_end("the Python worker does not keep up with the changes of Rust code");
            return;
        }
        let content: Result<&RawValue, _> = serde_json::from_slice(patch.content());
        let posted = match content {
            Ok(content) => session.channel.post("edit", &Edit { s: session.number, content }, patch.buffers()),
            Err(_) => return,
        };
        // A worker that has ended takes its sessions along.
        posted.ok();
    }

    fn peer_joined(&self, peer: u64) {
        self.0.channel.post("join", &OfPeer { s: self.0.number, peer }, &[]).ok();
    }

    fn peer_left(&self, peer: u64) {
        self.0.channel.post("leave", &OfPeer { s: self.0.number, peer }, &[]).ok();
    }

    fn resend(&self) {
        self.0.ask_for_whole();
    }

    fn give_up(&self) {
        self.0.give_up(&CallError::Unreadable);
    }
}

/// More changes than this may not wait for a worker.
const MAX_QUEUED_BYTES: usize = 256 << 20;
