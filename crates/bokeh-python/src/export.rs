//! Documents as files.

use serde::{Deserialize, Serialize};

use crate::error::CallError;
use crate::message::ExportOf;
use crate::worker::{Worker, read};

/// What a document is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "format", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Export {
    /// Bokeh's JSON.
    Json {
        /// By how many characters each level is indented. None writes all on one line.
        indent: Option<u16>,
    },
    /// A page that needs no server. The variable `BOKEH_RESOURCES` of the environment says where it gets BokehJS from.
    Html,
}

/// Why an application cannot be written to a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// It failed, or made nothing. The traceback is in the log.
    #[error("{0}")]
    App(String),
    /// The worker did not do it.
    #[error(transparent)]
    Worker(CallError),
}

pub(crate) async fn export(worker: &Worker, route: &str, format: Export) -> Result<String, ExportError> {
    #[derive(Deserialize)]
    struct Answer {
        text: Option<String>,
        #[serde(default)]
        reason: String,
    }
    let reply = worker.call("export", &ExportOf { route, format }, &[], None).await;
    let Answer { text, reason } = read("export", reply).map_err(ExportError::Worker)?;
    text.ok_or(ExportError::App(reason))
}
