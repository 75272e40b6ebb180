//! What servers and clients in the process of a test have logged.

use std::io;
use std::panic;
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::filter::LevelFilter;

/// Begins to keep what is logged at this level and above, and where code has panicked. Only the first call counts: servers log on
/// threads of their own, so there is one log for all tests of a process.
pub fn start(level: LevelFilter) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt().with_ansi(false).with_max_level(level).with_writer(|| Writer).init();
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            append(format!("{PANIC}{}\n", panic.location().map(ToString::to_string).unwrap_or_default()).as_bytes());
            usual(panic);
        }));
    });
}

/// Everything so far.
#[must_use]
pub fn text() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

/// How the line of a panic begins.
pub const PANIC: &str = "panicked at ";

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
