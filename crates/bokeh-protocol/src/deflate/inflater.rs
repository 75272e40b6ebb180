//! Frames of compressed messages to frames of plain ones.

use std::mem;

use flate2::{Decompress, FlushDecompress, Status};

use super::head::{BINARY, CONTINUATION, Head, PartialHead, TEXT, write_head};
use super::{DeflateTerms, TAIL};
use crate::close::Close;

/// Turns what a client sends into what it would have sent without compression, byte for byte as it arrives.
///
/// Only compressed messages change; in what way they are cut into frames is not kept. Everything else passes as it is, also what
/// is wrong: whoever reads the outcome finds it.
///
/// ```
/// use bokeh_protocol::{DeflateTerms, Inflater};
///
/// let terms = DeflateTerms::accept(["permessage-deflate"]).expect("it is a good offer");
/// // "Hello", compressed and masked with zeros: an example of RFC 7692.
/// let mut input = &[0xc1, 0x87, 0, 0, 0, 0, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00][..];
/// let mut inflater = Inflater::new(terms, 1000);
/// let mut output = Vec::new();
/// while inflater.push(&mut input, &mut output)? {}
/// assert_eq!(output, b"\x81\x85\0\0\0\0Hello");
/// # Ok::<(), bokeh_protocol::InflateError>(())
/// ```
#[derive(Debug)]
pub struct Inflater {
    max_bytes: usize,
    history: History,
    state: State,
    /// The compressed message that has begun.
    message: Option<Box<Message>>,
}

/// Why what a client sends cannot be inflated. The connection is to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InflateError {
    /// A message is longer than it may be.
    #[error("message too big")]
    TooBig,
    /// The compressed data makes no sense.
    #[error("compressed data is corrupt")]
    Corrupt,
    /// A message began before the one before it had ended.
    #[error("a message began within another")]
    Interrupted,
}

impl InflateError {
    /// How to close the connection.
    pub fn close(self) -> Close {
        let code = match self {
            Self::TooBig => Close::TOO_BIG,
            Self::Corrupt => Close::INVALID_PAYLOAD,
            Self::Interrupted => Close::PROTOCOL_ERROR,
        };
        Close::new(code, self.to_string())
    }
}

#[derive(Debug)]
enum State {
    /// A frame's head arrives.
    Head(PartialHead),
    /// A payload passes as it is.
    Passing { n_left: u64 },
    /// A compressed payload arrives.
    Inflating { n_left: u64, mask: [u8; 4], is_final: bool },
    /// All of a message is there, but for what was left out.
    Ending { tail: &'static [u8] },
    /// It is over.
    Failed(InflateError),
}

/// The end of what has been inflated so far.
#[derive(Debug)]
struct History {
    bytes: Vec<u8>,
    max_bytes: usize,
}

/// A compressed message that arrives.
#[derive(Debug)]
struct Message {
    /// That of the frame to write next.
    opcode: u8,
    inflate: Decompress,
    n_compressed: u64,
    n_inflated: usize,
    /// What has been inflated and not been written.
    waiting: Vec<u8>,
}

impl Inflater {
    /// For messages of at most `max_bytes` when inflated, as the client has agreed to compress them.
    pub fn new(terms: DeflateTerms, max_bytes: usize) -> Self {
        let history = History { bytes: Vec::new(), max_bytes: terms.history_bytes() };
        Self { max_bytes, history, state: State::default(), message: None }
    }

    /// Takes some of the input and adds to the output what follows from it, at most a few KiB. Answers whether there is more to
    /// do: `false` says that the input is used up.
    ///
    /// # Errors
    ///
    /// If a compressed message is longer than it may be, does not inflate, or is mixed up with another. The same error comes
    /// again from then on.
    pub fn push(&mut self, input: &mut &[u8], output: &mut Vec<u8>) -> Result<bool, InflateError> {
        self.step(input, output).inspect_err(|error| {
            self.state = State::Failed(*error);
            self.message = None;
        })
    }

    /// Whether no compressed message has begun: then very little is kept.
    pub fn is_idle(&self) -> bool {
        self.message.is_none()
    }

    #[cfg(test)]
    pub(super) fn history(&self) -> &[u8] {
        &self.history.bytes
    }

    fn step(&mut self, input: &mut &[u8], output: &mut Vec<u8>) -> Result<bool, InflateError> {
        match &mut self.state {
            State::Head(partial) => {
                let Some(head) = partial.take(input) else { return Ok(false) };
                let partial = mem::take(partial);
                if self.is_compressed(&head)? {
                    self.begin(&head)?;
                } else {
                    output.extend_from_slice(partial.bytes());
                    self.state = State::Passing { n_left: head.n_payload };
                }
            }
            State::Passing { n_left } => {
                let n = at_most(*n_left, input.len().min(MAX_FRAME_BYTES));
                let payload = input.split_off(..n).unwrap_or_default();
                output.extend_from_slice(payload);
                *n_left -= n as u64;
                if *n_left == 0 {
                    self.state = State::default();
                } else if n == 0 {
                    return Ok(false);
                }
            }
            State::Inflating { n_left, mask, is_final } => {
                if *n_left == 0 {
                    self.state = if *is_final { State::Ending { tail: &TAIL } } else { State::default() };
                    return Ok(true);
                }
                let Some(message) = &mut self.message else { return Err(InflateError::Interrupted) };
                let mut piece = [0; 512];
                let piece = &mut piece[..at_most(*n_left, input.len().min(512))];
                if piece.is_empty() {
                    return Ok(false);
                }
                for (index, byte) in piece.iter_mut().enumerate() {
                    *byte = input[index] ^ mask[index % 4];
                }
                let n = message.inflate(piece, self.max_bytes)?;
                message.write_if_full(&mut self.history, output);
                *input = &input[n..];
                *n_left -= n as u64;
                mask.rotate_left(n % 4);
            }
            State::Ending { tail } => {
                let Some(message) = &mut self.message else { return Err(InflateError::Interrupted) };
                let n = message.inflate(tail, self.max_bytes)?;
                *tail = &tail[n..];
                // As long as there was no room, there may be more.
                if !message.write_if_full(&mut self.history, output) && tail.is_empty() {
                    message.write(true, &mut self.history, output);
                    self.message = None;
                    self.state = State::default();
                }
            }
            State::Failed(error) => return Err(*error),
        }
        Ok(true)
    }

    /// Whether a frame is part of a compressed message. What breaks the rules is not: others will see that.
    fn is_compressed(&self, head: &Head) -> Result<bool, InflateError> {
        if head.has_unknown_bits || head.mask.is_none() {
            return Ok(false);
        }
        match (head.opcode, head.rsv1, &self.message) {
            (TEXT | BINARY, _, Some(_)) => Err(InflateError::Interrupted),
            (TEXT | BINARY, true, None) | (CONTINUATION, false, Some(_)) => Ok(true),
            _ => Ok(false),
        }
    }

    fn begin(&mut self, head: &Head) -> Result<(), InflateError> {
        let message = match &mut self.message {
            Some(message) => message,
            None => self.message.insert(Box::new(Message::new(head.opcode, &self.history)?)),
        };
        message.n_compressed = message.n_compressed.saturating_add(head.n_payload);
        // No sender makes it longer than this, but for fun.
        if message.n_compressed > 2 * self.max_bytes as u64 + 1024 {
            return Err(InflateError::TooBig);
        }
        let mask = head.mask.unwrap_or_default();
        self.state = State::Inflating { n_left: head.n_payload, mask, is_final: head.is_final };
        Ok(())
    }
}

impl Message {
    fn new(opcode: u8, history: &History) -> Result<Self, InflateError> {
        let (n_compressed, n_inflated, waiting) = (0, 0, Vec::with_capacity(MAX_FRAME_BYTES));
        let mut message = Self { opcode, inflate: Decompress::new(false), n_compressed, n_inflated, waiting };
        // What may be referred to is told to the library as if it had come before in this message.
        message.inflate(&history.as_stored_block(), usize::MAX)?;
        message.n_inflated = 0;
        message.waiting.clear();
        Ok(message)
    }

    /// Inflates as much as there is room for. Answers how much of the input it took: all, if there is room left.
    fn inflate(&mut self, input: &[u8], max_bytes: usize) -> Result<usize, InflateError> {
        let mut n_taken = 0;
        loop {
            let (total_in, total_out) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress_vec(&input[n_taken..], &mut self.waiting, FlushDecompress::Sync);
            let status = status.map_err(|_corrupt| InflateError::Corrupt)?;
            let (n_in, n_out) = (self.inflate.total_in() - total_in, self.inflate.total_out() - total_out);
            n_taken += n_in as usize;
            self.n_inflated += n_out as usize;
            if self.n_inflated > max_bytes {
                return Err(InflateError::TooBig);
            }
            // A sender may end its data as often as it likes.
            if status == Status::StreamEnd {
                self.inflate.reset(false);
            } else if n_in == 0 && n_out == 0 && n_taken < input.len() && !self.is_full() {
                return Err(InflateError::Corrupt);
            }
            if n_taken == input.len() || self.is_full() {
                return Ok(n_taken);
            }
        }
    }

    fn is_full(&self) -> bool {
        self.waiting.len() == self.waiting.capacity()
    }

    fn write_if_full(&mut self, history: &mut History, output: &mut Vec<u8>) -> bool {
        let is_full = self.is_full();
        if is_full {
            self.write(false, history, output);
        }
        is_full
    }

    fn write(&mut self, is_final: bool, history: &mut History, output: &mut Vec<u8>) {
        history.add(&self.waiting);
        let opcode = mem::replace(&mut self.opcode, CONTINUATION);
        let n_payload = u16::try_from(self.waiting.len()).expect("a frame holds few bytes");
        write_head(is_final, opcode, n_payload, output);
        output.append(&mut self.waiting);
    }
}

impl History {
    fn add(&mut self, bytes: &[u8]) {
        let bytes = &bytes[bytes.len().saturating_sub(self.max_bytes)..];
        let n_forgotten = (self.bytes.len() + bytes.len()).saturating_sub(self.max_bytes);
        self.bytes.drain(..n_forgotten);
        self.bytes.extend_from_slice(bytes);
    }

    /// A block without compression, and not the last one; RFC 1951, section 3.2.4.
    fn as_stored_block(&self) -> Vec<u8> {
        let len = u16::try_from(self.bytes.len()).expect("it is much shorter");
        [&[0], &len.to_le_bytes()[..], &(!len).to_le_bytes(), &self.bytes].concat()
    }
}

impl Default for State {
    fn default() -> Self {
        Self::Head(PartialHead::default())
    }
}

/// The smaller of the two.
fn at_most(n: u64, max: usize) -> usize {
    usize::try_from(n).map_or(max, |n| n.min(max))
}

/// How long the frames of inflated messages are at most. With their heads, they fit a buffer of 4 KiB.
const MAX_FRAME_BYTES: usize = (4 << 10) - 8;
