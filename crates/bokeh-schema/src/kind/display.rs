//! Kinds in words, for the messages that refuse a value.

use std::fmt;

use super::Kind;

/// A noun phrase that completes "expected": "a number from 0 to 1".
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("anything"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("a boolean"),
            Self::Int(bounds) => write!(f, "an integer{bounds}"),
            Self::Float(bounds) => write!(f, "a number{bounds}"),
            Self::Str => f.write_str("a string"),
            Self::Prefixed(prefix) => write!(f, "a string that begins with {prefix:?}"),
            Self::CssLength => f.write_str("a CSS length"),
            Self::Json => f.write_str("a string of JSON"),
            Self::Bytes => f.write_str("bytes"),
            Self::Enum(members) if members.values.len() > 12 => write!(f, "a member of {}", members.name),
            Self::Enum(members) if members.is_integer => write_alternatives(f, members.values),
            Self::Enum(members) => write_alternatives(f, members.values.iter().map(|member| format!("{member:?}"))),
            Self::Instance(class) => write!(f, "a {}", class.name()),
            Self::Nullable(of) => write!(f, "{of} or null"),
            Self::List(of) => write!(f, "a list, each item {of}"),
            Self::Seq(of) => write!(f, "a list or array, each item {of}"),
            Self::NonEmpty(of) => write!(f, "{of}, and at least one"),
            Self::Set(of) => write!(f, "a set, each item {of}"),
            Self::Dict(key, value) => write!(f, "a map, each key {key}, each value {value}"),
            Self::Tuple(kinds) => {
                write!(f, "a list of {} (", kinds.len())?;
                write_joined(f, *kinds, ", ")?;
                f.write_str(")")
            }
            Self::Struct(fields) => {
                f.write_str("a map with the keys ")?;
                write_joined(f, fields.iter().map(|field| field.name), ", ")
            }
            Self::Either(kinds) => write_alternatives(f, *kinds),
            Self::Color => f.write_str("a color"),
            Self::DashPattern => f.write_str("a dash pattern"),
            Self::HatchPattern => f.write_str("a hatch pattern"),
            Self::Date => f.write_str("a date"),
            Self::Datetime => f.write_str("a date and time"),
            Self::Time => f.write_str("a time of day"),
            Self::TimeDelta => f.write_str("a duration"),
            Self::ColumnData => f.write_str("a map of columns"),
            Self::Spec(spec) => write!(f, "a field, an expression, or as a value {}", spec.value),
        }
    }
}

fn write_alternatives<I>(f: &mut fmt::Formatter<'_>, items: I) -> fmt::Result
where
    I: IntoIterator<Item: fmt::Display>,
{
    write_joined(f, items, " or ")
}

fn write_joined<I>(f: &mut fmt::Formatter<'_>, items: I, separator: &str) -> fmt::Result
where
    I: IntoIterator<Item: fmt::Display>,
{
    for (position, item) in items.into_iter().enumerate() {
        if position > 0 {
            f.write_str(separator)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}
