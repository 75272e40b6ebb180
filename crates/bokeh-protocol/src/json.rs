//! Parsing JSON with a limit on depth that the caller sets.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a text is no JSON that can be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseJsonError {
    /// It does not parse.
    #[error("not valid JSON")]
    Syntax(#[source] serde_json::Error),
    /// Its arrays and objects are nested deeper than the limit.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
}

/// Parses `text`, whose arrays and objects may be `max_depth` levels deep.
///
/// Half of a surrogate pair, which a browser sends when a text was cut inside an emoji, is read as U+FFFD: a `String`
/// cannot hold it, and its user should not lose the connection over it.
///
/// ```
/// use bokeh_protocol::{ParseJsonError, parse_json};
///
/// assert_eq!(parse_json(br#"["\ud83d"]"#, 1)?[0], "\u{fffd}");
/// assert!(matches!(parse_json(b"[[]]", 1), Err(ParseJsonError::TooDeep { limit: 1 })));
/// # Ok::<(), ParseJsonError>(())
/// ```
///
/// # Errors
/// When it does not parse, or is too deep.
pub fn parse_json(text: &[u8], max_depth: usize) -> Result<Value, ParseJsonError> {
    match parse_strict(text, max_depth) {
        Err(ParseJsonError::Syntax(error)) => match without_lone_surrogates(text) {
            Cow::Owned(repaired) => parse_strict(&repaired, max_depth),
            Cow::Borrowed(_) => Err(ParseJsonError::Syntax(error)),
        },
        other => other,
    }
}

fn parse_strict(text: &[u8], max_depth: usize) -> Result<Value, ParseJsonError> {
    let is_too_deep = Cell::new(false);
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    // The fixed limit of serde_json is 128 levels, fewer than real documents need.
    deserializer.disable_recursion_limit();
    let seed = Nested { levels_left: max_depth, is_too_deep: &is_too_deep };
    seed.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value)).map_err(|error| {
        if is_too_deep.get() { ParseJsonError::TooDeep { limit: max_depth } } else { ParseJsonError::Syntax(error) }
    })
}

/// A value that may contain so many levels more.
#[derive(Clone, Copy)]
struct Nested<'a> {
    levels_left: usize,
    is_too_deep: &'a Cell<bool>,
}

impl Nested<'_> {
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.levels_left.checked_sub(1) {
            Some(levels_left) => Ok(Self { levels_left, ..self }),
            None => {
                self.is_too_deep.set(true);
                Err(E::custom("too deep"))
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Nested<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.inner::<A::Error>()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.inner::<A::Error>()?;
        let mut fields = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            fields.insert(key, access.next_value_seed(inner)?);
        }
        Ok(Value::Object(fields))
    }
}

/// Replaces each escaped surrogate that has no partner by `\ufffd`.
fn without_lone_surrogates(text: &[u8]) -> Cow<'_, [u8]> {
    let mut repaired = Cow::Borrowed(text);
    let mut at = 0;
    while at < text.len() {
        at += match (text[at], unicode_escape(text, at)) {
            (_, Some(0xd800..=0xdbff)) if matches!(unicode_escape(text, at + 6), Some(0xdc00..=0xdfff)) => 12,
            (_, Some(0xd800..=0xdfff)) => {
                repaired.to_mut()[at..at + 6].copy_from_slice(br"\ufffd");
                6
            }
            (b'\\', _) => 2,
            _ => 1,
        };
    }
    repaired
}

/// The code unit that `\uXXXX` at this place stands for.
fn unicode_escape(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix(br"\u")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
