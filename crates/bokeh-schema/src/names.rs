//! A hash for names: they are short, and all that are stored come from our own tables, so that no peer can choose what collides.

use std::hash::{BuildHasherDefault, Hasher};

pub(crate) type NameHash = BuildHasherDefault<NameHasher>;

/// Multiplies eight bytes at a time. A last piece that is shorter overlaps the one before.
#[derive(Default)]
pub(crate) struct NameHasher(u64);

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.add(bytes.len() as u64);
        if let Some(last) = bytes.last_chunk() {
            for chunk in bytes.chunks_exact(8) {
                self.add(chunk.first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk)));
            }
            self.add(u64::from_le_bytes(*last));
        } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            self.add(u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)));
        } else {
            self.add(bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    // What a string adds to its bytes, so that two strings in a row differ from one. A name is alone.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        // The table takes its bucket from the low bits, which a product fills worst.
        self.0 ^ self.0 >> 32
    }
}

impl NameHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}
