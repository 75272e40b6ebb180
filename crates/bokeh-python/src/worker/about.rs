//! What workers answer.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use crate::channel::Reply;
use crate::error::CallError;

/// What a worker says of itself when it is ready.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct About {
    pub(crate) bokehjs_dir: Option<PathBuf>,
    #[serde(default)]
    pub(crate) extension_dirs: HashMap<String, PathBuf>,
    pub(crate) auth: Option<AuthInfo>,
}

/// What a worker says of the auth module.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct AuthInfo {
    /// The paths that it answers. These begin with the server's prefix, as does the next.
    pub(crate) endpoints: Vec<String>,
    pub(crate) logout_url: Option<String>,
    /// Whether users may join the sessions of others, as in Bokeh.
    pub(crate) share_sessions: bool,
}

/// What a worker says of an application that it has loaded.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct LoadedApp {
    pub(crate) route: String,
    pub(crate) static_path: Option<PathBuf>,
    #[serde(default = "yes")]
    pub(crate) has_process_request: bool,
    pub(super) error: Option<AppError>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct AppError {
    pub(super) text: String,
    pub(super) detail: Option<String>,
}

/// What a worker measures.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct Metrics {
    #[serde(default)]
    pub(crate) rss_bytes: u64,
}

/// Reads the fields of an answer.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(
    request: &'static str,
    reply: Result<Reply, CallError>,
) -> Result<T, CallError> {
    let fields = Value::Object(reply?.fields);
    T::deserialize(fields).map_err(|source| CallError::Answer { request, source })
}

fn yes() -> bool {
    true
}
