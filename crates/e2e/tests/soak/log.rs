//! What server and clients have complained about.

use e2e::log;
use tracing_subscriber::filter::LevelFilter;

/// Begins to keep warnings, errors and panics.
pub(crate) fn start() {
    log::start(LevelFilter::WARN);
}

/// Fails unless everything in the log was to be expected.
pub(crate) fn assert_clean() {
    let log = log::text();
    let is_expected = |line: &&str| line.contains(" WARN ") && EXPECTED.iter().any(|text| line.contains(text));
    let (expected, other): (Vec<&str>, Vec<&str>) = log.lines().partition(is_expected);
    println!("{} expected warnings", expected.len());
    assert!(other.is_empty(), "{other:#?}");
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
