//! How a test ends when something is wrong.

use std::error::Error;

/// What is wrong with a step.
pub(super) type Trouble = String;

/// Ends the test.
#[track_caller]
pub(super) fn fail(trouble: &str) -> ! {
    panic!("{trouble}")
}

#[track_caller]
pub(super) fn check_hook(hook: &str, errors: &[Box<dyn Error + Send + Sync>]) {
    if let Some(error) = errors.first() {
        fail(&format!("{hook} failed: {}", with_causes(&**error)));
    }
}

/// An error's text and those of its causes, as far as it does not quote them itself.
pub(super) fn with_causes<'e>(error: &'e (dyn Error + 'e)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}
