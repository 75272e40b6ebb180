//! The contents that are neither documents nor patches.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Why a request failed: the content of ERROR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorContent {
    /// One line for people.
    pub text: String,
    /// Where it happened, when the sender knows.
    #[serde(default)]
    pub traceback: Option<String>,
}

impl ErrorContent {
    /// An error without a traceback.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), traceback: None }
    }

    /// Reads the content of an ERROR message.
    ///
    /// # Errors
    /// When `text` is missing or a field is of another type.
    pub fn parse(content: &Value) -> Result<Self, ContentError> {
        Self::deserialize(content).map_err(ContentError)
    }

    pub(super) fn to_content(&self) -> Bytes {
        to_bytes(self)
    }
}

/// What a server is: the content of SERVER-INFO-REPLY.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerInfo {
    /// The version of BokehJS and of the models that the server speaks, such as `3.9.2`.
    pub bokeh: String,
    /// The version of the server. Python's is always the same as `bokeh`.
    pub server: String,
}

impl ServerInfo {
    /// Reads the content of a SERVER-INFO-REPLY message.
    ///
    /// # Errors
    /// When a version is missing or not a string.
    pub fn parse(content: &Value) -> Result<Self, ContentError> {
        VersionInfo::deserialize(content).map(|content| content.version_info).map_err(ContentError)
    }

    pub(super) fn to_content(&self) -> Bytes {
        to_bytes(&VersionInfo { version_info: self.clone() })
    }
}

/// A message's content has not the form that its type prescribes.
#[derive(Debug, thiserror::Error)]
#[error("unexpected content")]
pub struct ContentError(#[source] serde_json::Error);

#[derive(Serialize, Deserialize)]
struct VersionInfo {
    version_info: ServerInfo,
}

fn to_bytes(content: &impl Serialize) -> Bytes {
    serde_json::to_vec(content).expect("strings always serialize").into()
}
