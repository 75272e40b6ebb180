//! What the servers of this process have logged.
//!
//! There is one log for all tests. They find their lines by the session or the route that only they use. The log does not tell
//! a session's id, which would let its reader join the session, but the beginning of the id's hash.

use e2e::log::{self, PANIC};
use sha2::{Digest, Sha256};
use tracing_subscriber::filter::LevelFilter;

/// Begins to keep the log.
pub(crate) fn start() {
    log::start(LevelFilter::INFO);
}

/// Fails unless a warning about a session says this.
pub(crate) fn assert_warned(session_id: &str, text: &str) {
    let hash: String = Sha256::digest(session_id).iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    let lines = lines_with(&hash);
    assert!(lines.iter().any(|line| line.contains("WARN") && line.contains(text)), "{text}: {lines:#?}");
}

/// The lines with this word.
pub(crate) fn lines_with(word: &str) -> Vec<String> {
    log::text().lines().filter(|line| line.contains(word)).map(str::to_owned).collect()
}

/// Fails if our code has panicked, in this test or another.
pub(crate) fn assert_no_panic() {
    // Tests panic, too, when they fail.
    let panics: Vec<String> = lines_with(PANIC).into_iter().filter(|line| !line.contains("e2e/")).collect();
    assert!(panics.is_empty(), "{panics:#?}");
}
