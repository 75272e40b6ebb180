//! JSON inside `<script>` elements.

use serde::Serialize;

/// `value` as JSON that an HTML parser leaves alone and that JavaScript reads as it is.
///
/// In a script element only `</script` and `<!--` mean something to the parser, and HTML has no escape for them there;
/// JSON has one.
pub(crate) fn script_json(value: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(escape(&serde_json::to_string(value)?))
}

/// JSON with what HTML would read replaced by JSON's own escapes. Outside of strings none of it occurs.
pub(crate) fn escape(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' => escaped.push_str("\\u003c"),
            '>' => escaped.push_str("\\u003e"),
            '&' => escaped.push_str("\\u0026"),
            // Line ends to JavaScript of before 2019, plain characters to JSON.
            '\u{2028}' => escaped.push_str("\\u2028"),
            '\u{2029}' => escaped.push_str("\\u2029"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_would_read_is_escaped() {
        for (text, expected) in [
            ("plain é", r#""plain é""#),
            ("</script>", r#""\u003c/script\u003e""#),
            ("<!-- <script", r#""\u003c!-- \u003cscript""#),
            ("a & b", r#""a \u0026 b""#),
            ("line\u{2028}end\u{2029}", r#""line\u2028end\u2029""#),
            ("quote \" and \\", r#""quote \" and \\""#),
        ] {
            let json = script_json(&text).unwrap();
            assert_eq!(json, expected);
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
