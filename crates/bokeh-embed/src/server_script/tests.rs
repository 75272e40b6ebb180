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

/// Calls of Bokeh's two functions, and what their scripts ask the server for.
#[test]
fn the_server_is_asked_for_what_bokeh_asks_for() {
    let vectors: Json = serde_json::from_str(include_str!("../../tests/vectors/server_scripts.json")).unwrap();
    let vectors = vectors.as_array().unwrap();
    assert_eq!(vectors.len(), 12);
    for (args, result) in vectors.iter().map(|vector| (&vector["args"], &vector["result"])) {
        let url = args["url"].as_str().unwrap_or("http://localhost:5006");
        let mut script = match args["session_id"].as_str() {
            Some(id) => server_session(id, url),
            None => server_document(url),
        };
        for (name, value) in entries(&args["arguments"]) {
            script = script.argument(name, value);
        }
        for (name, value) in entries(&args["headers"]) {
            script = script.header(name, value);
        }
        if args.get("resources") == Some(&Json::Null) {
            script = script.without_resources();
        }
        if args["relative_urls"] == true {
            script = script.relative_urls();
        }
        if args["with_credentials"] == true {
            script = script.with_credentials();
        }
        let script = script.in_element("ELEMENTID");
        // Both stand for a space.
        assert_eq!(script.autoload_url().replace("%20", "+"), result["src"], "{args}");
        let headers: Vec<_> = entries(&Json::Object(script.headers.clone()));
        let expected = result["headers"].as_array().unwrap().iter();
        let mut expected: Vec<_> = expected.map(|pair| (text(&pair[0]), text(&pair[1]))).collect();
        expected.sort_unstable();
        assert_eq!(headers, expected, "{args}");
        assert_eq!(script.with_credentials.to_string(), result["with_credentials"], "{args}");
    }
}

/// Sorted by name.
fn entries(map: &Json) -> Vec<(String, String)> {
    let entries = map.as_object().into_iter().flatten();
    let mut entries: Vec<_> = entries.map(|(name, value)| (name.clone(), text(value))).collect();
    entries.sort_unstable();
    entries
}

fn text(value: &Json) -> String {
    value.as_str().unwrap().to_owned()
}
