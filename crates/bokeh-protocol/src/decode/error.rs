//! What is wrong with a value on the wire, and where.

use std::fmt;

use crate::ArrayError;

/// Why a value could not be decoded, and where it stands in the message.
#[derive(Debug)]
pub struct DecodeError {
    path: Vec<Segment>,
    kind: DecodeErrorKind,
}

#[derive(Debug)]
enum Segment {
    Key(String),
    Index(usize),
}

/// What is wrong with a value on the wire.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// Something else stands where this kind of thing is due.
    #[error("expected {0}")]
    Expected(&'static str),
    /// A field is missing.
    #[error("the field '{0}' is missing")]
    Missing(&'static str),
    /// A field is too many.
    #[error("there is no field '{0}' here")]
    Unexpected(String),
    /// The `type` tag of an object is none of Bokeh's.
    #[error("unable to decode an object of type '{0}'")]
    UnknownType(String),
    /// The `kind` of an event in a patch is none of Bokeh's.
    #[error("unknown event kind '{0}'")]
    UnknownKind(String),
    /// The id belongs to no model.
    #[error("can't resolve reference '{0}'")]
    UnknownReference(String),
    /// The message has no buffer of that id.
    #[error("the message has no buffer '{0}'")]
    UnknownBuffer(String),
    /// Inline bytes are not base64 of gzip.
    #[error("inline bytes are not base64 of gzip: {0}")]
    Inline(String),
    /// Inline bytes unfold to more than is allowed.
    #[error("inline bytes of one message unfold to more than {0} bytes")]
    TooManyBytes(usize),
    /// Buffers are named by so many arrays that their copies take more than is allowed.
    #[error("buffers of one message are repeated by more than {0} bytes")]
    TooManyRepeats(usize),
    /// Aggregates are nested deeper than is allowed.
    #[error("nested more than {0} deep")]
    TooDeep(usize),
    /// Elements do not make an array.
    #[error(transparent)]
    Array(#[from] ArrayError),
    /// The reader of the models refused one.
    #[error("{0}")]
    Model(String),
}

impl DecodeError {
    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &DecodeErrorKind {
        &self.kind
    }

    pub(crate) fn in_key(mut self, key: &str) -> Self {
        self.path.push(Segment::Key(key.to_owned()));
        self
    }

    pub(crate) fn in_index(mut self, index: usize) -> Self {
        self.path.push(Segment::Index(index));
        self
    }
}

impl From<DecodeErrorKind> for DecodeError {
    fn from(kind: DecodeErrorKind) -> Self {
        DecodeError { path: Vec::new(), kind }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, segment) in self.path.iter().rev().enumerate() {
            match segment {
                Segment::Key(key) if nth == 0 => write!(f, "{key}")?,
                Segment::Key(key) => write!(f, ".{key}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        if !self.path.is_empty() {
            f.write_str(": ")?;
        }
        self.kind.fmt(f)
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.kind)
    }
}
