//! The cookies of a request.

use axum::http::{HeaderMap, header};

use crate::http_request::latin1;

/// Names and values, in order. What is in quotes is taken out of them.
pub(super) fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    let lines = headers.get_all(header::COOKIE).iter().map(|value| latin1(value.as_bytes()));
    let pairs = lines.flat_map(|line| line.split(';').filter_map(pair).collect::<Vec<_>>());
    pairs.filter(|(name, _)| !name.is_empty()).collect()
}

fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    Some((name.trim().to_owned(), unquote(value.trim())))
}

fn unquote(value: &str) -> String {
    let Some(quoted) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut text = String::new();
    let mut rest = quoted;
    while let Some((before, escaped)) = rest.split_once('\\') {
        text.push_str(before);
        // Python writes what is no plain character as three octal digits.
        let octal = escaped.get(..3).filter(|digits| digits.bytes().all(|digit| matches!(digit, b'0'..=b'7')));
        if let Some(byte) = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            text.push(char::from(byte));
            rest = &escaped[3..];
        } else {
            let mut chars = escaped.chars();
            text.extend(chars.next());
            rest = chars.as_str();
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn cookies_are_taken_apart() {
        for (lines, expected) in [
            (&["a=1; b=2"][..], vec![("a", "1"), ("b", "2")]),
            (&["a=1;b=2;"], vec![("a", "1"), ("b", "2")]),
            // HTTP/2 has one line for each.
            (&["a=1", "b=2"], vec![("a", "1"), ("b", "2")]),
            (&["a=b=c; novalue; =noname"], vec![("a", "b=c")]),
            (&[r#"a="q w"; b="x\"\054\073y"; c=" "#], vec![("a", "q w"), ("b", "x\",;y"), ("c", "\"")]),
            (&[r#"a="\"; b="\9\999\é""#], vec![("a", ""), ("b", "9999é")]),
            (&[""], vec![]),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::COOKIE, HeaderValue::from_bytes(line.as_bytes()).unwrap());
            }
            let expected: Vec<_> = expected.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
            assert_eq!(cookies(&headers), expected);
        }
    }
}
