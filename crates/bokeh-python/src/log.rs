//! What workers write into the log.

use serde_json::{Map, Value};

use crate::log_id::log_id;

/// Passes on a record of Python's `logging`. A traceback keeps its lines. Its target is `python`, so that who reads the log can
/// leave it to Python which records are written.
pub(crate) fn pass_on(process: u32, fields: &Map<String, Value>) {
    let text = |key: &str| fields.get(key).and_then(Value::as_str);
    let (app, session, logger) = (text("route"), text("session").map(log_id), text("logger"));
    let mut message = text("text").unwrap_or_default().to_owned();
    if let Some(traceback) = text("traceback") {
        message = format!("{message}\n{traceback}");
    }
    // The level of an event is a constant of its place.
    macro_rules! event {
        ($level:ident) => {
            tracing::$level!(target: "python", app, session, logger, process, "{message}")
        };
    }
    match text("level").unwrap_or_default().to_ascii_lowercase().as_str() {
        "critical" | "error" => event!(error),
        "warning" => event!(warn),
        "info" => event!(info),
        _ => event!(debug),
    }
}
