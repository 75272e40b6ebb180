//! What server and clients have complained about.

use std::io;
use std::panic;
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::filter::LevelFilter;

/// Begins to keep warnings, errors and panics.
pub(crate) fn start() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt().with_ansi(false).with_max_level(LevelFilter::WARN).with_writer(|| Writer).init();
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            append(
                format!("panicked at {}\n", panic.location().map(ToString::to_string).unwrap_or_default()).as_bytes(),
            );
            usual(panic);
        }));
    });
}

/// Fails unless everything in the log was to be expected.
pub(crate) fn assert_clean() {
    let log = String::from_utf8_lossy(&LOG.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
    let is_expected = |line: &&str| line.contains(" WARN ") && EXPECTED.iter().any(|text| line.contains(text));
    let (expected, other): (Vec<&str>, Vec<&str>) = log.lines().partition(is_expected);
    println!("{} expected warnings", expected.len());
    assert!(other.is_empty(), "{other:#?}");
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

/// What comes of edits that meet on their way: one is about what another has just taken away, such as a row or a model. The
/// server refuses it and says so, the client says that it was told so; a client begins anew with the server's document, and
/// passes over what it had changed there meanwhile.
const EXPECTED: &[&str] = &[
    "refused PATCH-DOC: ",
    "the server answered a change with an error: ",
    "a patch of the server cannot be applied, so its document is pulled anew: ",
    "a change did not outlast the pull: ",
];
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());
