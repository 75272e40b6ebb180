//! Texts to compressed payloads.

use flate2::{Compress, Compression, FlushCompress};

use super::{DeflateTerms, TAIL};

/// Compresses messages, one after the other, each by itself.
///
/// One of them takes about 300 KiB and some time to make, so that few should serve many connections.
///
/// ```
/// use bokeh_protocol::{Deflater, DeflateTerms};
///
/// let terms = DeflateTerms::accept(["permessage-deflate"]).expect("it is a good offer");
/// let mut deflater = Deflater::new(6);
/// deflater.push(&b"bokeh ".repeat(100), terms);
/// assert!(deflater.finish().len() < 30);
/// ```
#[derive(Debug)]
pub struct Deflater {
    compress: Compress,
    /// How many bytes later ones can refer to.
    n_in_window: usize,
    output: Vec<u8>,
}

impl Deflater {
    /// With a level from 0, for none at all, to 9, for what takes longest.
    pub fn new(level: u8) -> Self {
        let level = Compression::new(u32::from(level.min(9)));
        Self { compress: Compress::new(level, false), n_in_window: 0, output: Vec::new() }
    }

    /// Adds a part of the message.
    pub fn push(&mut self, mut part: &[u8], terms: DeflateTerms) {
        self.output.reserve(part.len() / 4);
        while !part.is_empty() {
            if terms.has_full_window() {
                return self.compress(part, FlushCompress::None);
            }
            // The library only knows the full window. To stay within a smaller one, it is made to forget.
            let room = terms.window_bytes() - self.n_in_window;
            let (piece, rest) = part.split_at(room.min(part.len()));
            let is_full = piece.len() == room;
            self.compress(piece, if is_full { FlushCompress::Full } else { FlushCompress::None });
            self.n_in_window = if is_full { 0 } else { self.n_in_window + piece.len() };
            part = rest;
        }
    }

    /// Ends the message, and answers with the payload of its frame. The next one can begin.
    pub fn finish(&mut self) -> Vec<u8> {
        self.compress(&[], FlushCompress::Sync);
        let mut payload = std::mem::take(&mut self.output);
        if payload.ends_with(&TAIL) {
            payload.truncate(payload.len() - TAIL.len());
        }
        self.compress.reset();
        self.n_in_window = 0;
        payload
    }

    fn compress(&mut self, mut input: &[u8], flush: FlushCompress) {
        loop {
            // With much room left over, a flush is complete.
            self.output.reserve(MIN_ROOM.max(input.len() / 4));
            let before = self.compress.total_in();
            let compressed = self.compress.compress_vec(input, &mut self.output, flush);
            compressed.expect("it fails only if used after the end, and there is none");
            input = &input[(self.compress.total_in() - before) as usize..];
            if input.is_empty() && self.output.len() < self.output.capacity() {
                return;
            }
        }
    }
}

const MIN_ROOM: usize = 64;
