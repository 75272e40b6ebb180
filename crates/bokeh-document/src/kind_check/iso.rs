//! Dates and times in the form of ISO 8601, as far as Python writes and reads it.

const DAY: f64 = 86_400_000.0;
const MINUTE: f64 = 60_000.0;

/// The milliseconds since the epoch of a date, perhaps with a time of day: `2024-01-02`, `2024-01-02T03:04:05.678Z`.
/// Without an offset it is in UTC.
pub(super) fn instant(text: &str) -> Option<f64> {
    let (date, rest) = text.split_at_checked("2024-01-02".len())?;
    let time = match rest.strip_prefix(['T', ' ']) {
        Some(time) => time_of_day(time)?,
        None if rest.is_empty() => 0.0,
        None => return None,
    };
    Some(f64::from(days(date)?) * DAY + time)
}

/// The milliseconds since midnight of a time: `03:04`, `03:04:05`, `03:04:05.678`. An offset from UTC is taken off.
pub(super) fn time_of_day(text: &str) -> Option<f64> {
    let (time, offset) = match text.find(['Z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, "Z"),
    };
    let offset = match offset.split_at(1) {
        ("+", offset) => clock(offset)?,
        ("-", offset) => -clock(offset)?,
        (_, "") => 0.0,
        _ => return None,
    };
    Some(clock(time)? - offset)
}

/// The days since the epoch of a date.
fn days(text: &str) -> Option<i32> {
    let mut parts = text.split('-');
    let mut number = |width| parts.next().and_then(|part| digits(part, width));
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = *lengths.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    if year == 0 || !(1..=length).contains(&day) {
        return None;
    }
    let past = year - 1;
    let of_past_years = past * 365 + past / 4 - past / 100 + past / 400;
    let of_past_months: i32 = lengths.iter().zip(1..month).map(|(length, _)| length).sum();
    Some(of_past_years + of_past_months + day - 1 - DAYS_BEFORE_EPOCH)
}

/// From the first day of the year 1 to the first of 1970.
const DAYS_BEFORE_EPOCH: i32 = 719_162;

fn clock(text: &str) -> Option<f64> {
    let (clock, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let below = |part: &str, limit| digits(part, 2).filter(|number| *number < limit).map(f64::from);
    let minutes = |hours, minutes| Some((below(hours, 24)? * 60.0 + below(minutes, 60)?) * MINUTE);
    match parts[..] {
        [hours] if clock == text => minutes(hours, "00"),
        [hours, minute] if clock == text => minutes(hours, minute),
        [hours, minute, seconds] if !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
            let millis: f64 = format!("0.{fraction}").parse::<f64>().ok()? * 1000.0;
            Some(minutes(hours, minute)? + below(seconds, 60)? * 1000.0 + millis)
        }
        _ => None,
    }
}

fn digits(text: &str, width: usize) -> Option<i32> {
    if text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}
