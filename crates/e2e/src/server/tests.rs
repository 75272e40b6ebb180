use super::url_in;

#[test]
fn the_address_is_found_in_a_line() {
    for (line, expected) in [
        ("nothing here", None),
        ("2026-01-01 12:00:00,000 Bokeh app running at: http://localhost:5006/app", Some("http://localhost:5006/app")),
        ("serving at http://127.0.0.1:40001/sliders, stop with Ctrl-C", Some("http://127.0.0.1:40001/sliders")),
        ("\u{1b}[1mhttp://127.0.0.1:1/\u{1b}[0m", Some("http://127.0.0.1:1/")),
    ] {
        assert_eq!(url_in(line).as_deref(), expected, "{line}");
    }
}
