//! The heads of frames.

/// A frame's head as it arrives, a few bytes at a time.
#[derive(Debug, Default)]
pub(super) struct PartialHead {
    bytes: [u8; MAX_HEAD_BYTES],
    len: usize,
}

/// What stands before a frame's payload.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) is_final: bool,
    /// The first reserved bit: the message that begins is compressed.
    pub(super) rsv1: bool,
    /// Whether one of the bits is set that nobody has given a meaning.
    pub(super) has_unknown_bits: bool,
    pub(super) opcode: u8,
    pub(super) mask: Option<[u8; 4]>,
    pub(super) n_payload: u64,
}

impl PartialHead {
    /// Takes what is missing from `input`. Answers the head once it is whole.
    pub(super) fn take(&mut self, input: &mut &[u8]) -> Option<Head> {
        while self.len < self.wanted() {
            let (first, rest) = input.split_first()?;
            self.bytes[self.len] = *first;
            self.len += 1;
            *input = rest;
        }
        Some(self.parse())
    }

    /// The bytes that were taken.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// How long the head is, as far as it is known.
    fn wanted(&self) -> usize {
        if self.len < 2 { 2 } else { 2 + self.n_length_bytes() + self.n_mask_bytes() }
    }

    fn n_length_bytes(&self) -> usize {
        match self.bytes[1] & LENGTH {
            LENGTH_IN_2_BYTES => 2,
            LENGTH_IN_8_BYTES => 8,
            _ => 0,
        }
    }

    fn n_mask_bytes(&self) -> usize {
        if self.bytes[1] & MASKED == 0 { 0 } else { 4 }
    }

    fn parse(&self) -> Head {
        let [first, second, ..] = self.bytes;
        let (length, mask) = self.bytes()[2..].split_at(self.n_length_bytes());
        let n_payload = match length {
            [] => u64::from(second & LENGTH),
            length => length.iter().fold(0, |n, byte| n << 8 | u64::from(*byte)),
        };
        Head {
            is_final: first & FINAL != 0,
            rsv1: first & RSV1 != 0,
            has_unknown_bits: first & (RSV2 | RSV3) != 0,
            opcode: first & OPCODE,
            mask: mask.try_into().ok(),
            n_payload,
        }
    }
}

/// Writes the head of a client's frame without reserved bits. All masks are equally good on the way from one part of a program
/// to another, and zeros leave the payload as it is.
pub(super) fn write_head(is_final: bool, opcode: u8, n_payload: u16, output: &mut Vec<u8>) {
    output.push(if is_final { FINAL | opcode } else { opcode });
    match u8::try_from(n_payload) {
        Ok(n_payload) if n_payload < LENGTH_IN_2_BYTES => output.push(MASKED | n_payload),
        _ => {
            output.push(MASKED | LENGTH_IN_2_BYTES);
            output.extend_from_slice(&n_payload.to_be_bytes());
        }
    }
    output.extend_from_slice(&[0; 4]);
}

/// Opcodes of RFC 6455.
pub(super) const CONTINUATION: u8 = 0;
pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;

const MAX_HEAD_BYTES: usize = 14;
const FINAL: u8 = 0x80;
const RSV1: u8 = 0x40;
const RSV2: u8 = 0x20;
const RSV3: u8 = 0x10;
const OPCODE: u8 = 0x0f;
const MASKED: u8 = 0x80;
const LENGTH: u8 = 0x7f;
const LENGTH_IN_2_BYTES: u8 = 126;
const LENGTH_IN_8_BYTES: u8 = 127;
