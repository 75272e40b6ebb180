//! Parts of files.

use std::ops::Range;

/// Which bytes of `len` the header `Range` means. None where it means several parts, or nothing that can be read, so that the
/// whole is as good; `Err` where it means none.
pub(crate) fn part(range: &str, len: usize) -> Option<Result<Range<usize>, Unsatisfiable>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().unwrap_or(usize::MAX));
    let range = if first.is_empty() {
        if last.is_empty() {
            return None;
        }
        len.saturating_sub(number(last)?)..len
    } else {
        let end = if last.is_empty() { len } else { number(last)?.saturating_add(1).min(len) };
        number(first)?..end
    };
    Some(if range.is_empty() { Err(Unsatisfiable) } else { Ok(range) })
}

/// There is nothing in that range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unsatisfiable;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_to_what_is_there() {
        for (range, expected) in [
            ("bytes=0-0", Some(Ok(0..1))),
            ("bytes=2-4", Some(Ok(2..5))),
            ("bytes=2-", Some(Ok(2..10))),
            ("bytes=2-99999999999999999999999", Some(Ok(2..10))),
            ("bytes=-3", Some(Ok(7..10))),
            ("bytes=-30", Some(Ok(0..10))),
            ("bytes=-0", Some(Err(Unsatisfiable))),
            ("bytes=10-", Some(Err(Unsatisfiable))),
            ("bytes=4-2", Some(Err(Unsatisfiable))),
            ("bytes=0-1,3-4", None),
            ("bytes=-", None),
            ("bytes=a-", None),
            ("lines=0-1", None),
        ] {
            assert_eq!(part(range, 10), expected, "{range}");
        }
    }
}
