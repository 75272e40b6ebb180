//! Log lines in a format of Python's `logging`, such as `%(asctime)s %(message)s`.

mod piece;
mod record;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::registry::LookupSpan;

use piece::Piece;
use record::Record;

/// A format of Python's `logging` in its `%` style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PythonFormat(Vec<Piece>);

/// Why a text is no format.
#[derive(Debug, thiserror::Error)]
pub(super) enum FormatError {
    #[error("write text, json, or a format such as '%(asctime)s %(message)s'")]
    NoField,
    #[error("a line of the log has no {0}; it has {fields}", fields = record::FIELDS.map(|(name, _)| name).join(", "))]
    Unknown(String),
    #[error("a field looks like %(message)s or %(process)d, and a percent sign like %%")]
    Field,
}

impl FromStr for PythonFormat {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let pieces = piece::parse(text)?;
        let has_field = pieces.iter().any(|piece| matches!(piece, Piece::Field(_)));
        has_field.then_some(Self(pieces)).ok_or(FormatError::NoField)
    }
}

impl<S, N> FormatEvent<S, N> for PythonFormat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let record = Record::new(context, event)?;
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.write_str(text)?,
                Piece::Field(field) => field.write(&mut out, &record.text(field.name))?,
            }
        }
        writeln!(out)
    }
}
