//! How a browser asks whether what it has is still good.

use std::time::SystemTime;

use axum::http::{HeaderMap, HeaderValue, header};

use super::coding::Coding;

/// The tag of a file as it travels. `content` names what it holds. It is weak where the bytes may be others next time, though
/// they come to the same: a compressed file is compressed again.
pub(crate) fn tag(content: &str, coding: Option<Coding>) -> HeaderValue {
    let tag = match coding {
        None => format!("\"{content}\""),
        Some(coding) => format!("W/\"{content}-{}\"", coding.name()),
    };
    HeaderValue::try_from(tag).expect("hashes and numbers are good in a header")
}

/// Whether the browser has it.
pub(crate) fn is_known(request: &HeaderMap, tag: &HeaderValue) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tag = strong(tag.to_str().unwrap_or_default());
    let lines = request.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|known| known.trim() == "*" || strong(known) == tag)
}

/// The date of a file as it travels, to the second. One from the future is said to be of now.
pub(crate) fn date(modified: SystemTime) -> HeaderValue {
    let modified = modified.min(SystemTime::now()).max(SystemTime::UNIX_EPOCH);
    HeaderValue::try_from(httpdate::fmt_http_date(modified)).expect("dates are good in a header")
}

/// Whether the browser has it by its date. A tag counts more than that.
pub(crate) fn is_unmodified(request: &HeaderMap, modified: &HeaderValue) -> bool {
    let date = |value: &HeaderValue| httpdate::parse_http_date(value.to_str().ok()?).ok();
    let has = request.get(header::IF_MODIFIED_SINCE).filter(|_| !request.contains_key(header::IF_NONE_MATCH));
    has.and_then(date).is_some_and(|has| date(modified).is_some_and(|modified| modified <= has))
}

/// Whether the browser wants a part of the file, and the one that it has the beginning of is this one. A weak tag is not
/// good enough for that.
pub(crate) fn wants_part(request: &HeaderMap, tag: &HeaderValue) -> bool {
    request.contains_key(header::RANGE) && request.get(header::IF_RANGE).is_none_or(|has| has == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_known_however_strong_they_are() {
        for (known, coding, expected) in [
            ("\"a\"", None, true),
            ("W/\"a\"", None, true),
            ("\"b\", \"a\"", None, true),
            ("*", None, true),
            ("\"b\"", None, false),
            ("a", None, false),
            ("W/\"a-br\"", Some(Coding::Brotli), true),
            ("\"a-br\"", Some(Coding::Brotli), true),
            ("\"a\"", Some(Coding::Brotli), false),
            ("W/\"a-gzip\"", Some(Coding::Brotli), false),
        ] {
            let request = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(known))]);
            assert_eq!(is_known(&request, &tag("a", coding)), expected, "{known} {coding:?}");
        }
    }

    #[test]
    fn dates_count_where_there_is_no_tag() {
        let modified = HeaderValue::from_static("Sat, 29 Oct 1994 19:43:31 GMT");
        for (since, tag, expected) in [
            (None, None, false),
            (Some("Sat, 29 Oct 1994 19:43:31 GMT"), None, true),
            (Some("Sun, 30 Oct 1994 00:00:00 GMT"), None, true),
            (Some("Sat, 29 Oct 1994 19:43:30 GMT"), None, false),
            (Some("yesterday"), None, false),
            (Some("Sat, 29 Oct 1994 19:43:31 GMT"), Some("\"b\""), false),
        ] {
            let mut request = HeaderMap::new();
            request.extend(since.map(|since| (header::IF_MODIFIED_SINCE, HeaderValue::from_static(since))));
            request.extend(tag.map(|tag| (header::IF_NONE_MATCH, HeaderValue::from_static(tag))));
            assert_eq!(is_unmodified(&request, &modified), expected, "{since:?} {tag:?}");
        }
    }

    #[test]
    fn parts_are_parts_of_the_very_same_bytes() {
        for (range, if_range, expected) in [
            (None, None, false),
            (Some("bytes=1-"), None, true),
            (Some("bytes=1-"), Some("\"a\""), true),
            (Some("bytes=1-"), Some("W/\"a\""), false),
            (Some("bytes=1-"), Some("Sat, 29 Oct 1994 19:43:31 GMT"), false),
        ] {
            let mut request = HeaderMap::new();
            request.extend(range.map(|range| (header::RANGE, HeaderValue::from_static(range))));
            request.extend(if_range.map(|tag| (header::IF_RANGE, HeaderValue::from_static(tag))));
            assert_eq!(wants_part(&request, &tag("a", None)), expected, "{range:?} {if_range:?}");
        }
    }
}
