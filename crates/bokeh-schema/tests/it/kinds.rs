//! Strings as values, and as values or columns.

use bokeh_schema::{Bounds, Kind, enums, specs};

#[test]
fn a_bare_string_is_a_value_if_it_is_a_valid_one() {
    for (spec, values, columns) in [
        (&specs::NUMBER, &[][..], &["x", "1", ""][..]),
        (&specs::STRING, &[], &["Arial", ""]),
        (&specs::NULL_STRING, &[], &["label"]),
        (&specs::COLOR, &["red", "RED", "#abc", "rgb(1, 2, 3)"], &["notacolor", "#12345", "hsl(1,2%,3%)"]),
        (&specs::MARKER, &["circle", "@mine"], &["kind", "Circle"]),
        (&specs::LINE_CAP, &["butt"], &["cap"]),
        (&specs::TEXT_ALIGN, &["center"], &["middle"]),
        (&specs::DASH_PATTERN, &["dashed", "4 4", ""], &["dash", "4,4"]),
        (&specs::FONT_SIZE, &["12px", "1.5em"], &["size"]),
        (&specs::HATCH_PATTERN, &["dot", ".", " "], &["foo", "@x"]),
        (&specs::TEXT_ANCHOR, &["auto", "top_left", "center"], &["anchor"]),
    ] {
        for value in values {
            assert!(spec.reads_as_value(value), "{value:?} for {}", spec.name);
        }
        for column in columns {
            assert!(!spec.reads_as_value(column), "{column:?} for {}", spec.name);
        }
    }
}

#[test]
fn a_kind_knows_its_strings() {
    for (kind, text, expected) in [
        (Kind::Any, "x", true),
        (Kind::Str, "", true),
        (Kind::INT, "1", false),
        (Kind::Null, "null", false),
        (Kind::Prefixed("--"), "--bk-icon", true),
        (Kind::Prefixed("--"), "icon", false),
        (Kind::Enum(&enums::ALIGN), "start", true),
        (Kind::Enum(&enums::ALIGN), "left", false),
        (Kind::Nullable(&Kind::Color), "red", true),
        (Kind::Either(&[Kind::INT, Kind::CssLength]), "3px", true),
        (Kind::Either(&[Kind::INT, Kind::CssLength]), "three", false),
        (Kind::List(&Kind::Str), "a", false),
        (Kind::Spec(&specs::NUMBER), "column", true),
    ] {
        assert_eq!(kind.accepts_str(text), expected, "{text:?} for {kind}");
    }
}

#[test]
fn bounds_hold_what_they_name() {
    for (bounds, inside, outside) in [
        (Bounds::NONE, &[f64::NAN, f64::NEG_INFINITY, 0.0][..], &[][..]),
        (Bounds::UNIT, &[0.0, 1.0], &[-0.1, 1.1, f64::NAN]),
        (Bounds::BYTE, &[0.0, 255.0], &[-1.0, 256.0]),
        (Bounds::NON_NEGATIVE, &[0.0, f64::INFINITY], &[-1e-9, f64::NAN]),
        (Bounds::POSITIVE, &[1e-9], &[0.0, f64::NAN]),
    ] {
        assert!(inside.iter().all(|number| bounds.contains(*number)), "{bounds:?}");
        assert!(!outside.iter().any(|number| bounds.contains(*number)), "{bounds:?}");
    }
}
