//! Enumerations.

/// An enumeration: a closed set of strings, in a few cases of integers.
///
/// ```
/// use bokeh_schema::enums;
///
/// assert!(enums::ANCHOR.contains("top_left"));
/// assert_eq!(enums::ANCHOR.first(), Some("top_left"));
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct EnumDef {
    /// Its name in Bokeh; for one that has none, a name made of the class and the property that use it.
    pub name: &'static str,
    /// Its members in order.
    pub values: &'static [&'static str],
    /// Whether case matters. It does for all but the named colours.
    pub is_case_sensitive: bool,
    /// Whether the members are integers on the wire, and `values` their decimal digits.
    pub is_integer: bool,
}

impl EnumDef {
    /// The first member: what Bokeh takes when it needs one.
    #[must_use]
    pub fn first(&self) -> Option<&'static str> {
        self.values.first().copied()
    }

    /// Whether the string `value` is a member.
    #[must_use]
    pub fn contains(&self, value: &str) -> bool {
        let is_same = |member: &&str| *member == value || !self.is_case_sensitive && member.eq_ignore_ascii_case(value);
        !self.is_integer && self.values.iter().any(is_same)
    }

    /// Whether the integer `value` is a member.
    #[must_use]
    pub fn contains_int(&self, value: i64) -> bool {
        self.is_integer && self.values.iter().any(|member| member.parse() == Ok(value))
    }
}
