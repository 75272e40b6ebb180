use bokeh_protocol::Object;

use super::*;

#[test]
fn the_script_draws_what_it_was_made_for_in_its_own_place() {
    let (document, [one, two]) = document();
    let all = autoload_static(&document, Resources::cdn(), "a.js").unwrap();
    let some = AutoloadStatic::of(&document, [two], Resources::cdn(), "a.js").unwrap();
    for (parts, has_one, has_two) in [(&all, true, true), (&some, false, true)] {
        assert_eq!((parts.script().contains("text one"), parts.script().contains("text two")), (has_one, has_two));
        let id = parts.tag().split("id=\"").nth(1).unwrap().trim_end_matches("\"></script>").to_owned();
        assert!(parts.script().contains(&format!("\"elementid\":\"{id}\",\"use_for_title\":false")));
        assert!(parts.script().contains("bokeh-widgets-3.9.2.min.js") && !parts.script().contains("bokeh-tables"));
    }
    let gone = AutoloadStatic::of(&Document::new(), [one], Resources::cdn(), "a.js");
    assert!(matches!(gone, Err(RenderError::NoModel)));
}

#[test]
fn hostile_paths_stay_paths() {
    let (document, _) = document();
    let tag = autoload_static(&document, Resources::none(), "a.js?x=\"><script>&y").unwrap().tag();
    assert!(tag.starts_with(r#"<script src="a.js?x=&quot;&gt;&lt;script&gt;&amp;y" id=""#), "{tag}");
}

fn document() -> (Document, [ModelId; 2]) {
    let mut document = Document::new();
    let roots = ["text one", "text two"].map(|text| {
        document.add_root(Object { name: "Div".into(), id: None, attributes: vec![("text".into(), text.into())] })
    });
    (document, roots)
}
