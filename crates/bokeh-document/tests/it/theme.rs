//! Themes.

use bokeh_document::{BuiltInTheme, Document, Theme, ThemeError};
use bokeh_protocol::{ModelId, Object, Value};
use serde_json::{Value as Json, json};

#[test]
fn what_nobody_has_set_comes_from_the_theme() {
    let theme = json!({
        "attrs": {
            "Axis": {"axis_line_color": null, "major_label_text_color": "navy"},
            "LinearAxis": {"major_label_text_color": "red", "nonsense": 1},
            "Grid": {"grid_line_dash": [6, 4], "grid_line_alpha": 0.3},
            "NoSuchClass": {"x": 1},
        },
        "line_defaults": {"line_color": "green", "line_width": 4},
        "text_defaults": {"text_color": "blue"},
    });
    for (class, attributes, property, expected) in [
        ("LinearAxis", vec![], "axis_line_color", Value::Null),
        ("LinearAxis", vec![], "major_label_text_color", "red".into()),
        ("LogAxis", vec![], "major_label_text_color", "navy".into()),
        ("LinearAxis", vec![("major_label_text_color", "gold".into())], "major_label_text_color", "gold".into()),
        ("Grid", vec![], "grid_line_dash", [6, 4].into_iter().map(Value::from).collect()),
        ("Grid", vec![], "grid_line_alpha", 0.3.into()),
        ("Line", vec![], "line_width", value_spec(4)),
        ("Text", vec![], "text_color", value_spec("blue")),
        ("Circle", vec![("line_width", value_spec(1))], "line_width", value_spec(1)),
    ] {
        let mut doc = themed(&theme);
        let model = add(&mut doc, class, attributes);
        let found = doc.value(model, property).unwrap();
        assert_eq!(plain(&found), plain(&expected), "{class}.{property}");
        assert!(doc.is_set(model, property), "what differs from the default is sent");
        assert!(doc.take_warnings().is_empty());
    }
}

#[test]
fn the_themes_of_bokeh_have_its_figures() {
    for (theme, class, property, expected) in [
        (BuiltInTheme::Caliber, "LinearAxis", "major_tick_out", Value::from(3)),
        (BuiltInTheme::Caliber, "Title", "text_font_size", value_spec("1.25em")),
        (BuiltInTheme::Carbon, "Figure", "background_fill_color", "#1b1e23".into()),
        (BuiltInTheme::Contrast, "Plot", "background_fill_color", "#000000".into()),
        (BuiltInTheme::DarkMinimal, "Plot", "border_fill_color", "#15191C".into()),
        (BuiltInTheme::DarkMinimal, "Figure", "border_fill_color", "#15191C".into()),
        (BuiltInTheme::LightMinimal, "Legend", "glyph_width", 15.into()),
        (BuiltInTheme::NightSky, "ColorBar", "title_text_font", value_spec("Helvetica")),
    ] {
        let mut doc = Document::new();
        doc.set_theme(theme);
        let model = add(&mut doc, class, vec![]);
        assert_eq!(plain(&doc.value(model, property).unwrap()), plain(&expected), "{theme:?}: {class}.{property}");
    }
}

#[test]
fn the_themes_of_bokeh_fit_its_models_and_are_found_by_name() {
    for theme in BuiltInTheme::ALL {
        let mut doc = Document::new();
        doc.set_theme(theme);
        for class in ["Figure", "LinearAxis", "Grid", "Legend", "ColorBar", "Title"] {
            add(&mut doc, class, vec![]);
        }
        assert_eq!(doc.take_warnings(), Vec::<String>::new(), "{theme:?}");
        assert_eq!(BuiltInTheme::named(theme.name()), Some(theme));
    }
    assert_eq!(BuiltInTheme::named("night"), None);
}

#[test]
fn a_theme_counts_for_models_that_are_there_already() {
    let mut doc = Document::new();
    let (shown, other) = (add(&mut doc, "Title", vec![]), add(&mut doc, "Title", vec![("text", "mine".into())]));
    doc.add_root(shown);
    doc.take_changes();
    doc.set_theme(Theme::from_json(&json!({"attrs": {"Title": {"text": "themed", "text_color": "red"}}})).unwrap());
    assert_eq!(doc.take_changes().len(), 2);
    for (model, text) in [(shown, "themed"), (other, "mine")] {
        assert_eq!(doc.value(model, "text").unwrap(), text.into());
        assert_eq!(doc.value(model, "text_color").unwrap(), "red".into());
    }
}

#[test]
fn a_value_that_does_not_fit_is_passed_over_with_a_warning() {
    let mut doc = themed(&json!({"attrs": {"Title": {"text": 5, "text_color": "red"}}}));
    let title = add(&mut doc, "Title", vec![]);
    add(&mut doc, "Title", vec![]);
    assert_eq!(doc.value(title, "text").unwrap(), "".into());
    let warnings = doc.take_warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("Title.text"), "{warnings:?}");
}

#[test]
fn what_is_no_theme_is_refused() {
    for (theme, expected) in [
        (json!([]), Some("the whole")),
        (json!({"attrs": []}), Some("attrs")),
        (json!({"attrs": {"Plot": 5}}), Some("attrs.Plot")),
        (json!({"line_defaults": "x"}), Some("line_defaults")),
        (json!(null), None),
        (json!({"attrs": null}), None),
    ] {
        let error = Theme::from_json(&theme).err();
        assert_eq!(error, expected.map(|what| ThemeError::NoMap(what.to_owned())), "{theme}");
    }
}

fn themed(theme: &Json) -> Document {
    let mut doc = Document::new();
    doc.set_theme(Theme::from_json(theme).unwrap());
    doc
}

fn add(doc: &mut Document, class: &'static str, attributes: Vec<(&'static str, Value)>) -> ModelId {
    let attributes = attributes.into_iter().map(|(name, value)| (name.into(), value)).collect();
    doc.add(Object { name: class.into(), id: None, attributes })
}

fn value_spec(value: impl Into<Value>) -> Value {
    value.into()
}

/// A bare value and one in a spec are the same.
fn plain(value: &Value) -> String {
    match value {
        Value::Spec(spec) => format!("{:?}", spec.kind).trim_start_matches("Value(").trim_end_matches(')').to_owned(),
        other => format!("{other:?}"),
    }
    .trim_end_matches(')')
    .to_owned()
}
