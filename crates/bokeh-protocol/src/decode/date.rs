//! Dates as JavaScript writes them.

/// Milliseconds since the epoch of a date as JavaScript's `toISOString` writes it: `2024-01-02T03:04:05.678Z`.
pub(super) fn iso_to_ms(text: &str) -> Option<f64> {
    let (date, time) = text.strip_suffix('Z')?.rsplit_once('T')?;
    // Years beyond 0..9999 have a sign and six digits.
    let (sign, date) = match date.as_bytes().first()? {
        b'-' => (-1, &date[1..]),
        b'+' => (1, &date[1..]),
        _ => (1, date),
    };
    let mut date = date.split('-').map(number);
    let (year, month, day) = (sign * date.next()??, date.next()??, date.next()??);
    let mut time = time.split(':');
    let (hours, minutes) = (number(time.next()?)?, number(time.next()?)?);
    let seconds = time.next()?;
    if !seconds.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let seconds = seconds.parse::<f64>().ok()?;
    if date.next().is_some()
        || time.next().is_some()
        || !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
        || hours > 24
        || minutes > 59
        || seconds >= 61.0
    {
        return None;
    }
    // Days since the epoch in the proleptic Gregorian calendar, the year beginning in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day - 719_469;
    #[expect(clippy::cast_precision_loss, reason = "JavaScript's dates are doubles")]
    Some(((days * 24 + hours) * 60 + minutes) as f64 * 60_000.0 + seconds * 1000.0)
}

/// A number of at most six digits, as a year can have.
fn number(digits: &str) -> Option<i64> {
    let is_number = digits.len() <= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_javascript_writes_them() {
        for (text, expected) in [
            ("1970-01-01T00:00:00.000Z", Some(0.0)),
            ("1969-12-31T23:59:59.999Z", Some(-1.0)),
            ("2024-02-29T12:30:15.250Z", Some(1_709_209_815_250.0)),
            ("2000-03-01T00:00:00.000Z", Some(951_868_800_000.0)),
            ("-000001-01-01T00:00:00.000Z", Some(-62_198_755_200_000.0)),
            ("+010000-01-01T00:00:00.000Z", Some(253_402_300_800_000.0)),
            ("2024-13-01T00:00:00.000Z", None),
            ("9223372036854775807-01-01T00:00:00.000Z", None),
            ("2024-01-01T-9223372036854775808:00:00.000Z", None),
            ("2024-01-01T00:00:nanZ", None),
            ("2024-01-01T00:00:-infZ", None),
            ("2024-01-01-01T00:00:00.000Z", None),
            ("2024-01-01T00:00:00.000:00Z", None),
            ("2024-01-02", None),
            ("2024-01-02T03:04:05", None),
            ("", None),
        ] {
            assert_eq!(iso_to_ms(text), expected, "{text}");
        }
    }
}
