//! The strings of CSS that decide whether a bare string is a value or a column.
//!
//! Bokeh's own patterns let more through by accident: text after the closing bracket of `rgb(..)`, and any character
//! for a decimal point. No browser understands either, and they are refused here.

use crate::named_color;

/// The units of a CSS length.
const LENGTH_UNITS: &[&str] = &[
    "%", "em", "ex", "ch", "ic", "rem", "vw", "vh", "vi", "vb", "vmin", "vmax", "cm", "mm", "q", "in", "pc", "pt", "px",
];

/// Whether Bokeh takes a string for a colour: a CSS name in any case, `#rgb[a]`, `#rrggbb[aa]`, `rgb(r, g, b)` or `rgba(r, g, b, a)`.
///
/// Of what CSS knows beyond that, Bokeh takes nothing: `"hsl(1, 2%, 3%)"` is a column's name to it.
///
/// ```
/// use bokeh_schema::is_color;
///
/// assert!(is_color("Tomato") && is_color("#ff6347") && is_color("rgba(255, 99, 71, 0.5)"));
/// assert!(!is_color("weight"));
/// ```
#[must_use]
pub fn is_color(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix('#') {
        return matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some(channels) = arguments(text, "rgba(") {
        return channels.rsplit_once(',').is_some_and(|(rgb, alpha)| are_bytes(rgb) && is_alpha(alpha.trim_start()));
    }
    match arguments(text, "rgb(") {
        Some(channels) => are_bytes(channels),
        None => named_color(text).is_some(),
    }
}

/// Whether a string is a number without sign and a unit.
pub(crate) fn is_length(text: &str) -> bool {
    let Some(unit_start) = text.find(|char: char| !char.is_ascii_digit() && char != '.') else { return false };
    let (number, unit) = text.split_at(unit_start);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    !whole.is_empty()
        && !fraction.is_empty()
        && !fraction.contains('.')
        && LENGTH_UNITS.iter().any(|known| known.eq_ignore_ascii_case(unit))
}

/// Whether a string is a list of integers without signs, separated by white space. An empty one is: a solid line.
pub(crate) fn is_dashes(text: &str) -> bool {
    let is_trimmed = text.trim() == text;
    is_trimmed && text.split_whitespace().all(|dash| dash.bytes().all(|byte| byte.is_ascii_digit()))
}

fn arguments<'text>(text: &'text str, function: &str) -> Option<&'text str> {
    text.strip_prefix(function)?.strip_suffix(')')
}

/// Three channels from 0 to 255.
fn are_bytes(channels: &str) -> bool {
    let mut n_channels = 0;
    channels.split(',').all(|channel| {
        n_channels += 1;
        let channel = if n_channels == 1 { channel.trim_end() } else { channel.trim() };
        let is_padded = channel.len() == 3 && channel.starts_with('0');
        channel.bytes().all(|byte| byte.is_ascii_digit())
            && !is_padded
            && channel.len() <= 3
            && channel.parse::<u8>().is_ok()
    }) && n_channels == 3
}

/// A decimal number that begins with 0 or 1.
fn is_alpha(alpha: &str) -> bool {
    alpha.starts_with(['0', '1'])
        && alpha.matches('.').count() <= usize::from(alpha[1..].starts_with('.'))
        && alpha.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests;
