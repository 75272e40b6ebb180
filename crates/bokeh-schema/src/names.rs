//! A hash for names: short strings from our own tables, so that no peer can choose what collides.

use std::hash::{BuildHasherDefault, Hasher};

pub(crate) type NameHash = BuildHasherDefault<NameHasher>;

/// Multiplies and rotates eight bytes at a time.
#[derive(Default)]
pub(crate) struct NameHasher(u64);

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.add(chunk);
        }
        self.add(chunks.remainder());
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(&[byte]);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl NameHasher {
    fn add(&mut self, bytes: &[u8]) {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        self.0 = (self.0.rotate_left(26) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95);
        // The table takes its bucket from the low bits, which a product fills worst.
        self.0 ^= self.0 >> 32;
    }
}
