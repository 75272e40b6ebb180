//! Files of applications, compressed and kept.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::compressed::Compressed;

/// Compressed files. Beyond a bound, those that were not wanted for the longest time are let go.
#[derive(Debug)]
pub(crate) struct Shelf {
    files: Mutex<Files>,
    max_bytes: usize,
}

#[derive(Debug, Default)]
struct Files {
    by_path: HashMap<PathBuf, Kept>,
    n_wanted: u64,
}

#[derive(Debug)]
struct Kept {
    /// Which state of the file it is.
    version: String,
    compressed: Arc<Compressed>,
    last_wanted: u64,
}

impl Shelf {
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self { files: Mutex::default(), max_bytes }
    }

    /// The place for a file in its present state. What was there of an earlier one is gone.
    pub(crate) fn compressed(&self, path: &Path, version: &str) -> Arc<Compressed> {
        let mut files = self.files.lock();
        files.n_wanted += 1;
        let last_wanted = files.n_wanted;
        if let Some(kept) = files.by_path.get_mut(path).filter(|kept| kept.version == version) {
            kept.last_wanted = last_wanted;
            return kept.compressed.clone();
        }
        files.shrink_to(self.max_bytes);
        let compressed = Arc::<Compressed>::default();
        let kept = Kept { version: version.to_owned(), compressed: compressed.clone(), last_wanted };
        files.by_path.insert(path.to_owned(), kept);
        compressed
    }
}

impl Default for Shelf {
    fn default() -> Self {
        Self::new(MAX_BYTES)
    }
}

impl Files {
    fn shrink_to(&mut self, max_bytes: usize) {
        // A file that was never compressed takes something, too.
        let n_bytes = |kept: &Kept| kept.compressed.n_bytes() + kept.version.len() + 1000;
        let mut total: usize = self.by_path.values().map(n_bytes).sum();
        while total > max_bytes {
            let oldest = self.by_path.iter().min_by_key(|(_, kept)| kept.last_wanted);
            let Some(path) = oldest.map(|(path, _)| path.clone()) else { return };
            total -= self.by_path.remove(&path).map_or(0, |kept| n_bytes(&kept));
        }
    }
}

const MAX_BYTES: usize = 64 << 20;
