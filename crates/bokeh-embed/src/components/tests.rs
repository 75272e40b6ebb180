use bokeh_protocol::Object;

use super::*;

#[test]
fn each_root_has_an_element_that_the_script_knows() {
    let mut document = Document::new();
    for name in ["one", "two"] {
        document.add_root(Object { name: "Div".into(), id: None, attributes: vec![("name".into(), name.into())] });
    }
    let parts = Components::new(&document).unwrap();
    let divs: Vec<String> = parts.divs().collect();
    assert_eq!(divs.len(), 2);
    assert_eq!(parts.div("two").as_ref(), Some(&divs[1]));
    assert_eq!(parts.div("three"), None);
    for div in &divs {
        let id = div.split('"').nth(1).unwrap();
        assert!(parts.script().contains(id), "{div}: {}", parts.script());
    }
    assert!(parts.script().contains("\"use_for_title\":false"));
    assert_eq!(parts.bundles(), [Bundle::Bokeh, Bundle::Widgets]);
    assert_eq!(parts.resources(Resources::cdn()).scripts().len(), 2);
}

#[test]
fn some_models_can_be_shown_without_the_others() {
    let mut document = Document::new();
    let [one, two] = ["one", "two"].map(|name| {
        document.add_root(Object { name: "Div".into(), id: None, attributes: vec![("name".into(), name.into())] })
    });
    let parts = Components::of(&document, [two]).unwrap();
    assert_eq!(parts.divs().count(), 1);
    assert_eq!(parts.roots()[0].model_id(), document.wire_id(two).unwrap());
    assert!(parts.script().contains("\"name\":\"two\"") && !parts.script().contains("\"name\":\"one\""));
    assert!(matches!(Components::of(&Document::new(), [one]), Err(RenderError::NoModel)));
}

#[test]
fn the_code_alone_is_no_html() {
    let mut document = Document::new();
    let attributes = vec![("text".into(), "</script>".into())];
    document.add_root(Object { name: "Div".into(), id: None, attributes });
    let code = Components::new(&document).unwrap().javascript().unwrap();
    assert!(!code.contains('<') && code.contains("\\u003c/script\\u003e") && code.contains("embed_items"), "{code}");
}
