//! Glyph methods.

use bokeh_document::Document;
use bokeh_models::prelude::*;

#[test]
fn data_becomes_columns_of_a_source_of_its_own() {
    let mut doc = Document::new();
    let plot = doc.add(figure());
    let drawn = plot.scatter(&mut doc, vec![1.0, 2.0], [3, 4]).size(vec![5.0, 6.0]).fill_color(["red", "blue"]).draw();
    let source = drawn.data_source(&doc).cast::<ColumnDataSource>(&doc).expect("a column data source");
    assert_eq!(source.data(&doc).names().collect::<Vec<_>>(), ["x", "y", "size", "fill_color"]);
    assert_eq!(plot.renderers(&doc), [drawn.upcast()]);
    let glyph = drawn.glyph(&doc).cast::<Scatter>(&doc).expect("a scatter");
    assert_eq!(glyph.size(&doc).as_field(), Some("size"));
    assert_eq!(glyph.fill_color(&doc).as_field(), Some("fill_color"));
    assert_eq!(glyph.line_color(&doc).as_constant(), Some(Some(Color::from("#1f77b4"))));
}

#[test]
#[should_panic(expected = "Line got data for y besides a source")]
fn data_besides_a_source_is_refused() {
    let mut doc = Document::new();
    let plot = doc.add(figure());
    let source = doc.add(ColumnDataSource::new());
    plot.line(&mut doc, "x", [1.0]).source(source).draw();
}

#[test]
#[should_panic(expected = r#"Scatter: columns must be of equal length: "x" has 2 rows, but "size" has 1"#)]
fn data_of_unequal_lengths_are_refused() {
    let mut doc = Document::new();
    let plot = doc.add(figure());
    plot.scatter(&mut doc, [1.0, 2.0], [1.0, 2.0]).size([5.0]).draw();
}

#[test]
fn a_sources_model_may_be_a_builder() {
    let mut doc = Document::new();
    let plot = doc.add(figure());
    let source = ColumnDataSource::new().data(data! { "x" => [1.0], "y" => [2.0] });
    let drawn = plot.line(&mut doc, "x", "y").source(source).name("curve").visible(false).draw();
    assert_eq!(drawn.name(&doc).as_deref(), Some("curve"));
    assert!(!drawn.visible(&doc));
    assert!(drawn.selection_glyph(&doc).as_model().is_none());
    assert!(drawn.muted_glyph(&doc).as_model().is_some());
}
