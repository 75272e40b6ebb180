//! What properties take, and what is stored.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use bokeh_document::Document;
use bokeh_models::prelude::*;
use bokeh_models::{Dict, IntoModel, Model};
use bokeh_protocol::{BytesMode, Value as Wire};

/// The stored value in its wire form.
fn stored(model: impl IntoModel, name: &str) -> String {
    let mut doc = Document::new();
    let Wire::Object(object) = model.into_model_value() else { panic!("a builder is an object") };
    let id = doc.insert(object).unwrap_or_else(|error| panic!("{error}"));
    doc.add_root(id);
    let (json, _) = doc.to_json(BytesMode::Inline);
    let json: serde_json::Value = serde_json::from_slice(&json).expect("the document is JSON");
    json["roots"][0]["attributes"][name].to_string()
}

#[test]
fn numbers_keep_their_kind() {
    for (slider, expected) in [
        (Slider::new().start(0), "0"),
        (Slider::new().start(0.0), "0.0"),
        (Slider::new().start(-1_i64), "-1"),
        (Slider::new().start(7_usize), "7"),
        (Slider::new().start(0.5_f32), "0.5"),
        (Slider::new().start(f64::NAN), r#"{"type":"number","value":"nan"}"#),
    ] {
        assert_eq!(stored(slider, "start"), expected);
    }
}

#[test]
fn strings_are_values_or_columns_by_bokehs_rules() {
    for (glyph, name, expected) in [
        (Scatter::new().fill_color("tomato"), "fill_color", r#"{"type":"value","value":"tomato"}"#),
        (Scatter::new().fill_color("Tomato"), "fill_color", r#"{"type":"value","value":"Tomato"}"#),
        (Scatter::new().fill_color("#ff0080"), "fill_color", r##"{"type":"value","value":"#ff0080"}"##),
        (Scatter::new().fill_color("#12345"), "fill_color", r##"{"type":"field","field":"#12345"}"##),
        (Scatter::new().fill_color("weight"), "fill_color", r#"{"type":"field","field":"weight"}"#),
        (Scatter::new().fill_color(Color::NAVY), "fill_color", r#"{"type":"value","value":"navy"}"#),
        (Scatter::new().fill_color((1, 2, 3)), "fill_color", r#"{"type":"value","value":[1,2,3]}"#),
        (Scatter::new().fill_color((1, 2, 3, 0.5)), "fill_color", r#"{"type":"value","value":[1,2,3,0.5]}"#),
        (Scatter::new().fill_color(None), "fill_color", r#"{"type":"value","value":null}"#),
        (Scatter::new().size("size"), "size", r#"{"type":"field","field":"size"}"#),
        (Scatter::new().size(4), "size", r#"{"type":"value","value":4}"#),
        (Scatter::new().size(value(4.5)), "size", r#"{"type":"value","value":4.5}"#),
        (Scatter::new().marker("circle_x"), "marker", r#"{"type":"value","value":"circle_x"}"#),
        (Scatter::new().marker("@mine"), "marker", r#"{"type":"value","value":"@mine"}"#),
        (Scatter::new().marker("kind"), "marker", r#"{"type":"field","field":"kind"}"#),
        (Scatter::new().marker(enums::MarkerType::Star), "marker", r#"{"type":"value","value":"star"}"#),
        (Scatter::new().line_dash("dashed"), "line_dash", r#"{"type":"value","value":"dashed"}"#),
        (Scatter::new().line_dash("4 2"), "line_dash", r#"{"type":"value","value":"4 2"}"#),
        (Scatter::new().line_dash("dashes"), "line_dash", r#"{"type":"field","field":"dashes"}"#),
        (Scatter::new().line_dash(DashPattern::Dotted), "line_dash", r#"{"type":"value","value":"dotted"}"#),
        (Scatter::new().line_dash([4, 2]), "line_dash", r#"{"type":"value","value":[4,2]}"#),
        (Scatter::new().hatch_pattern("x"), "hatch_pattern", r#"{"type":"value","value":"x"}"#),
        (Scatter::new().hatch_pattern("@x"), "hatch_pattern", r#"{"type":"field","field":"@x"}"#),
        (Scatter::new().line_cap(enums::LineCap::Round), "line_cap", r#"{"type":"value","value":"round"}"#),
        (Scatter::new().angle(field("a").units("deg")), "angle", r#"{"type":"field","field":"a","units":"deg"}"#),
        (Scatter::new().angle(value(45).units("deg")), "angle", r#"{"type":"value","value":45,"units":"deg"}"#),
        (
            Scatter::new().angle(45).angle_units(enums::AngleUnits::Deg),
            "angle",
            r#"{"type":"value","value":45,"units":"deg"}"#,
        ),
        (Scatter::new().angle(45).angle_units(enums::AngleUnits::Rad), "angle", r#"{"type":"value","value":45}"#),
    ] {
        assert_eq!(stored(glyph, name), expected);
    }
}

#[test]
fn texts_of_glyphs_are_columns_unless_they_are_values() {
    for (text, expected) in [
        (Text::new().text("label"), r#"{"type":"field","field":"label"}"#),
        (Text::new().text(value("label")), r#"{"type":"value","value":"label"}"#),
        (Text::new().text(field("label")), r#"{"type":"field","field":"label"}"#),
    ] {
        assert_eq!(stored(text, "text"), expected);
    }
    let font_size = |text| stored(Text::new().text_font_size(text), "text_font_size");
    assert_eq!(font_size("14px"), r#"{"type":"value","value":"14px"}"#);
    assert_eq!(font_size("size"), r#"{"type":"field","field":"size"}"#);
}

#[test]
fn properties_that_are_no_specs_hold_bare_values() {
    for (annotation, name, expected) in [
        (BoxAnnotation::new().line_dash("dashed"), "line_dash", "[6]"),
        (BoxAnnotation::new().line_dash([4, 2]), "line_dash", "[4,2]"),
        (BoxAnnotation::new().line_dash(DashPattern::Solid), "line_dash", "[]"),
        (BoxAnnotation::new().fill_color((1, 2, 3)), "fill_color", r#""rgb(1, 2, 3)""#),
        (BoxAnnotation::new().fill_color(Color::rgba(1, 2, 3, 0.5)), "fill_color", r#""rgba(1, 2, 3, 0.5)""#),
        (BoxAnnotation::new().fill_color(None), "fill_color", "null"),
        (BoxAnnotation::new().left(3), "left", "3"),
        (BoxAnnotation::new().left("apple"), "left", r#""apple""#),
        (BoxAnnotation::new().left(("apple", "red")), "left", r#"["apple","red"]"#),
    ] {
        assert_eq!(stored(annotation, name), expected);
    }
}

#[test]
fn lists_come_from_all_sorts_of_lists() {
    let words = ["a".to_owned(), "b".to_owned()];
    for group in [
        CheckboxGroup::new().labels(["a", "b"]),
        CheckboxGroup::new().labels(vec!["a", "b"]),
        CheckboxGroup::new().labels(("a", "b".to_owned())),
        CheckboxGroup::new().labels(&words),
        CheckboxGroup::new().labels(&words[..]),
        CheckboxGroup::new().labels(words.to_vec()),
    ] {
        assert_eq!(stored(group, "labels"), r#"["a","b"]"#);
    }
    assert_eq!(stored(CheckboxGroup::new().active(()), "active"), "[]");
}

#[test]
fn maps_stay_maps_where_lists_are_possible_too() {
    let groups = [("Fruits", vec!["fig"]), ("Roots", vec![])];
    let expected = r#"{"type":"map","entries":[["Fruits",["fig"]],["Roots",[]]]}"#;
    assert_eq!(stored(Select::new().options(BTreeMap::from(groups.clone())), "options"), expected);
    assert_eq!(stored(Select::new().options(Dict::from_iter(groups)), "options"), expected);
    let one = HashMap::from([("a", ["b"])]);
    assert_eq!(stored(Select::new().options(one), "options"), r#"{"type":"map","entries":[["a",["b"]]]}"#);
    assert_eq!(stored(Select::new().options([("a", "b")]), "options"), r#"[["a","b"]]"#);
}

#[test]
fn styles_are_a_map_or_a_model() {
    let expected = r#"{"type":"map","entries":[["color","red"]]}"#;
    for div in [
        Div::new().styles([("color", "red")]),
        Div::new().styles(vec![("color", Some("red".to_owned()))]),
        Div::new().styles(HashMap::from([("color", "red")])),
    ] {
        assert_eq!(stored(div, "styles"), expected);
    }
    let mut doc = Document::new();
    let (map, model) = (doc.add(Div::new().styles([("color", "red")])), doc.add(Div::new().styles(Styles::new())));
    let styles = map.styles(&doc);
    model.set_styles(&mut doc, styles.clone());
    assert_eq!(model.styles(&doc), styles);
    model.set_styles(&mut doc, ());
    assert_eq!(model.styles(&doc).as_map().map(|styles| styles.len()), Some(0));
}

#[test]
fn members_of_enumerations_have_names() {
    for member in enums::MarkerType::ALL {
        assert_eq!(enums::MarkerType::from_str(member.as_str()), Ok(*member));
    }
    assert_eq!(enums::SizingMode::StretchWidth.to_string(), "stretch_width");
    let error = enums::Location::from_str("nowhere").expect_err("it is no location");
    assert_eq!(error.to_string(), "\"nowhere\" is not a Location");
}

#[test]
fn palettes_have_the_sizes_asked_for() {
    for (n, expected) in [(0, 0), (1, 1), (3, 3), (11, 11), (12, 12), (100, 100), (256, 256), (300, 256)] {
        let colors = palettes::VIRIDIS.of(n);
        assert_eq!(colors.len(), expected);
        assert!(n < 2 || (colors[0], colors[expected - 1]) == ("#440154", "#FDE724"), "{n}: {colors:?}");
    }
}

#[test]
fn a_string_is_a_title() {
    let mut doc = Document::new();
    let plot = doc.add(Plot::new().title("before").x_range((0, 1)).y_range(["a", "b"]));
    let title = plot.title(&doc).expect("the plot has a title");
    assert_eq!(title.text(&doc), "before");
    plot.set_title(&mut doc, "after");
    assert_eq!(plot.title(&doc).map(|title| title.text(&doc).to_string()), Some("after".to_owned()));
    plot.set_title(&mut doc, None);
    assert_eq!(plot.title(&doc), None);
    assert_eq!(plot.y_range(&doc).cast::<FactorRange>(&doc).map(|range| range.factors(&doc).len()), Some(2));
}

#[test]
fn units_travel_within_their_spec() {
    for (ray, name, expected) in [
        (
            Ray::new().length(3).length_units(enums::SpatialUnits::Screen),
            "length",
            r#"{"type":"value","value":3,"units":"screen"}"#,
        ),
        (
            Ray::new().length_units(enums::SpatialUnits::Screen).length("l"),
            "length",
            r#"{"type":"field","field":"l","units":"screen"}"#,
        ),
        (Ray::new().length(3).length_units(enums::SpatialUnits::Data), "length", r#"{"type":"value","value":3}"#),
        (Ray::new().angle_units(enums::AngleUnits::Turn), "angle", r#"{"type":"value","value":0,"units":"turn"}"#),
    ] {
        assert_eq!(stored(ray, name), expected);
    }
}
