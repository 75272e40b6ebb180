use super::*;

#[test]
fn a_string_is_a_color_exactly_when_bokeh_says_so() {
    for (text, expected) in [
        ("tomato", true),
        ("LightGoldenRodYellow", true),
        ("#12f", true),
        ("#12f8", true),
        ("#1234ab", true),
        ("#1234abCD", true),
        ("#12345", false),
        ("#12g", false),
        ("#", false),
        ("rgb(1,2,3)", true),
        ("rgb(1 , 2,  255 )", true),
        ("rgb( 1, 2, 3)", false),
        ("rgb(1, 2, 256)", false),
        ("rgb(1, 2, 003)", false),
        ("rgb(1, 2)", false),
        ("rgb(1, 2, 3, 4)", false),
        ("rgb(1, 2, +3)", false),
        ("rgba(1, 2, 3, 0.5)", true),
        ("rgba(1, 2, 3, 1)", true),
        ("rgba(1, 2, 3, .5)", false),
        ("rgba(1, 2, 3, 0.5.1)", false),
        ("rgba(1, 2, 3)", false),
        ("rgba()", false),
        ("hsl(1, 2%, 3%)", false),
        ("notacolor", false),
        ("", false),
    ] {
        assert_eq!(is_color(text), expected, "{text:?}");
    }
}

#[test]
fn a_length_has_a_number_and_a_unit() {
    for (text, expected) in [
        ("12px", true),
        ("1.5em", true),
        ("90%", true),
        ("3VMIN", true),
        ("6", false),
        ("px", false),
        ("", false),
        ("-1px", false),
        (".5em", false),
        ("1.em", false),
        ("1.2.3em", false),
        ("12 px", false),
        ("12parsec", false),
    ] {
        assert_eq!(is_length(text), expected, "{text:?}");
    }
}

#[test]
fn dashes_are_integers_and_spaces() {
    for (text, expected) in [
        ("4 4", true),
        ("4", true),
        ("", true),
        ("4  2", true),
        (" 4", false),
        ("4,4", false),
        ("-4 4", false),
        ("dashed", false),
    ] {
        assert_eq!(is_dashes(text), expected, "{text:?}");
    }
}
