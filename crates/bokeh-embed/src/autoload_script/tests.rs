use super::*;
use crate::bundle::Bundle;

#[test]
fn bokehjs_comes_from_the_server_that_the_page_names() {
    for (absolute_url, expected) in [
        (None, "/pp/static/js/bokeh.min.js"),
        (Some("http://x.y:1/one"), "http://x.y:1/pp/static/js/bokeh.min.js"),
        (Some("https://x.y"), "https://x.y/pp/static/js/bokeh.min.js"),
        (Some("HTTPS://x.y?a=/b"), "HTTPS://x.y/pp/static/js/bokeh.min.js"),
        (Some("javascript://x.y/one"), "/pp/static/js/bokeh.min.js"),
        (Some("/one"), "/pp/static/js/bokeh.min.js"),
        (Some(""), "/pp/static/js/bokeh.min.js"),
    ] {
        let resources = Resources::server("/pp", |_| None).only(&[]);
        let script = script("token", "EL", resources, absolute_url);
        assert!(script.contains(&format!("const js_urls = [\"{expected}\"];")), "{absolute_url:?}: {script}");
    }
}

#[test]
fn what_has_a_host_keeps_it() {
    let script = script("token", "EL", Resources::cdn().only(&[]), Some("http://x.y/one"));
    assert!(script.contains("const js_urls = [\"https://cdn.bokeh.org/"), "{script}");
}

#[test]
fn the_session_is_shown_in_the_element_and_leaves_the_title_alone() {
    let resources = Resources::server("", |_| None).only(&[Bundle::Widgets]);
    let script = script("the token", "EL", resources, None);
    assert!(script.contains(r#"[{"token":"the token","elementid":"EL","use_for_title":false}]"#), "{script}");
    assert!(script.contains(r#"embed_items(docs_json, render_items, "/")"#), "{script}");
}

#[test]
fn hostile_texts_stay_text() {
    let hostile = "\"</script><script>alert(1)</script>\u{2028}";
    let script = script(hostile, hostile, Resources::none(), Some(hostile));
    assert!(!script.contains("</script>") && !script.contains('\u{2028}'), "{script}");
    assert!(!script.contains("\"\""), "{script}");
}

fn script(token: &str, element_id: &str, resources: Resources, absolute_url: Option<&str>) -> String {
    let script = AutoloadScript::new(token, element_id, resources);
    let script = match absolute_url {
        None => script,
        Some(url) => script.absolute_url(url),
    };
    script.render().unwrap()
}
