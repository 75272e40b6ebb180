use std::ops::RangeInclusive;

/// A number that an option cannot have.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{option} is {value}; write {}", expected(range))]
pub(crate) struct NumberError {
    option: &'static str,
    value: i64,
    range: RangeInclusive<i64>,
}

/// The value of an option, if it is given and in its range. What is no number at all never comes here.
pub(crate) fn number<T: TryFrom<i64>>(
    option: &'static str,
    value: Option<i64>,
    range: RangeInclusive<i64>,
) -> Result<Option<T>, NumberError> {
    let Some(value) = value else { return Ok(None) };
    match T::try_from(value) {
        Ok(number) if range.contains(&value) => Ok(Some(number)),
        _ => Err(NumberError { option, value, range }),
    }
}

fn expected(range: &RangeInclusive<i64>) -> String {
    match (range.start(), range.end()) {
        (least, &i64::MAX) => format!("{least} or more"),
        (least, most) => format!("a number from {least} to {most}"),
    }
}

/// Any number but negative ones.
pub(crate) const FROM_0: RangeInclusive<i64> = 0..=i64::MAX;
/// Any number but negative ones and 0.
pub(crate) const FROM_1: RangeInclusive<i64> = 1..=i64::MAX;
