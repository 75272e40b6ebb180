//! What types cannot catch.

use bokeh_document::Document;
use bokeh_protocol::{Object, Spec, SpecKind, Value};

use crate::support::{columns, list, object};

fn findings(doc: &Document) -> Vec<String> {
    doc.check().iter().map(ToString::to_string).collect()
}

fn field(name: &str) -> Value {
    Value::from(Spec::new(SpecKind::Field(name.into())))
}

fn renderer(source: Object, glyph: Object) -> Object {
    object("GlyphRenderer", [("data_source", source.into()), ("glyph", glyph.into())])
}

#[test]
fn columns_that_a_source_does_not_have_are_named() {
    let source = || object("ColumnDataSource", [("data", columns([("x", vec![1.0]), ("y", vec![2.0])]).into())]);
    let empty = || object("ColumnDataSource", []);
    let line = |x, y| object("Line", [("x", field(x)), ("y", field(y))]);
    for (renderer, expected) in [
        (renderer(source(), line("x", "y")), None),
        (renderer(source(), object("Line", [])), None),
        (
            renderer(source(), line("x", "nope")),
            Some(r#"its Line names the columns "nope", but its data source has "x", "y""#),
        ),
        (
            renderer(empty(), object("Line", [])),
            Some(r#"its Line names the columns "x", "y", but its data source has none"#),
        ),
        (renderer(object("AjaxDataSource", [("data_url", "/data".into())]), line("x", "nope")), None),
    ] {
        let mut doc = Document::new();
        doc.add_root(renderer);
        let found = findings(&doc);
        match expected {
            None => assert_eq!(found, [""; 0]),
            Some(expected) => assert!(found.len() == 1 && found[0].ends_with(expected), "{found:?}"),
        }
    }
}

#[test]
fn columns_of_unequal_lengths_are_named() {
    let mut doc = Document::new();
    let mut data = columns([("x", vec![1.0, 2.0])]);
    data.insert("y", list([1]));
    let source = doc.add_root(object("ColumnDataSource", [("data", data.into())]));
    let id = doc.wire_id(source).unwrap();
    assert_eq!(findings(&doc), [format!(r#"ColumnDataSource({id}): "x" has 2 rows, "y" has 1 rows; make them equal"#)]);
}

#[test]
fn models_that_are_not_shown_are_not_looked_at() {
    let mut doc = Document::new();
    let slider = doc.add(object("Slider", []));
    assert_eq!(findings(&doc), [""; 0]);
    doc.add_root(slider);
    assert_eq!(findings(&doc).len(), 3);
}
