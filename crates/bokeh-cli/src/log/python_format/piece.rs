use std::fmt::{self, Write};

use super::FormatError;
use super::record::{FIELDS, Name};

/// A part of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Field(Field),
}

/// A field and how it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: Name,
    is_left: bool,
    is_filled_with_zeros: bool,
    width: usize,
    /// More characters are cut off.
    precision: Option<usize>,
}

impl Field {
    pub(super) fn write(&self, out: &mut impl Write, text: &str) -> fmt::Result {
        let text: String = text.chars().take(self.precision.unwrap_or(usize::MAX)).collect();
        let width = self.width;
        match self {
            Self { is_left: true, .. } => write!(out, "{text:<width$}"),
            Self { is_filled_with_zeros: true, .. } => write!(out, "{text:0>width$}"),
            _ => write!(out, "{text:>width$}"),
        }
    }
}

pub(super) fn parse(format: &str) -> Result<Vec<Piece>, FormatError> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some((text, after)) = rest.split_once('%') {
        pieces.push(Piece::Text(text.to_owned()));
        if let Some(after) = after.strip_prefix('%') {
            pieces.push(Piece::Text("%".to_owned()));
            rest = after;
        } else {
            let (name, after) =
                after.strip_prefix('(').and_then(|name| name.split_once(')')).ok_or(FormatError::Field)?;
            let (field, after) = field(name, after)?;
            pieces.push(Piece::Field(field));
            rest = after;
        }
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Ok(pieces)
}

/// Reads what stands behind a field's name: flags, width, precision and the letter that says how it is written.
fn field<'a>(name: &str, rest: &'a str) -> Result<(Field, &'a str), FormatError> {
    let known = FIELDS.iter().find(|(field, _)| *field == name);
    let name = known.ok_or_else(|| FormatError::Unknown(name.to_owned()))?.1;
    let without_flags = rest.trim_start_matches(['-', '0', '+', ' ', '#']);
    let flags = &rest[..rest.len() - without_flags.len()];
    let (width, rest) = number(without_flags)?;
    let (precision, rest) = match rest.strip_prefix('.') {
        None => (None, rest),
        Some(rest) => {
            let (precision, rest) = number(rest)?;
            (Some(precision), rest)
        }
    };
    let rest = rest.strip_prefix(['s', 'd', 'i', 'r', 'f', 'g']).ok_or(FormatError::Field)?;
    let (is_left, is_filled_with_zeros) = (flags.contains('-'), flags.contains('0'));
    Ok((Field { name, is_left, is_filled_with_zeros, width, precision }, rest))
}

/// A number at the beginning, or else 0, and what follows.
fn number(text: &str) -> Result<(usize, &str), FormatError> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.len() > MAX_DIGITS {
        return Err(FormatError::Field);
    }
    Ok((digits.parse().unwrap_or(0), rest))
}

/// Nobody wants a field of more than 999 characters.
const MAX_DIGITS: usize = 3;
