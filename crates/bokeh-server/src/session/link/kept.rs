//! Messages for a connection that does not read.

use bokeh_document::Announcement;
use bokeh_protocol::PatchEvent;

/// Messages that are sent later: unlike changes, they cannot be read off the document.
#[derive(Debug, Default)]
pub(super) struct KeptMessages {
    events: Vec<PatchEvent>,
    n_bytes: usize,
}

impl KeptMessages {
    /// Keeps a message, or loses it if that would be too much.
    pub(super) fn keep(&mut self, event: &PatchEvent, announcement: &Announcement) {
        let buffers = announcement.event.buffers.iter().map(|buffer| buffer.data.len());
        let n_bytes = OVERHEAD + announcement.event.json.len() + buffers.sum::<usize>();
        if self.n_bytes + n_bytes <= MAX_BYTES {
            self.n_bytes += n_bytes;
            self.events.push(event.clone());
        }
    }

    /// All of them, in order.
    pub(super) fn take(&mut self) -> Vec<PatchEvent> {
        self.n_bytes = 0;
        std::mem::take(&mut self.events)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}

/// The rest is lost: messages are not part of the document.
const MAX_BYTES: usize = 1 << 20;
/// What a kept message costs beside its text.
const OVERHEAD: usize = 256;
