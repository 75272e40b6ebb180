//! What a worker has said and its session has not heard yet.

#[cfg(test)]
mod tests;

use std::mem;

use bokeh_document::News;

use crate::news;

/// The news for one session, in order, with a limit on how much may wait. Who passes them on never waits for the session.
#[derive(Debug)]
pub(crate) struct Inbox {
    waiting: Vec<News>,
    n_bytes: usize,
    max_bytes: usize,
    state: State,
    has_whole: bool,
    is_delivery_due: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Everything is kept.
    Current,
    /// Too much has waited: what changed is dropped until the whole document is there.
    Missing,
}

/// What is to be done after something has come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    /// Somebody must come and [take](Inbox::take) what waits.
    pub(crate) delivery: bool,
    /// The worker must send the whole document.
    pub(crate) whole: bool,
}

impl Inbox {
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self {
            waiting: Vec::new(),
            n_bytes: 0,
            max_bytes,
            state: State::Current,
            has_whole: false,
            is_delivery_due: false,
        }
    }

    /// Takes what the worker says.
    pub(crate) fn push(&mut self, mut news: News) -> Due {
        let mut due = Due::default();
        let n_bytes = news::n_bytes(&news);
        if self.state == State::Current && self.n_bytes + n_bytes > self.max_bytes && !self.waiting.is_empty() {
            self.state = State::Missing;
            due.whole = true;
            self.n_bytes = 0;
            for waiting in &mut self.waiting {
                waiting.segments.clear();
            }
            self.waiting.retain(|news| news.answers.is_some());
        }
        match self.state {
            State::Current => self.n_bytes += n_bytes,
            // The whole document will have it; the answer itself must reach the peer.
            State::Missing => news.segments.clear(),
        }
        if self.state == State::Current || news.answers.is_some() {
            self.waiting.push(news);
            due.delivery = !mem::replace(&mut self.is_delivery_due, true);
        }
        due
    }

    /// Takes the whole document, after which everything counts again. It is as large as the session must hold anyway; if it
    /// were counted, the next change would be too much.
    pub(crate) fn push_whole(&mut self, news: News) -> Due {
        self.state = State::Current;
        self.has_whole = true;
        self.waiting.push(news);
        Due { delivery: !mem::replace(&mut self.is_delivery_due, true), whole: false }
    }

    /// Whether a document takes in what waits before anybody has to wait for it.
    pub(crate) fn is_light(&self) -> bool {
        !self.has_whole && self.n_bytes <= MAX_LIGHT_BYTES
    }

    /// Everything that waits, if it is [light](Self::is_light).
    pub(crate) fn take_if_light(&mut self) -> Option<Vec<News>> {
        self.is_light().then(|| self.take())
    }

    /// Everything that waits.
    pub(crate) fn take(&mut self) -> Vec<News> {
        self.is_delivery_due = false;
        self.has_whole = false;
        self.n_bytes = 0;
        mem::take(&mut self.waiting)
    }
}

const MAX_LIGHT_BYTES: usize = 1 << 20;
