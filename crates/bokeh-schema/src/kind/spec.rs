//! Data specs: properties that may vary from row to row.

use super::Kind;
use crate::EnumDef;

/// What a data spec may hold.
///
/// On the wire a spec is a value, a field or an expression, each with an optional transform and units. A peer may
/// also send the bare value. The statics in [`specs`](crate::specs) are all that Bokeh has.
///
/// ```
/// use bokeh_schema::specs;
///
/// assert!(specs::COLOR.reads_as_value("Tomato"));
/// assert!(!specs::COLOR.reads_as_value("column_of_colors"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spec {
    /// The name of the spec's type in Bokeh, as in `"NumberSpec"`.
    pub name: &'static str,
    /// What its values may be.
    pub value: Kind,
    /// The units that it may be given in.
    pub units: Option<Units>,
}

/// The units of a data spec.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Units {
    /// All units.
    pub values: &'static EnumDef,
    /// The unit that is meant when none is given, and that is not sent.
    pub default: &'static str,
}

impl Spec {
    /// Whether a bare string means a value, since it is a valid one. Otherwise it is the name of a column.
    ///
    /// Where any string would be a valid value (texts, fonts, URLs) every bare string is a column.
    #[must_use]
    pub fn reads_as_value(&self, text: &str) -> bool {
        self.value.reads_as_value(text)
    }
}
