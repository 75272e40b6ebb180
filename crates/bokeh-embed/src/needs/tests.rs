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
        ("CustomJS", vec![("code", "plot.visible = false")], &[Bokeh]),
        ("CustomJS", vec![("code", "plot.output_backend = 'webgl'")], &[Bokeh, Gl]),
        ("CustomJS", vec![("code", "new Bokeh.Tables.DataTable()")], &Bundle::ALL),
        ("Div", vec![("text", "made with Bokeh")], &[Bokeh, Widgets]),
        ("TeX", vec![("text", "x")], &[Bokeh, MathJax]),
        ("TeXGlyph", vec![], &[Bokeh, MathJax]),
        ("DataTable", vec![], &[Bokeh, Widgets, Tables]),
        ("TableColumn", vec![], &[Bokeh, Widgets, Tables]),
        ("ext.Widget", vec![], &Bundle::ALL),
    ] {
        let attributes = attributes.iter().copied().collect::<std::collections::BTreeMap<_, _>>();
        let document = follower(class, &serde_json::to_string(&attributes).unwrap());
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

#[test]
fn texts_are_found_wherever_they_are() {
    for value in [
        r#"{"type":"map","entries":[["0","$$x$$"]]}"#,
        r#"{"type":"map","entries":[[1,{"type":"object","name":"TeX","id":"2","attributes":{"text":"x"}}]]}"#,
    ] {
        let attributes = format!(r#"{{"major_label_overrides":{value}}}"#);
        assert_eq!(
            Bundle::needed_by(&follower("LinearAxis", &attributes)),
            [Bundle::Bokeh, Bundle::MathJax],
            "{value}"
        );
    }
    let glyph = r#"{"text":{"type":"value","value":"$$x$$"}}"#;
    assert_eq!(Bundle::needed_by(&follower("Text", glyph)), [Bundle::Bokeh, Bundle::MathJax]);
}

#[test]
fn what_the_document_itself_does_with_javascript_can_need_anything() {
    let mut document = Document::new();
    document.follow_server();
    let json = r#"{"version":"3.9.2","title":"","config":null,"roots":[],"callbacks":{"type":"map","entries":[
        ["document_ready",[{"type":"object","name":"CustomJS","id":"1","attributes":{"code":"Bokeh"}}]]]}}"#;
    document.replace_with(&serde_json::from_str(json).unwrap(), &[], bokeh_document::Origin::Local).unwrap();
    assert_eq!(Bundle::needed_by(&document), Bundle::ALL);
}

/// A copy of a document with one root.
fn follower(class: &str, attributes: &str) -> Document {
    let mut document = Document::new();
    document.follow_server();
    let root = format!(
        r#"{{"version":"3.9.2","title":"","config":null,"roots":[{{"type":"object","name":"{class}","id":"1","attributes":{attributes}}}]}}"#,
    );
    document.replace_with(&serde_json::from_str(&root).unwrap(), &[], bokeh_document::Origin::Local).unwrap();
    document
}
