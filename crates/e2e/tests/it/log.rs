//! What the servers of this process have logged.
//!
//! Servers log on threads of their own, so there is one log for all tests. They find their lines by the session or the
//! route that only they use. The log does not tell a session's id, which would let its reader join the session, but the
//! beginning of the id's hash.

use std::io;
use std::panic;
use std::sync::{Mutex, Once, PoisonError};

use sha2::{Digest, Sha256};
use tracing_subscriber::filter::LevelFilter;

/// Begins to keep the log.
pub(crate) fn start() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt().with_ansi(false).with_max_level(LEVEL).with_writer(|| Writer).init();
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            append(format!("{PANIC}{}\n", panic.location().map(ToString::to_string).unwrap_or_default()).as_bytes());
            usual(panic);
        }));
    });
}

/// Fails unless a warning about a session says this.
pub(crate) fn assert_warned(session_id: &str, text: &str) {
    let hash: String = Sha256::digest(session_id).iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    let lines = lines_with(&hash);
    assert!(lines.iter().any(|line| line.contains("WARN") && line.contains(text)), "{text}: {lines:#?}");
}

/// The lines with this word.
pub(crate) fn lines_with(word: &str) -> Vec<String> {
    whole().lines().filter(|line| line.contains(word)).map(str::to_owned).collect()
}

/// Fails if our code has panicked, in this test or another.
pub(crate) fn assert_no_panic() {
    // Tests panic, too, when they fail.
    let panics: Vec<String> = lines_with(PANIC).into_iter().filter(|line| !line.contains("e2e/")).collect();
    assert!(panics.is_empty(), "{panics:#?}");
}

fn whole() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

fn append(bytes: &[u8]) {
    LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
}

struct Writer;

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        append(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());
const LEVEL: LevelFilter = LevelFilter::INFO;
const PANIC: &str = "panicked at ";
