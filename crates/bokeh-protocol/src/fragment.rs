//! The pieces that travel as single WebSocket messages, and the buffers made of them.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

/// One WebSocket message. Three or more of them make one Bokeh message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fragment {
    /// UTF-8 text; a receiver refuses other bytes when it parses them.
    Text(Bytes),
    /// The payload of a buffer.
    Binary(Bytes),
}

impl Fragment {
    /// Which of the two it is.
    pub fn kind(&self) -> FragmentKind {
        match self {
            Self::Text(_) => FragmentKind::Text,
            Self::Binary(_) => FragmentKind::Binary,
        }
    }

    /// The bytes it carries.
    pub fn bytes(&self) -> &Bytes {
        match self {
            Self::Text(bytes) | Self::Binary(bytes) => bytes,
        }
    }
}

/// A [`Fragment`]'s kind, for error texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FragmentKind {
    /// Text.
    Text,
    /// Binary.
    Binary,
}

impl fmt::Display for FragmentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Binary => "binary",
        })
    }
}

/// Raw bytes that travel beside a message's content, which names them by `id`. Cheap to clone.
///
/// Ids are scoped to their message.
#[derive(Clone, PartialEq, Eq)]
pub struct Buffer {
    /// The name by which the content refers to the bytes.
    pub id: Arc<str>,
    /// The bytes.
    pub data: Bytes,
}

impl Buffer {
    /// Names some bytes.
    pub fn new(id: impl Into<Arc<str>>, data: impl Into<Bytes>) -> Self {
        Self { id: id.into(), data: data.into() }
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buffer").field("id", &self.id).field("n_bytes", &self.data.len()).finish()
    }
}
