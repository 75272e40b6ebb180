//! What is compressed, and by whom.

use std::sync::Arc;

use bokeh_protocol::{DeflateTerms, Deflater, Message};
use bytes::Bytes;
use parking_lot::Mutex;
use tokio::task::yield_now;

/// Compresses what the WebSockets of a server send.
#[derive(Debug)]
pub(crate) struct Compressor {
    level: u8,
    /// Each takes 300 KiB, and is only needed for moments.
    idle: Mutex<Vec<Deflater>>,
}

/// How the messages of one WebSocket are compressed.
#[derive(Clone, Debug)]
pub(crate) struct Compression {
    compressor: Arc<Compressor>,
    terms: DeflateTerms,
}

impl Compressor {
    pub(crate) fn new(level: u8) -> Self {
        Self { level, idle: Mutex::default() }
    }
}

impl Compression {
    /// As this client has offered it. None if it has not.
    pub(crate) fn negotiate<'a>(compressor: &Arc<Compressor>, offers: impl Iterator<Item = &'a str>) -> Option<Self> {
        let terms = DeflateTerms::accept(offers)?;
        Some(Self { compressor: Arc::clone(compressor), terms })
    }

    /// What has been agreed on.
    pub(super) fn terms(&self) -> DeflateTerms {
        self.terms
    }

    /// What the client is answered.
    pub(crate) fn answer(&self) -> String {
        self.terms.answer()
    }

    /// The content of a message, compressed, if it is long and gets shorter. What is sent to many is compressed once.
    pub(super) async fn content_of(&self, message: &Message) -> Option<Bytes> {
        let content = message.content();
        if content.len() < MIN_BYTES {
            return None;
        }
        if !self.terms.has_full_window() {
            return self.deflate(content).await;
        }
        let shared = message.deflated_content();
        if shared.get().is_none() {
            let deflated = self.deflate(content).await;
            // Somebody else may have been faster.
            shared.set(deflated).ok();
        }
        shared.get().cloned().flatten()
    }

    async fn deflate(&self, text: &[u8]) -> Option<Bytes> {
        let Compressor { level, idle } = &*self.compressor;
        let waiting = idle.lock().pop();
        let mut deflater = waiting.unwrap_or_else(|| Deflater::new(*level));
        let mut parts = text.chunks(PART_BYTES);
        if let Some(first) = parts.next() {
            deflater.push(first, self.terms);
        }
        for part in parts {
            // Others want to go on, too.
            yield_now().await;
            deflater.push(part, self.terms);
        }
        let deflated = deflater.finish();
        let mut idle = idle.lock();
        if idle.len() < MAX_IDLE {
            idle.push(deflater);
        }
        (deflated.len() < text.len()).then(|| deflated.into())
    }
}

/// Shorter texts hardly get shorter.
const MIN_BYTES: usize = 128;
/// How much is compressed at once, which takes about a millisecond.
const PART_BYTES: usize = 64 << 10;
const MAX_IDLE: usize = 4;
