//! Dashes of lines.

use bokeh_protocol::Value;

use crate::{FromValue, IntoProp};

/// The dashes of a line.
///
/// ```
/// use bokeh_models::DashPattern;
///
/// assert_eq!(DashPattern::from("dashed").lengths(), [6]);
/// assert_eq!(DashPattern::from("4 2").lengths(), [4, 2]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DashPattern {
    /// No gaps.
    Solid,
    /// Dashes of 6 pixels.
    Dashed,
    /// Dots of 2 pixels.
    Dotted,
    /// Dots and dashes.
    Dotdash,
    /// Dashes and dots.
    Dashdot,
    /// Lengths of dashes and gaps in turn, in pixels.
    Custom(Vec<i64>),
}

impl DashPattern {
    /// Lengths of dashes and gaps in turn, in pixels.
    #[must_use]
    pub fn lengths(&self) -> &[i64] {
        match self {
            DashPattern::Solid => &[],
            DashPattern::Dashed => &[6],
            DashPattern::Dotted => &[2, 4],
            DashPattern::Dotdash => &[2, 4, 6, 4],
            DashPattern::Dashdot => &[6, 4, 2, 4],
            DashPattern::Custom(lengths) => lengths,
        }
    }

    /// The name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        match self {
            DashPattern::Solid => Some("solid"),
            DashPattern::Dashed => Some("dashed"),
            DashPattern::Dotted => Some("dotted"),
            DashPattern::Dotdash => Some("dotdash"),
            DashPattern::Dashdot => Some("dashdot"),
            DashPattern::Custom(_) => None,
        }
    }

    pub(crate) fn to_list(&self) -> Value {
        self.lengths().iter().copied().map(Value::from).collect()
    }
}

/// A name or lengths such as `"4 2"`. Words that are neither count as no dashes.
impl From<&str> for DashPattern {
    fn from(text: &str) -> Self {
        match text {
            "solid" => DashPattern::Solid,
            "dashed" => DashPattern::Dashed,
            "dotted" => DashPattern::Dotted,
            "dotdash" => DashPattern::Dotdash,
            "dashdot" => DashPattern::Dashdot,
            lengths => {
                DashPattern::Custom(lengths.split_whitespace().filter_map(|length| length.parse().ok()).collect())
            }
        }
    }
}

impl FromValue for DashPattern {
    fn from_value(value: &Value) -> Option<Self> {
        match value.as_str() {
            Some(text) => Some(text.into()),
            None => Vec::from_value(value).map(DashPattern::Custom),
        }
    }
}

/// A property without data takes the lengths, as Bokeh sends them.
impl IntoProp<DashPattern> for DashPattern {
    fn into_prop(self) -> Value {
        self.to_list()
    }
}

impl IntoProp<DashPattern> for &str {
    fn into_prop(self) -> Value {
        DashPattern::from(self).to_list()
    }
}

impl<U: IntoProp<i64>, const N: usize> IntoProp<DashPattern> for [U; N] {
    fn into_prop(self) -> Value {
        self.into_iter().map(IntoProp::into_prop).collect()
    }
}

impl<U: IntoProp<i64>> IntoProp<DashPattern> for Vec<U> {
    fn into_prop(self) -> Value {
        self.into_iter().map(IntoProp::into_prop).collect()
    }
}
