//! Dates and times in the form of ISO 8601, as far as Python writes and reads it.

/// Whether a text is a date, perhaps with a time of day: `2024-01-02`, `2024-01-02T03:04:05.678Z`.
pub(super) fn is_date_or_datetime(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked("2024-01-02".len()) else { return false };
    let is_time_part = |rest: &str| match rest.strip_prefix(['T', ' ']) {
        Some(time) => is_time(time),
        None => rest.is_empty(),
    };
    is_date(date) && is_time_part(rest)
}

/// Whether a text is a time of day: `03:04`, `03:04:05`, `03:04:05.678`, perhaps with an offset from UTC.
pub(super) fn is_time(text: &str) -> bool {
    let (clock, offset) = match text.find(['Z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, "Z"),
    };
    let is_offset = offset == "Z" || is_clock(&offset[1..]);
    is_offset && is_clock(clock)
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut number = |width| parts.next().and_then(|part| digits(part, width));
    let (Some(year), Some(month), Some(day)) = (number(4), number(2), number(2)) else { return false };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    };
    year > 0 && (1..=days).contains(&day)
}

fn is_clock(text: &str) -> bool {
    let (clock, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let is_below = |part: &str, limit| digits(part, 2).is_some_and(|number| number < limit);
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match parts[..] {
        [hours] => clock == text && is_below(hours, 24),
        [hours, minutes] => clock == text && is_below(hours, 24) && is_below(minutes, 60),
        [hours, minutes, seconds] => {
            is_fraction && is_below(hours, 24) && is_below(minutes, 60) && is_below(seconds, 60)
        }
        _ => false,
    }
}

fn digits(text: &str, width: usize) -> Option<u32> {
    if text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}
