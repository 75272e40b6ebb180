//! What stands behind the question mark of an address.

use axum::http::Uri;

use crate::http_request::latin1;
use crate::refusal::Refusal;

/// The arguments of an address, in order. Names are text, values the bytes that they stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, Vec<u8>)>);

impl Query {
    pub(crate) fn of(uri: &Uri) -> Self {
        Self::parse(uri.query().unwrap_or_default())
    }

    fn parse(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (latin1(&unescape(name)), unescape(value))
        });
        Self(pairs.collect())
    }

    /// An argument that this server reads itself. As in Bokeh, the last one of a name counts, without what is invisible at its
    /// ends.
    ///
    /// # Errors
    /// If it is no text.
    pub(crate) fn text(&self, wanted: &str) -> Result<Option<String>, Refusal> {
        let Some((_, value)) = self.0.iter().rev().find(|(name, _)| name == wanted) else { return Ok(None) };
        let text = std::str::from_utf8(value).map_err(|_no_text| Refusal::BAD_REQUEST)?;
        Ok(Some(text.replace(is_control, " ").trim().to_owned()))
    }

    pub(crate) fn into_pairs(self) -> Vec<(String, Vec<u8>)> {
        self.0
    }
}

fn unescape(text: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(&text.replace('+', " ")).collect()
}

/// Those that are no white space.
fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_unescaped() {
        for (query, expected) in [
            ("", vec![]),
            ("a=1&a=2", vec![("a", &b"1"[..]), ("a", b"2")]),
            ("&&a&=1&b=", vec![("a", b""), ("", b"1"), ("b", b"")]),
            ("a+b=c%20d+e", vec![("a b", b"c d e")]),
            ("a=b=c;d", vec![("a", b"b=c;d")]),
            ("%C3%A9=%ff%zz%", vec![("é", b"\xff%zz%")]),
            ("%FC=1&%FF=2", vec![("ü", b"1"), ("ÿ", b"2")]),
        ] {
            let expected: Vec<_> =
                expected.into_iter().map(|(name, value)| (name.to_owned(), value.to_vec())).collect();
            assert_eq!(Query::parse(query).into_pairs(), expected, "{query}");
        }
    }

    #[test]
    fn the_last_argument_of_a_name_counts() {
        for (query, expected) in [
            ("b=1", Ok(None)),
            ("a", Ok(Some(""))),
            ("a=1&a=2", Ok(Some("2"))),
            ("a=%20x%00y%0a", Ok(Some("x y"))),
            ("a=%ff", Err(Refusal::BAD_REQUEST)),
            ("a=%ff&a=1", Ok(Some("1"))),
        ] {
            let expected = expected.map(|text| text.map(str::to_owned));
            assert_eq!(Query::parse(query).text("a"), expected, "{query}");
        }
    }
}
