use bokeh_protocol::Object;

use super::*;

#[test]
fn a_document_needs_what_its_models_need() {
    use Bundle::{Bokeh, Gl, MathJax, Tables, Widgets};
    for (class, attributes, expected) in [
        ("Plot", vec![], &[Bokeh][..]),
        ("Plot", vec![("output_backend", "webgl")], &[Bokeh, Gl]),
        ("Div", vec![("text", "costs 5 $ (or more)")], &[Bokeh, Widgets]),
        ("Div", vec![("text", "$$x^2$$")], &[Bokeh, Widgets, MathJax]),
        ("Div", vec![("text", r"the \(x\) axis")], &[Bokeh, Widgets, MathJax]),
        ("Title", vec![("text", r"\[x\]")], &[Bokeh, MathJax]),
        ("TeX", vec![("text", "x")], &[Bokeh, MathJax]),
        ("TeXGlyph", vec![], &[Bokeh, MathJax]),
        ("DataTable", vec![], &[Bokeh, Widgets, Tables]),
        ("TableColumn", vec![], &[Bokeh, Widgets, Tables]),
        ("ext.Widget", vec![], &Bundle::ALL),
    ] {
        let mut document = Document::new();
        document.follow_server();
        let root = format!(
            r#"{{"version":"3.9.2","title":"","config":null,"roots":[{{"type":"object","name":"{class}","id":"1","attributes":{}}}]}}"#,
            serde_json::to_string(&attributes.iter().copied().collect::<std::collections::BTreeMap<_, _>>()).unwrap()
        );
        document.replace_with(&serde_json::from_str(&root).unwrap(), &[], bokeh_document::Origin::Local).unwrap();
        assert_eq!(Bundle::needed_by(&document), expected, "{class} {attributes:?}");
    }
}

#[test]
fn what_no_root_leads_to_needs_nothing() {
    let mut document = Document::new();
    let slider = document.add_root(Object { name: "Slider".into(), id: None, attributes: vec![] });
    document.remove_root(slider);
    assert_eq!(Bundle::needed_by(&document), [Bundle::Bokeh]);
}
