use crate::failure_page::escape;

/// The page with what went wrong while its document was made, if anything.
pub(super) fn with_overlay(html: String, failure: Option<&str>) -> String {
    let Some(failure) = failure else { return html };
    let overlay = format!("<pre style=\"{STYLE}\">{}</pre>\n", escape(failure));
    match html.rfind("</body>") {
        Some(end) => format!("{}{overlay}{}", &html[..end], &html[end..]),
        None => html + &overlay,
    }
}

const STYLE: &str = "position: relative; z-index: 1000; margin: 1em; padding: 1em; overflow: auto; \
                     border: 2px solid #b00020; background: #fff5f5; color: #600; white-space: pre-wrap;";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_shown_at_the_end_of_the_page() {
        for (html, failure, expected_start, expected_end) in [
            ("<body>a</body>", None, "<body>a</body>", "</body>"),
            ("<body>a</body></html>", Some("<b>"), "<body>a<pre", "&lt;b&gt;</pre>\n</body></html>"),
            ("no body", Some("x"), "no body<pre", "x</pre>\n"),
        ] {
            let page = with_overlay(html.to_owned(), failure);
            assert!(page.starts_with(expected_start), "{page}");
            assert!(page.ends_with(expected_end), "{page}");
        }
    }
}
