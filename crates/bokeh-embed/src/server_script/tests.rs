use super::*;

#[test]
fn the_server_is_asked_for_what_the_page_says() {
    let document = |url| server_document(url).in_element("EL");
    for (script, expected) in [
        (document("http://h:1"), "http://h:1/autoload.js?bokeh-autoload-element=EL&bokeh-absolute-url=http://h:1"),
        (
            document("http://h:1/pp/app/"),
            "http://h:1/pp/app/autoload.js?bokeh-autoload-element=EL&bokeh-app-path=/pp/app\
             &bokeh-absolute-url=http://h:1/pp/app",
        ),
        (
            document("http://h:1/app").relative_urls().without_resources(),
            "http://h:1/app/autoload.js?bokeh-autoload-element=EL&bokeh-app-path=/app&resources=none",
        ),
        (document("/app").relative_urls(), "/app/autoload.js?bokeh-autoload-element=EL&bokeh-app-path=/app"),
        (
            document("http://h").argument("a b", "c&d=é").argument("bokeh-token", "t").argument("x", "1"),
            "http://h/autoload.js?bokeh-autoload-element=EL&bokeh-absolute-url=http://h&a%20b=c%26d%3D%C3%A9&x=1",
        ),
    ] {
        assert_eq!(script.autoload_url(), expected);
    }
}

#[test]
fn headers_and_cookies_are_sent_if_that_is_wanted() {
    for (script, expected) in [
        (server_document("http://h"), r#"{headers: {}, credentials: "same-origin"}"#),
        (server_document("http://h").with_credentials(), r#"{headers: {}, credentials: "include"}"#),
        (server_document("http://h").header("A", "b"), r#"{headers: {"A":"b"}, credentials: "same-origin"}"#),
        (
            server_session("id", "http://h").header("A", "b"),
            r#"{headers: {"Bokeh-Session-Id":"id","A":"b"}, credentials: "same-origin"}"#,
        ),
    ] {
        let html = script.to_string();
        assert!(html.contains(expected), "{html}");
    }
}

#[test]
fn hostile_texts_stay_text() {
    let hostile = "\"'></script><script>alert(1)</script>`${alert(1)}<!--";
    let script = server_session(hostile, hostile).argument(hostile, hostile).in_element(hostile);
    let html = script.to_string();
    assert_eq!(html.matches("<script").count(), 1, "{html}");
    assert_eq!(html.matches("</script>").count(), 1, "{html}");
    assert!(!html.contains("<!--"), "{html}");
}
