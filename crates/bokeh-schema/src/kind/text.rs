//! Strings as property values.

use super::Kind;
use crate::{css, enums, is_color};

impl Kind {
    /// Whether a string is a valid value of this kind.
    ///
    /// ```
    /// use bokeh_schema::Kind;
    ///
    /// assert!(Kind::CssLength.accepts_str("12px"));
    /// assert!(!Kind::INT.accepts_str("12"));
    /// ```
    #[must_use]
    pub fn accepts_str(&self, text: &str) -> bool {
        match self {
            Self::Any | Self::Str | Self::HatchPattern | Self::Json => true,
            // Dates and times are for whoever stores them to parse: this crate knows no calendar.
            Self::Date | Self::Datetime | Self::Time => true,
            Self::Prefixed(prefix) => text.starts_with(prefix),
            Self::CssLength => css::is_length(text),
            Self::Enum(members) => members.contains(text),
            Self::Nullable(of) => of.accepts_str(text),
            Self::Either(kinds) => kinds.iter().any(|kind| kind.accepts_str(text)),
            Self::Color => is_color(text),
            Self::DashPattern => enums::DASH_PATTERN.contains(text) || css::is_dashes(text),
            // A bare string is a value or else a column.
            Self::Spec(_) => true,
            _ => false,
        }
    }

    pub(super) fn reads_as_value(&self, text: &str) -> bool {
        match self {
            Self::Str => false,
            Self::Nullable(of) => of.reads_as_value(text),
            Self::HatchPattern => {
                enums::HATCH_PATTERN.contains(text) || enums::HATCH_PATTERN_ABBREVIATION.contains(text)
            }
            _ => self.accepts_str(text),
        }
    }
}
