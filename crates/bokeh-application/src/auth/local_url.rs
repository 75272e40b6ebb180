/// Whether a URL that came with a request leads back to the same server: a path, with no host that a browser could find in
/// it.
///
/// ```
/// use bokeh_application::auth::is_local_url;
///
/// assert!(is_local_url("/sliders?n=5"));
/// assert!(!is_local_url("//example.org/sliders"));
/// ```
pub fn is_local_url(url: &str) -> bool {
    // Browsers leave out tabs and line breaks, and take a backslash for a slash.
    let is_clean = url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    is_clean && url.len() <= MAX_BYTES && url.starts_with('/') && !url.starts_with("//")
}

/// Longer ones do not fit into headers everywhere.
const MAX_BYTES: usize = 4000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_to_another_server() {
        for (url, expected) in [
            ("/", true),
            ("/app", true),
            ("/pp/app?x=1&y=%2F%2Fevil.example#top", true),
            ("/app//x", true),
            ("/.//evil.example", true),
            ("/?next=https://evil.example", true),
            ("", false),
            ("app", false),
            ("?x=1", false),
            ("//evil.example", false),
            ("///evil.example", false),
            ("https://evil.example", false),
            ("https:/evil.example", false),
            ("javascript:alert(1)", false),
            ("/\\evil.example", false),
            ("\\\\evil.example", false),
            ("/a\\..\\evil.example", false),
            ("/\t/evil.example", false),
            ("/\n/evil.example", false),
            (" /app", false),
            ("/app\r\nSet-Cookie: user=eve", false),
            ("/app\0", false),
            ("/app\u{7f}", false),
            ("/ünï", false),
        ] {
            assert_eq!(is_local_url(url), expected, "{url:?}");
        }
        assert!(!is_local_url(&format!("/{}", "a".repeat(MAX_BYTES))));
    }
}
