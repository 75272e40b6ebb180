use std::collections::HashMap;
use std::sync::Arc;

use bokeh_protocol::{Array, Begun, Decoder, ModelId, ModelReader, Spec, SpecKind, Text, Value};
use bokeh_schema::{ClassDef, Kind, class, classes};
use serde_json::{Value as Json, json};

use super::{ModelClasses, accept};

/// Values given to properties of real Bokeh 3.9.2, whether it accepted them, and what it made of them for data specs.
/// The id of a model is the name of its class.
const VERDICTS: &str = include_str!("../../tests/vectors/kinds.json");

const ONE_NUMBER_TYPE: &str = "JavaScript has one type of number: an integral float is an integer";
const STRING_KEYS: &str = "the keys of JavaScript's objects are strings";
const NO_SETS: &str = "plain JSON has no sets";
const CONVERTED: &str = "Python converts it when it is assigned; it is never sent";
const PYTHON_SENDS_IT: &str = "Python clients send milliseconds, even where Python servers refuse them";
const BROWSER_FAILS: &str = "BokehJS fails on it when it draws";
const HARMLESS: &str = "Python checks the bounds of bare values, but not those of the same values in full";

/// Where we decide otherwise than Bokeh, and why.
const DIFFERENCES: &[(&str, &str, &str, &str)] = &[
    ("Column", "spacing", "5.0", ONE_NUMBER_TYPE),
    ("Plot", "min_border", "5.0", ONE_NUMBER_TYPE),
    ("Plot", "width", "5.0", ONE_NUMBER_TYPE),
    ("Plot", "lod_factor", "10.0", ONE_NUMBER_TYPE),
    ("GridBox", "children", r#"[[{"id": "Div"}, 0.0, 0]]"#, ONE_NUMBER_TYPE),
    ("Div", "margin", "[1.0, 2]", ONE_NUMBER_TYPE),
    ("BoxAnnotation", "line_dash", "[4.0]", ONE_NUMBER_TYPE),
    ("Selection", "indices", "[1.0]", ONE_NUMBER_TYPE),
    ("Selection", "indices", FLOAT_ARRAY, ONE_NUMBER_TYPE),
    ("Selection", "multiline_indices", r#"{"type": "map", "entries": [[1.0, [2]]]}"#, ONE_NUMBER_TYPE),
    ("DataTable", "row_height", "5.0", ONE_NUMBER_TYPE),
    ("CheckboxGroup", "active", "[0.0]", ONE_NUMBER_TYPE),
    ("Tabs", "active", "1.0", ONE_NUMBER_TYPE),
    ("Selection", "multiline_indices", r#"{"type": "map", "entries": [["1", [2]]]}"#, STRING_KEYS),
    ("Selection", "multiline_indices", r#"{"1": [2]}"#, STRING_KEYS),
    ("Div", "subscribed_events", r#"["a"]"#, NO_SETS),
    ("Div", "subscribed_events", "[]", NO_SETS),
    ("LinearColorMapper", "palette", r#""Viridis256""#, CONVERTED),
    ("LinearColorMapper", "palette", r#""Turbo3""#, CONVERTED),
    ("BoxAnnotation", "left", "null", CONVERTED),
    ("TapTool", "modifiers", r#""shift""#, CONVERTED),
    ("GMapPlot", "api_key", r#""key""#, CONVERTED),
    ("Plot", "title", r#""text""#, CONVERTED),
    ("LinearAxis", "ticker", "[1, 2]", CONVERTED),
    ("DatePicker", "value", "1000000000000.0", PYTHON_SENDS_IT),
    ("DatePicker", "value", "5", PYTHON_SENDS_IT),
    ("TimePicker", "value", "1000", PYTHON_SENDS_IT),
    ("TimePicker", "value", "1000.5", PYTHON_SENDS_IT),
    ("Circle", "x", r#"{"type": "field", "field": 1}"#, BROWSER_FAILS),
    ("Circle", "x", r#"{"type": "expr", "expr": {"id": "Div"}}"#, BROWSER_FAILS),
    ("Circle", "x", r#"{"type": "expr", "expr": 1}"#, BROWSER_FAILS),
    ("Circle", "x", r#"{"type": "field", "field": "a", "transform": {"id": "Div"}}"#, BROWSER_FAILS),
    ("Circle", "radius", r#"{"type": "value", "value": 1, "units": "deg"}"#, BROWSER_FAILS),
    ("Scatter", "angle", r#"{"type": "value", "value": 1, "units": "x"}"#, BROWSER_FAILS),
    ("Circle", "radius", "-1", HARMLESS),
    ("Scatter", "size", "-1", HARMLESS),
];

/// The elements 1.0 and 2.0.
const FLOAT_ARRAY: &str = r#"{"type": "ndarray", "array": {"type": "bytes",
    "data": "H4sIAAAAAAACA2NgAIEP9gwQ4AAAX4mjexAAAAA="}, "shape": [2], "dtype": "float64", "order": "little"}"#;

/// Models whose index stands for their class.
#[derive(Default)]
struct Models {
    classes: Vec<&'static ClassDef>,
    by_name: HashMap<String, ModelId>,
}

impl ModelReader for Models {
    fn reference(&mut self, id: &str) -> Option<ModelId> {
        Some(self.of(class(id)?))
    }

    fn begin(&mut self, class: &str, _id: &str) -> Result<Begun, String> {
        Err(format!("{class} is defined"))
    }

    fn finish(&mut self, _model: ModelId, _attributes: Vec<(Text, Value)>) -> Result<(), String> {
        Ok(())
    }
}

impl ModelClasses for Models {
    fn is_a(&self, model: ModelId, class: &'static ClassDef) -> bool {
        self.classes[model.index as usize].is_a(class)
    }

    fn class_name(&self, model: ModelId) -> Option<&str> {
        Some(self.classes[model.index as usize].name())
    }
}

impl Models {
    fn of(&mut self, class: &'static ClassDef) -> ModelId {
        let next = ModelId { document: 1, index: u32::try_from(self.classes.len()).unwrap() };
        *self.by_name.entry(class.name().to_owned()).or_insert_with(|| {
            self.classes.push(class);
            next
        })
    }

    fn decode(&mut self, json: &Json) -> Result<Value, String> {
        Decoder::new(self, &[]).value(json).map_err(|error| error.to_string())
    }
}

fn check(kind: &Kind, json: &Json) -> Result<Value, String> {
    let mut models = Models::default();
    let value = models.decode(json)?;
    accept(kind, value, &models).map_err(|error| error.to_string())
}

#[test]
fn the_verdicts_are_those_of_bokeh() {
    let rows: Vec<Json> = serde_json::from_str(VERDICTS).unwrap();
    let mut differences: Vec<_> = DIFFERENCES.to_vec();
    for row in &rows {
        let (model, property) = (row["model"].as_str().unwrap(), row["property"].as_str().unwrap());
        let case = format!("{model}.{property} = {}", row["value"]);
        let verdict = check(&kind_of(model, property), &row["value"]);
        let same = |(m, p, value, _): &(&str, &str, &str, _)| {
            (*m, *p) == (model, property) && serde_json::from_str::<Json>(value).unwrap() == row["value"]
        };
        let is_expected = match differences.iter().position(same) {
            Some(known) => {
                differences.remove(known);
                verdict.is_ok() != row["accepted"]
            }
            None => verdict.is_ok() == row["accepted"],
        };
        assert!(is_expected, "{case}: {verdict:?}");
        if let (Ok(got), Some(stored)) = (&verdict, row.get("stored")) {
            let expected = Models::default().decode(stored).unwrap();
            assert!(got.matches(&expected), "{case}: {got:?}, expected {expected:?}");
        }
    }
    assert_eq!(differences, [], "these differences are not in the table");
}

#[test]
fn a_value_is_stored_in_its_normal_form() {
    let cases = [
        ("Column", "spacing", json!(5.0), Value::from(5)),
        ("Slider", "value", json!(5), Value::from(5)),
        ("Slider", "value", json!(5.0), Value::from(5.0)),
        ("Div", "margin", json!([1.0, 2]), Value::from_iter([Value::from(1), Value::from(2)])),
        ("Div", "subscribed_events", json!(["tap"]), Value::Set(vec![Value::from("tap")].into())),
        ("Circle", "x", json!("a"), Value::from(Spec::new(SpecKind::Field("a".into())))),
        ("Scatter", "fill_color", json!("red"), Value::from(Spec::new(SpecKind::Value("red".into())))),
        ("DateSlider", "value", json!("2024-01-02"), Value::from(1_704_153_600_000.0)),
        ("Range1d", "start", json!("2024-01-02"), Value::from(1_704_153_600_000.0)),
        ("Span", "location", json!("2024-01-02"), Value::from("2024-01-02")), // it may be a category
        ("DatePicker", "value", json!("2024-01-02"), Value::from("2024-01-02")),
    ];
    for (model, property, json, expected) in cases {
        assert_eq!(check(&kind_of(model, property), &json), Ok(expected), "{model}.{property} = {json}");
    }
}

#[test]
fn an_error_says_where_what_was_expected_and_what_was_found() {
    let range = json!({"id": "Range1d"});
    let entries = |entries: Json| json!({"type": "map", "entries": entries});
    let long = "x".repeat(1000);
    let cut = format!("expected a boolean, found a string (\"{}…\")", "x".repeat(40));
    let cases = [
        ("Slider", "value", json!("1"), r#"expected a number, found a string ("1")"#),
        ("Slider", "disabled", json!(1), "expected a boolean, found an integer (1)"),
        ("Slider", "disabled", json!(long), &cut),
        ("Slider", "title", json!(1), "expected a string or null, found an integer (1)"),
        ("BoxAnnotation", "fill_alpha", json!(1.5), "expected a number from 0 to 1, found a float (1.5)"),
        ("Column", "children", json!([{"id": "Div"}, range]), "at [1]: expected a UIElement, found a model (Range1d)"),
        ("RangeSlider", "value", json!([1, "2"]), r#"at [1]: expected a number, found a string ("2")"#),
        ("RangeSlider", "value", json!([1]), "expected a list of 2 (a number, a number), found a list of 1"),
        ("CustomJS", "args", entries(json!([[1, 2]])), "at (a key): expected a string, found an integer (1)"),
        ("Div", "styles", entries(json!([["color", 1]])), "at color: expected a string or null, found an integer (1)"),
        (
            "ColumnDataSource",
            "data",
            entries(json!([["x", 1]])),
            "at x: expected a list or array, each item anything, found an integer (1)",
        ),
        (
            "Selection",
            "image_indices",
            json!([{"index": 1, "i": "a", "j": 3, "flat_index": 4}]),
            r#"at [0].i: expected an integer, found a string ("a")"#,
        ),
    ];
    for (model, property, json, expected) in cases {
        assert_eq!(check(&kind_of(model, property), &json).unwrap_err(), expected, "{model}.{property} = {json}");
    }
}

#[test]
fn a_value_in_normal_form_is_not_copied() {
    let floats: Value = (0..1000).map(|n| Value::from(f64::from(n))).collect();
    let array = Value::from(Array::from(vec![1.0; 1000]));
    let columns = Value::from_iter([floats.clone()]);
    for (kind, value) in [
        (Kind::List(&Kind::FLOAT), &floats),
        (Kind::Seq(&Kind::Either(&[Kind::Str, Kind::FLOAT])), &floats),
        (Kind::Seq(&Kind::FLOAT), &array),
        (Kind::Nullable(&Kind::List(&Kind::List(&Kind::FLOAT))), &columns),
    ] {
        let accepted = accept(&kind, value.clone(), &Models::default()).unwrap();
        let is_same = match (&accepted, value) {
            (Value::List(accepted), Value::List(value)) => accepted.is_same(value),
            (Value::Array(accepted), Value::Array(value)) => Arc::ptr_eq(accepted, value),
            _ => false,
        };
        assert!(is_same, "{kind}");
    }
}

#[test]
fn an_array_is_a_sequence_of_its_elements() {
    let matrix = || Array::from(vec![1.0, 2.0, 3.0, 4.5]).reshape(&[2, 2]).unwrap();
    let objects = || Array::from(vec![Value::from("a"), Value::from(1)]);
    let cases = [
        (Kind::Seq(&Kind::FLOAT), Array::from(vec![1_i32, 2]), ""),
        (Kind::Seq(&Kind::FLOAT), Array::from(vec![true]), "at [0]: expected a number, found a boolean (true)"),
        (Kind::Seq(&Kind::INT), Array::from(vec![1.0, 1.5]), "at [1]: expected an integer, found a float (1.5)"),
        (
            Kind::Seq(&Kind::PERCENT),
            Array::from(vec![1.0, 2.0]),
            "at [1]: expected a number from 0 to 1, found a float (2)",
        ),
        (Kind::Seq(&Kind::Color), Array::from(vec![1_u32]), ""),
        (Kind::Seq(&Kind::Str), objects(), "at [1]: expected a string, found an integer (1)"),
        (Kind::Seq(&Kind::Seq(&Kind::FLOAT)), matrix(), ""),
        (Kind::Seq(&Kind::Any), matrix(), ""),
        (
            Kind::Seq(&Kind::FLOAT),
            matrix(),
            "expected a list or array, each item a number, found an array of float64 with the shape [2, 2]",
        ),
        (
            Kind::List(&Kind::FLOAT),
            Array::from(vec![1.0]),
            "expected a list, each item a number, found an array of float64 with the shape [1]",
        ),
        (
            Kind::NonEmpty(&Kind::Seq(&Kind::FLOAT)),
            Array::from(Vec::<f64>::new()),
            "expected a list or array, each item a number, and at least one, found an array of float64 with the shape [0]",
        ),
    ];
    for (kind, array, expected) in cases {
        let verdict = accept(&kind, Value::from(array.clone()), &Models::default());
        assert_eq!(verdict.map_or_else(|error| error.to_string(), |_| String::new()), expected, "{kind}: {array:?}");
    }
}

#[test]
fn dates_and_times_are_read_as_python_reads_them() {
    let cases = [
        (Kind::Date, "2024-02-29", true),
        (Kind::Date, "2023-02-29", false),
        (Kind::Date, "2024-13-01", false),
        (Kind::Date, "2024-1-1", false),
        (Kind::Date, "0000-01-01", false),
        (Kind::Date, "2024-01-0é", false),
        (Kind::Datetime, "2024-01-02T03:04:05.678Z", true),
        (Kind::Datetime, "2024-01-02 03:04", true),
        (Kind::Datetime, "2024-01-02T03:04:05+02:00", true),
        (Kind::Datetime, "2024-01-02T24:00:00", false),
        (Kind::Datetime, "2024-01-02T", false),
        (Kind::Time, "03:04:05.1", true),
        (Kind::Time, "03:04:60", false),
        (Kind::Time, "03:04.5", false),
        (Kind::Time, "", false),
        (Kind::TimeDelta, "03:04:05", false),
    ];
    for (kind, text, expected) in cases {
        assert_eq!(check(&kind, &json!(text)).is_ok(), expected, "{kind}: {text}");
    }
}

/// The instants are those of Python's `datetime.fromisoformat`, in UTC where there is no offset.
#[test]
fn an_instant_becomes_milliseconds() {
    let cases = [
        ("1970-01-01", 0.0),
        ("0001-01-01", -62_135_596_800_000.0),
        ("1969-12-31T23:59:59.999", -1.0),
        ("2000-03-01", 951_868_800_000.0),
        ("2024-02-29 12:30", 1_709_209_800_000.0),
        ("2024-12-31T23:59:59.25Z", 1_735_689_599_250.0),
        ("2024-01-02T03:04:05+02:00", 1_704_157_445_000.0),
        ("2024-01-02T03:04:05-02:30", 1_704_173_645_000.0),
        ("9999-12-31", 253_402_214_400_000.0),
    ];
    for (text, expected) in cases {
        assert_eq!(check(&Kind::Datetime, &json!(text)), Ok(Value::from(expected)), "{text}");
    }
}

#[test]
fn a_model_fits_where_its_class_or_a_base_is_wanted() {
    let cases = [
        (&classes::WIDGET, "Slider", true),
        (&classes::SLIDER, "Slider", true),
        (&classes::SLIDER, "RangeSlider", false),
        (&classes::RANGE, "Range1d", true),
    ];
    for (wanted, given, expected) in cases {
        let verdict = check(&Kind::Instance(wanted), &json!({"id": given}));
        assert_eq!(verdict.is_ok(), expected, "{wanted:?}: {given}");
    }
}

fn kind_of(model: &str, property: &str) -> Kind {
    class(model).unwrap().property(property).unwrap().kind()
}
