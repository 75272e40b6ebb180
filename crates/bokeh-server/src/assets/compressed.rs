//! What a file holds, compressed.

#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use brotli::enc::BrotliEncoderParams;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use parking_lot::Mutex;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;

use super::coding::Coding;

/// What a file holds, compressed once for each coding: quickly for who asks first, and as well as can be when it is asked for
/// often.
#[derive(Debug, Default)]
pub(crate) struct Compressed {
    gzip: OnceCell<Bytes>,
    brotli: OnceCell<Mutex<Bytes>>,
    n_asked: AtomicUsize,
}

impl Compressed {
    /// What was compressed beforehand, as well as can be.
    pub(crate) fn ready(brotli: Option<Bytes>, gzip: Option<Bytes>) -> Self {
        let n_asked = if brotli.is_some() { OFTEN } else { 0 };
        Self {
            gzip: OnceCell::new_with(gzip),
            brotli: OnceCell::new_with(brotli.map(Mutex::new)),
            n_asked: n_asked.into(),
        }
    }

    /// The compressed content. `read` gives it as it is, if that is needed.
    ///
    /// # Errors
    /// That of `read`.
    pub(crate) async fn get<F>(self: &Arc<Self>, coding: Coding, read: impl Fn() -> F) -> io::Result<Bytes>
    where
        F: Future<Output = io::Result<Bytes>>,
    {
        match coding {
            Coding::Gzip => {
                let compressed = self.gzip.get_or_try_init(async || in_background(read().await?, gzip).await);
                compressed.await.cloned()
            }
            Coding::Brotli => {
                let quickly = |plain: &[u8]| brotli(plain, QUICK);
                let compressed =
                    self.brotli.get_or_try_init(async || in_background(read().await?, quickly).await.map(Mutex::new));
                let compressed = compressed.await?.lock().clone();
                if self.n_asked.fetch_add(1, Ordering::Relaxed) + 1 == OFTEN {
                    match TO_IMPROVE.try_acquire() {
                        Ok(place) => self.improve(read().await?, place),
                        // Its turn may come later.
                        Err(_full) => self.n_asked.store(0, Ordering::Relaxed),
                    }
                }
                Ok(compressed)
            }
        }
    }

    /// How much memory it takes.
    pub(crate) fn n_bytes(&self) -> usize {
        self.gzip.get().map_or(0, Bytes::len) + self.brotli.get().map_or(0, |brotli| brotli.lock().len())
    }

    /// Compresses better what is there. That takes seconds of one processor: nobody waits for it, not even the program's end.
    fn improve(self: &Arc<Self>, plain: Bytes, place: SemaphorePermit<'static>) {
        let this = Arc::clone(self);
        let work = move || {
            let _my_turn = IMPROVING.lock();
            let best = brotli(&plain, BEST);
            if let Some(compressed) = this.brotli.get() {
                *compressed.lock() = best;
            }
            drop(place);
        };
        if let Err(error) = thread::Builder::new().name("bokeh-compress".to_owned()).spawn(work) {
            tracing::debug!(%error, "a file stays compressed as it is");
        }
    }
}

async fn in_background(plain: Bytes, compress: impl FnOnce(&[u8]) -> Bytes + Send + 'static) -> io::Result<Bytes> {
    spawn_blocking(move || compress(&plain)).await.map_err(io::Error::other)
}

fn gzip(plain: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).and_then(|()| encoder.finish()).expect("writing to memory does not fail").into()
}

fn brotli(plain: &[u8], quality: i32) -> Bytes {
    let parameters = BrotliEncoderParams { quality, size_hint: plain.len(), ..BrotliEncoderParams::default() };
    let (mut from, mut to) = (plain, Vec::new());
    brotli::BrotliCompress(&mut from, &mut to, &parameters).expect("writing to memory does not fail");
    to.into()
}

/// At a time, one file is improved.
static IMPROVING: Mutex<()> = Mutex::new(());
/// So many can wait for that, each in memory and with a thread.
static TO_IMPROVE: Semaphore = Semaphore::const_new(MAX_TO_IMPROVE);
const MAX_TO_IMPROVE: usize = 8;
/// The Brotli level of those who wait for it: all of BokehJS takes 0.2 s and a quarter of its bytes.
const QUICK: i32 = 5;
/// The level that takes 6 s for all of BokehJS, and 12 % of the bytes away again.
const BEST: i32 = 11;
/// Which request is a sign that more will come.
const OFTEN: usize = 3;
