use serde_json::json;

use super::*;
use crate::render_item::Root;

#[test]
fn a_page_has_what_bokehjs_needs() {
    let html = page("Sliders", "token", &["s1001", "s1002"]);
    for expected in [
        "<!DOCTYPE html>\n<html lang=\"en\">",
        "<meta charset=\"utf-8\">",
        "<title>Sliders</title>",
        "<script src=\"/static/js/bokeh.min.js?v=abc\"></script>",
        "<script src=\"/static/js/bokeh-mathjax.min.js?v=abc\"></script>",
        "<script>Bokeh.set_log_level(\"info\");</script>",
        "<div id=\"e-s1001\" data-root-id=\"s1001\" style=\"display: contents;\"></div>",
        "<div id=\"e-s1002\" data-root-id=\"s1002\" style=\"display: contents;\"></div>",
        "\">{}</script>",
        "[{\"token\":\"token\",\"roots\":{\"s1001\":\"e-s1001\",\"s1002\":\"e-s1002\"},\
          \"root_ids\":[\"s1001\",\"s1002\"],\"use_for_title\":true}]",
        "Bokeh.embed.embed_items(docs_json, render_items);",
    ] {
        assert!(html.contains(expected), "no {expected} in {html}");
    }
}

#[test]
fn parts_come_in_the_order_in_which_they_depend_on_each_other() {
    let html = page("t", "token", &["s1001"]);
    let parts =
        ["bokeh.min.js", "bokeh-gl", "set_log_level", "<body>", "data-root-id", "application/json", "embed_items"];
    let places: Vec<usize> = parts.iter().map(|part| html.find(part).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn a_page_without_title_or_roots_is_whole() {
    let html = page("", "token", &[]);
    assert!(html.contains("<title>Bokeh Plot</title>"));
    assert!(html.contains(r#"[{"token":"token","use_for_title":true}]"#));
}

#[test]
fn hostile_texts_stay_text() {
    let hostile = "\"'></title></script><script>alert(1)</script><!--";
    let html = page(hostile, hostile, &[hostile]);
    assert!(!html.contains("alert(1)</script>"), "{html}");
    assert!(!html.contains("<!--"), "{html}");
    let n_scripts = |html: &str| (html.matches("<script").count(), html.matches("</script>").count());
    assert_eq!(n_scripts(&html), n_scripts(&page("t", "t", &["s1001"])));
}

#[test]
fn foreign_scripts_are_checked() {
    let html = Page::new(Resources::cdn()).render().unwrap();
    assert!(html.contains(" integrity=\"sha384-g9DMRTbu324z8DCTVTliqGx5fbK+SywwPXdNdCUvpyEcNgorUiK1U1lJV7Uf3ESB\" crossorigin=\"anonymous\""));
}

#[test]
fn every_block_can_be_filled() {
    for block in [
        "head",
        "inner_head",
        "title",
        "preamble",
        "resources",
        "css_resources",
        "js_resources",
        "postamble",
        "body",
        "inner_body",
        "contents",
        "root",
    ] {
        let template = format!("{{% extends base %}}{{% block {block} %}}MARK {{{{ super() }}}}{{% endblock %}}");
        let html = session_page("t", "token", &["s1001"]).template(template).render().unwrap();
        assert!(html.contains("MARK"), "{block}");
        assert!(html.contains("embed_items"), "{block}");
    }
}

#[test]
fn a_template_sees_roots_by_position_and_name() {
    let item = RenderItem::session("t")
        .root(Root::new("s1").in_element("a"))
        .root(Root::new("s2").name("two").in_element("b"));
    let template = "{{ roots[0].id }} {{ roots.two.elementid }} {{ doc.roots['two'].name }} {{ docs|length }} {{ roots|length }} {{ extra }}";
    let html = Page::new(Resources::cdn()).item(item).variable("extra", "<x>").template(template).render().unwrap();
    assert_eq!(html, "s1 b two 1 2 &lt;x&gt;");
}

#[test]
fn roots_are_placed_by_a_function_or_the_macro() {
    let element = r#"<div id="b" data-root-id="s2" style="display: contents;"></div>"#;
    for (template, expected) in [
        ("{{ embed(roots.two) }}", element),
        ("{{ embed(doc.roots[1]) }}", element),
        ("{% from macros import embed %}{{ embed(roots.two) }}", element),
        (
            "{% from macros import embed %}{% extends base %}{% block body %}{{ embed(roots.two) }}{% endblock %}",
            element,
        ),
        ("{{ embed(roots.three) }}", "an error"),
        ("{{ embed(doc) }}", "an error"),
    ] {
        let item = RenderItem::session("t").root(Root::new("s1")).root(Root::new("s2").name("two").in_element("b"));
        let html = Page::new(Resources::cdn()).item(item).template(template).render();
        let html = html.unwrap_or_else(|_| "an error".to_owned());
        assert!(html.contains(expected), "{template}: {html}");
    }
}

#[test]
fn templates_extend_and_include_others_and_read_variables_of_any_kind() {
    let html = Page::new(Resources::cdn())
        .template(r#"{% extends "layout.html" %}{% block body %}{% include "part.html" %}{% endblock %}"#)
        .other_template("layout.html", "<main>{% block body %}{% endblock %}</main>")
        .other_template(
            "part.html",
            "{% for user in users %}{{ user.name }}{% if user.admin %}!{% endif %} {% endfor %}",
        )
        .variable("users", json!([{"name": "Ann", "admin": true}, {"name": "<Bob>", "admin": false}]));
    assert_eq!(html.render().unwrap(), "<main>Ann! &lt;Bob&gt; </main>");
}

#[test]
fn a_template_that_does_not_parse_is_an_error() {
    let error = Page::new(Resources::cdn()).template("{% block").render().unwrap_err();
    assert!(matches!(error, RenderError::Template(_)));
}

fn page(title: &str, token: &str, roots: &[&str]) -> String {
    session_page(title, token, roots).render().unwrap()
}

fn session_page(title: &str, token: &str, roots: &[&str]) -> Page {
    let root = |id: &&str| Root::new(*id).in_element(format!("e-{id}"));
    let item = roots.iter().map(root).fold(RenderItem::session(token), RenderItem::root);
    Page::new(Resources::server("", |_| Some("abc".to_owned()))).title(title).item(item)
}
