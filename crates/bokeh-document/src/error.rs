//! Why a document refused something.

use bokeh_protocol::DecodeError;

use crate::columns::ColumnError;
use crate::kind_check::KindError;

/// Why a property could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GetError {
    /// The model was removed, or belongs to another document.
    #[error("the model is not in this document")]
    NoModel,
    /// The class has no such property.
    #[error("{class} has no property '{property}'")]
    NoProperty {
        /// The class.
        class: String,
        /// The name asked for.
        property: String,
    },
    /// The property has no default and was never set.
    #[error("{class}.{property} has no value")]
    Unset {
        /// The class.
        class: String,
        /// The property.
        property: String,
    },
}

/// Why a property was not changed, or a model not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetError {
    /// The model or the property does not exist.
    #[error(transparent)]
    Get(#[from] GetError),
    /// The value is not of the property's kind.
    #[error("{class}.{property}: {source}")]
    Kind {
        /// The class.
        class: String,
        /// The property.
        property: String,
        /// What was expected, what was found.
        source: Box<KindError>,
    },
    /// The value refers to a model that is not in this document.
    #[error("{class}.{property} refers to a model that is not in this document")]
    ForeignModel {
        /// The class.
        class: String,
        /// The property.
        property: String,
    },
    /// There is no class of that name.
    #[error("there is no model class '{0}'")]
    UnknownClass(String),
}

/// Why a callback could not be registered or removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// The model or the property does not exist.
    #[error(transparent)]
    Get(#[from] GetError),
    /// Only the document's own events reach a document.
    #[error("'{0}' is not an event of documents: document_ready, connection_lost, client_reconnected")]
    NotADocumentEvent(String),
    /// A one-shot callback that has run, or a callback that was removed before.
    #[error("the callback already ran or was already removed")]
    Gone,
}

/// Why a change of a data source's columns was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// The model does not exist or has no columns.
    #[error(transparent)]
    Get(#[from] GetError),
    /// The columns do not fit.
    #[error(transparent)]
    Column(#[from] ColumnError),
    /// A column holds something that no column can.
    #[error(transparent)]
    Set(#[from] SetError),
}

/// Why a patch was refused. Nothing of it was applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PatchError {
    /// The content cannot be read.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// An event cannot be applied.
    #[error("events[{index}]: {source}")]
    Event {
        /// The event's place in the patch.
        index: usize,
        /// What is wrong with it.
        source: EventError,
    },
}

/// Why an event of a patch cannot be applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// A property is not changed.
    #[error(transparent)]
    Set(#[from] SetError),
    /// Columns are not changed.
    #[error(transparent)]
    Column(#[from] ColumnError),
    /// Only `data` of a data source has columns.
    #[error("{class}.{property} has no columns")]
    NotColumns {
        /// The class.
        class: String,
        /// The property.
        property: String,
    },
    /// It needs a model that is gone, though the peer still has it.
    #[error("it refers to a model that is gone")]
    Gone,
    /// Finding out over and over which models are still shown would take too long.
    #[error("the patch takes references between models away too often for so large a document")]
    TooMuch,
    /// A `bokeh_event` message that is none of Bokeh's events.
    #[error("unknown event '{0}'")]
    UnknownEvent(String),
    /// A `bokeh_event` message with other values than the event has.
    #[error("the event '{event}' has the values {expected:?}, got {found:?}")]
    EventValues {
        /// The event.
        event: String,
        /// The names of its values.
        expected: Vec<String>,
        /// The names that arrived.
        found: Vec<String>,
    },
}

/// Why a whole document could not be read. Nothing of it was applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A mandatory field is missing or something else.
    #[error("the document's field '{0}' is missing or of the wrong kind")]
    Field(&'static str),
    /// The content cannot be read.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}
