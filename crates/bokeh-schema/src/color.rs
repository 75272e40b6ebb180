//! The named colours of CSS.

use crate::generated::colors::NAMED_COLORS;

/// The red, green and blue of a colour that CSS has a name for, whatever the name's case.
///
/// ```
/// assert_eq!(bokeh_schema::named_color("Tomato"), Some([255, 99, 71]));
/// ```
#[must_use]
pub fn named_color(name: &str) -> Option<[u8; 3]> {
    let lower_case = || name.bytes().map(|byte| byte.to_ascii_lowercase());
    let at = NAMED_COLORS.binary_search_by(|(known, _)| known.bytes().cmp(lower_case())).ok()?;
    NAMED_COLORS.get(at).map(|(_, rgb)| *rgb)
}

/// All named colours, sorted by name.
#[must_use]
pub fn named_colors() -> &'static [(&'static str, [u8; 3])] {
    NAMED_COLORS
}
