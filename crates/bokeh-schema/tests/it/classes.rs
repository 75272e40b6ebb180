//! Facts that a reader of Bokeh's documentation would expect.

use bokeh_schema::{Kind, Lit, class, classes, enums};

#[test]
fn well_known_defaults_are_as_in_bokeh() {
    for (name, property, expected) in [
        ("Slider", "step", Some(Lit::Int(1))),
        ("Slider", "value", None),
        ("Slider", "format", Some(Lit::Str("0[.]00"))),
        ("Plot", "width", Some(Lit::Int(600))),
        ("Figure", "width", Some(Lit::Int(600))),
        ("LayoutDOM", "width", Some(Lit::Null)),
        ("Plot", "title", Some(Lit::Model(&classes::TITLE, &[]))),
        ("Scatter", "marker", Some(Lit::SpecValue(&Lit::Str("circle")))),
        ("Line", "x", Some(Lit::SpecField("x"))),
        ("Model", "subscribed_events", Some(Lit::Set(&[]))),
        ("Minimum", "initial", Some(Lit::Float(f64::INFINITY))),
    ] {
        assert_eq!(class(name).unwrap().property(property).unwrap().default(), expected, "{name}.{property}");
    }
}

#[test]
fn well_known_kinds_are_as_in_bokeh() {
    for (name, property, expected) in [
        ("Slider", "value", "a number"),
        ("Model", "name", "a string or null"),
        ("Plot", "min_border_top", "an integer or null"),
        ("Plot", "lod_factor", "an integer"),
        ("LayoutDOM", "width", "an integer of at least 0 or null"),
        ("Plot", "background_fill_alpha", "a number from 0 to 1"),
        ("Plot", "x_range", "a Range"),
        ("Plot", "toolbar_location", r#""above" or "below" or "left" or "right" or null"#),
        ("Axis", "dimension", "\"auto\" or 0 or 1"),
        ("Axis", "axis_label", "a string or a BaseText or null"),
        ("Line", "x", "a field, an expression, or as a value a number"),
        ("Scatter", "fill_color", "a field, an expression, or as a value a color or null"),
        ("ColumnDataSource", "data", "a map of columns"),
        ("Spinner", "page_step_multiplier", "a number of at least 0"),
        ("CompositeFilter", "operands", "a list or array, each item a Filter, and at least one"),
        (
            "FactorRange",
            "factors",
            "a list or array, each item a string or a list or array, each item a list of 2 (a string, a string) or a list or array, each item a list of 3 (a string, a string, a string)",
        ),
        ("HBox", "children", "a list, each item a map with the keys child, col, span"),
        ("ToolMenu", "visible", "a boolean"),
        ("Paragraph", "styles", "a map, each key a string, each value a string or null or a Styles"),
    ] {
        let property = class(name).unwrap().property(property).unwrap();
        assert_eq!(property.kind().to_string(), expected, "{name}.{}", property.name());
    }
}

#[test]
fn a_class_is_what_its_bases_are() {
    for (class, other, expected) in [
        (&classes::SLIDER, &classes::SLIDER, true),
        (&classes::SLIDER, &classes::WIDGET, true),
        (&classes::SLIDER, &classes::MODEL, true),
        (&classes::WIDGET, &classes::SLIDER, false),
        (&classes::SCATTER, &classes::LINE_GLYPH, true),
        (&classes::DIV, &classes::DOM_DIV, false),
    ] {
        assert_eq!(class.is_a(other), expected, "{class:?} {other:?}");
    }
}

#[test]
fn names_that_do_not_exist_are_not_found() {
    for name in ["", "slider", "Sliders", "bokeh.models.Slider", "LineGlyph"] {
        assert_eq!(class(name), None, "{name:?}");
    }
    for name in ["", "valu", "values", "Value", "__class__"] {
        assert_eq!(classes::SLIDER.property(name), None, "{name:?}");
    }
}

#[test]
fn a_spec_has_its_units_and_their_property_is_not_sent() {
    let angle = classes::TEXT.property("angle").unwrap();
    let Kind::Spec(spec) = angle.kind() else { panic!("{angle:?}") };
    let units = spec.units.unwrap();
    assert_eq!((spec.name, units.values, units.default), ("AngleSpec", &enums::ANGLE_UNITS, "rad"));

    let property = classes::TEXT.property("angle_units").unwrap();
    assert!(!property.is_serialized() && !property.is_required());
}

#[test]
fn what_the_browser_reports_is_readonly() {
    for (class, name, is_serialized) in [
        (&classes::SLIDER, "value_throttled", false),
        (&classes::PLOT, "inner_width", false),
        (&classes::FACTOR_RANGE, "start", true),
    ] {
        let property = class.property(name).unwrap();
        assert!(property.is_readonly(), "{name}");
        assert_eq!(property.is_serialized(), is_serialized, "{name}");
    }
}

#[test]
fn an_integer_enumeration_holds_no_strings() {
    let dimension = &enums::AXIS_DIMENSION;
    assert!(dimension.contains_int(1) && !dimension.contains_int(2) && !dimension.contains("1"));
    assert!(!enums::ANCHOR.contains_int(0));
}
