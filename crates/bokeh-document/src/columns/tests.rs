use bokeh_protocol::{Array, ArrayData, DType, Map, ModelId, Object, PatchEvent, PatchIndex, Slice, Text, Value};
use serde_json::{Value as Json, json};

use super::*;
use crate::{Change, Document};

type Patches = Vec<(Text, Vec<(PatchIndex, Value)>)>;

/// Operations on data sources of real Bokeh 3.9.2 and their results.
const CASES: &str = include_str!("../../tests/vectors/cds.json");

/// The cases whose result is another one here, and why. In all of them we refuse what Bokeh does.
const DIFFERENCES: &[(usize, &str)] = &[
    (3, "a rollover of 0 empties the columns in Python and does nothing in browsers"),
    (17, "a negative rollover empties the columns in Python and does nothing in browsers"),
    (33, "browsers cannot make a column longer by a patch"),
    (34, "browsers cannot make a column shorter by a patch"),
    (42, "true is no number of a row on the wire"),
];

#[test]
fn the_results_are_those_of_bokeh() {
    let cases: Vec<Json> = serde_json::from_str(CASES).unwrap();
    assert_eq!(cases.len(), 64);
    for (n, case) in cases.iter().enumerate() {
        let before = columns(&case["data"]);
        let mut after = before.clone();
        let result = run(&mut after, case);
        let (is_refused, expected) = match DIFFERENCES.iter().any(|(known, _)| *known == n) {
            true => (true, before),
            false => (case.get("error").is_some(), columns(&case["after"])),
        };
        assert_eq!(result.is_err(), is_refused, "case {n}: {result:?} {case}");
        assert!(Value::Map(after.clone()).matches(&Value::Map(expected)), "case {n}: {after:?} {case}");
    }
}

#[test]
fn the_changes_are_reported_as_by_bokeh() {
    let cases: Vec<Json> = serde_json::from_str(CASES).unwrap();
    let mut n_alike = 0;
    for (n, case) in cases.iter().enumerate().filter(|(n, _)| !DIFFERENCES.iter().any(|(known, _)| known == n)) {
        let mut doc = Document::new();
        let data = ("data".into(), Value::Map(columns(&case["data"])));
        let source = Object { name: "ColumnDataSource".into(), id: None, attributes: vec![data] };
        let source = doc.add_root(source);
        doc.take_changes();
        let is_done = change(&mut doc, source, case).is_ok();
        assert_eq!(is_done, case.get("error").is_none(), "case {n}");
        let kind = |change: &Change| match change.event {
            PatchEvent::ColumnsStreamed { .. } => "ColumnsStreamed",
            PatchEvent::ColumnsPatched { .. } => "ColumnsPatched",
            PatchEvent::ColumnDataChanged { .. } => "ColumnDataChanged",
            _ => "another",
        };
        let reported: Vec<&str> = doc.take_changes().iter().map(kind).collect();
        let expected: Vec<&str> =
            case["events"].as_array().unwrap().iter().map(|kind| kind.as_str().unwrap()).collect();
        if reported == expected {
            n_alike += 1;
            continue;
        }
        // The outcome instead of what browsers would compute otherwise, and nothing for what is no change.
        let is_equal = case["op"] == "set" && case["arg"] == case["data"];
        let instead: &[&str] = if is_equal { &[] } else { &["ColumnDataChanged"] };
        assert!(expected.contains(&"ColumnsStreamed") || is_equal, "case {n}: {expected:?}");
        assert_eq!(reported, instead, "case {n}");
    }
    assert!(n_alike >= 50, "only {n_alike}");
}

fn change(doc: &mut Document, source: ModelId, case: &Json) -> Result<(), Box<dyn std::error::Error>> {
    let arg = &case["arg"];
    match case["op"].as_str().unwrap() {
        "stream" => {
            let rollover = case["rollover"].as_u64().map(|rows| usize::try_from(rows).unwrap());
            doc.stream(source, &columns(arg), rollover)?;
        }
        "patch" => doc.patch(source, patches(arg)?)?,
        "set" => doc.set_value(source, "data", Value::Map(columns(arg)))?,
        "update" => doc.set_columns(source, &columns(arg))?,
        other => panic!("{other}"),
    }
    Ok(())
}

#[test]
fn rows_that_cannot_be_appended_are_named() {
    let old = json!({"a": [1, 2], "b": {"ndarray": "float64", "values": [1.5, 2.5]}});
    let matrix = json!({"ndarray": "float64", "values": [[1.0, 2.0]]});
    for (old, rows, expected) in [
        (&old, json!({"a": [1]}), "new rows must fill the columns of the source and no others (missing: b)"),
        (
            &old,
            json!({"a": [1], "c": [1]}),
            "new rows must fill the columns of the source and no others (missing: b; unknown: c)",
        ),
        (
            &old,
            json!({"a": [1], "b": [1, 2]}),
            r#"new rows must fill all columns alike: "a" has 1 new rows, but "b" has 2"#,
        ),
        (&old, json!({"a": [1], "b": 2}), r#"the column "b" is an integer, not a list or an array"#),
        (&old, json!({"a": [1], "b": matrix}), r#"the column "b" must have one dimension, not the shape [1, 2]"#),
        (&json!({"a": matrix}), json!({"a": [1]}), r#"the column "a" must have one dimension, not the shape [1, 2]"#),
    ] {
        let before = columns(old);
        let mut after = before.clone();
        let error = stream(&mut after, &columns(&rows), None).unwrap_err();
        assert_eq!((error.to_string().as_str(), after), (expected, before), "{rows}");
    }
    let twice = Map::from_iter([("a", column(&json!([1]))), ("a", column(&json!([2])))]);
    assert_eq!(check_stream(&Map::default(), &twice), Err(ColumnError::Repeated("a".into())));
    assert_eq!(stream(&mut Map::default(), &twice, Some(0)), Err(ColumnError::Rollover(0)));
    let unnamed = Map::from_iter([(1, column(&json!([1])))]);
    assert_eq!(check_stream(&Map::default(), &unnamed), Err(ColumnError::Name("an integer")));
}

#[test]
fn patches_that_do_not_fit_are_named() {
    let columns = columns(&json!({
        "a": [1, 2, 3, 4],
        "i": {"ndarray": "int32", "values": [1, 2, 3, 4]},
        "img": [{"ndarray": "float64", "values": [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]}, 7],
    }));
    for (patch, expected) in [
        (json!({"c": []}), "the source has no such columns to patch (unknown: c)"),
        (json!({"a": [[4, 1]]}), r#"the column "a" has 4 rows, there is none at 4"#),
        (json!({"a": [[-1, 1]]}), r#"the column "a" has 4 rows, there is none at -1"#),
        (
            json!({"a": [[{"slice": [0, 5, null]}, [1]]]}),
            r#"[0:5] is no slice of the 4 entries in column "a": it must count upwards from 0 and end there"#,
        ),
        (
            json!({"a": [[{"slice": [null, 2, -1]}, [1]]]}),
            r#"[:2:-1] is no slice of the 4 entries in column "a": it must count upwards from 0 and end there"#,
        ),
        (
            json!({"a": [[{"slice": [1, 3, null]}, [1]]]}),
            r#"2 entries of the column "a" are to be replaced by 1 values"#,
        ),
        (
            json!({"i": [[{"slice": [1, 3, null]}, 5]]}),
            r#"a slice of the column "i" is replaced by a list or an array, not by an integer"#,
        ),
        (json!({"i": [[0, 1e10]]}), r#"the column "i" holds int32 and cannot take a float"#),
        (json!({"i": [[0, "x"]]}), r#"the column "i" holds int32 and cannot take a string"#),
        (json!({"i": [[0, null]]}), r#"the column "i" holds int32 and cannot take null"#),
        (
            json!({"img": [[[0, 1], 1]]}),
            r#"an index into an array of the column "img" has a row and then 2 parts, not 1 parts"#,
        ),
        (
            json!({"img": [[[{"slice": [0, 1, null]}, 1, 1], 1]]}),
            r#"an index into an array of the column "img" must begin with the number of a row"#,
        ),
        (
            json!({"img": [[[1, 0, 0], 1]]}),
            r#"row 1 of the column "img" is an integer, not an array with one or two dimensions"#,
        ),
        (
            json!({"img": [[[0, 0, {"slice": [0, 4, null]}], [1, 2, 3, 4]]]}),
            r#"[0:4] is no slice of the 3 entries in column "img": it must count upwards from 0 and end there"#,
        ),
        (json!({"img": [[0, 5], [[0, 0, 0], 1]]}), r#"row 0 of the column "img" is replaced and patched at once"#),
    ] {
        assert_eq!(check_patch(&columns, &patches(&patch).unwrap()).unwrap_err().to_string(), expected, "{patch}");
    }
}

#[test]
fn a_column_is_patched_once_in_a_patch() {
    let columns = columns(&json!({"a": [1, 2]}));
    let twice = [("a".into(), vec![]), ("a".into(), vec![])];
    assert_eq!(check_patch(&columns, &twice), Err(ColumnError::Repeated("a".into())));
}

#[test]
fn a_bad_patch_leaves_all_columns_as_they_were() {
    let before = columns(&json!({"a": [1, 2], "b": [3, 4]}));
    let mut after = before.clone();
    let bad = patches(&json!({"a": [[0, 9]], "b": [[0, 9], [5, 9]]})).unwrap();
    patch(&mut after, &bad).unwrap_err();
    assert_eq!(after, before);
}

#[test]
fn a_patched_value_takes_the_type_of_the_array() {
    for (dtype, value, expected) in [
        (DType::Int32, json!(1.9), json!(1)),
        (DType::Int32, json!(-1.9), json!(-1)),
        (DType::Int32, json!(true), json!(1)),
        (DType::Int32, json!("7"), json!(7)),
        (DType::Uint8, json!(255), json!(255)),
        (DType::Float32, json!(1), json!(1.0)),
        (DType::Float64, json!("2.5"), json!(2.5)),
        (DType::Bool, json!(1), json!(true)),
        (DType::Object, json!("a"), json!("a")),
    ] {
        let array = Array::from_values(dtype, vec![Value::Int(0)].into()).unwrap();
        let mut columns = Map::from_iter([("x", Value::from(array))]);
        patch(&mut columns, &[("x".into(), vec![(PatchIndex::Row(0), column(&value))])]).unwrap();
        let array = columns.get("x").and_then(Value::as_array).unwrap();
        assert_eq!((array.dtype(), array.get(0)), (dtype, Some(column(&expected))), "{dtype:?} {value}");
    }
}

#[test]
fn an_array_takes_the_type_that_holds_old_and_new() {
    use DType::{Bool, Float32, Float64, Int8, Int16, Int32, Object, Uint8, Uint16, Uint32};
    for (old, new, expected) in [
        (Int32, Float64, Float64),
        (Float64, Int32, Float64),
        (Float32, Int16, Float32),
        (Float32, Int32, Float64),
        (Float32, Uint32, Float64),
        (Bool, Uint8, Uint8),
        (Uint8, Int8, Int16),
        (Uint8, Uint16, Uint16),
        (Uint8, Int16, Int16),
        (Uint16, Int16, Int32),
        (Int16, Uint16, Int32),
        (Int8, Int8, Int8),
        // 64 bits, which become 32 where all values fit.
        (Uint32, Int32, Int32),
        (Float64, Object, Object),
    ] {
        let one = |dtype| Value::from(Array::from_values(dtype, vec![Value::Int(1)].into()).unwrap());
        assert_eq!(dtype_after(one(old), one(new)), expected, "{old:?} {new:?}");
    }
    for (old, rows, expected) in [
        (vec![1_u32 << 31], json!([1]), Object),
        (vec![1], json!([1]), Int32),
        (vec![1], json!([1.5]), Float64),
        (vec![1], json!([5_000_000_000_i64]), Object),
        (vec![1], json!([null]), Object),
        (vec![1], json!([]), Uint32),
    ] {
        assert_eq!(dtype_after(Value::from(Array::from(old.clone())), column(&rows)), expected, "{old:?} {rows}");
    }
}

#[test]
fn browsers_are_sent_what_they_compute_otherwise() {
    let floats = json!({"ndarray": "float64", "values": [1.5, 2.5]});
    let ints = json!({"ndarray": "int32", "values": [1, 2]});
    let objects = json!({"ndarray": "object", "values": ["a", 1]});
    let no_floats = json!({"ndarray": "float64", "values": []});
    for (old, rows, rollover, expected) in [
        (json!([1, 2]), json!([3]), Some(1), true),
        (json!([1, 2]), json!(["a"]), None, true),
        (json!([1, 2]), floats.clone(), None, false),
        (json!([]), floats.clone(), Some(1), true),
        (floats.clone(), json!([3.5]), Some(2), true),
        (floats.clone(), json!([3.5]), Some(1), false),
        (floats.clone(), json!([1, true]), None, true),
        (floats.clone(), json!(["a"]), None, false),
        (floats.clone(), ints.clone(), None, true),
        (floats.clone(), no_floats.clone(), None, true),
        (ints.clone(), floats.clone(), None, false),
        (ints, json!([1.5]), None, false),
        (no_floats.clone(), floats.clone(), None, true),
        (no_floats, json!([1.5]), None, false),
        (objects.clone(), json!(["b"]), Some(1), true),
        (objects, floats, None, false),
    ] {
        let one = |json: &Json| Map::from_iter([("x", column(json))]);
        assert_eq!(streams_alike(&one(&old), &one(&rows), rollover), expected, "{old} + {rows}, {rollover:?}");
    }
}

#[test]
fn appending_does_not_touch_the_rows_that_are_there() {
    let mut columns = Map::from_iter([
        ("list", (0..10_000).map(Value::Int).collect::<Value>()),
        ("array", Value::from(Array::from(vec![0.5; 10_000]))),
    ]);
    let row = Map::from_iter([("list", column(&json!([1]))), ("array", column(&json!([1.5])))]);
    // The first rows find no room; from then on there is some for thousands.
    stream(&mut columns, &row, Some(10_000)).unwrap();
    let before = addresses(&columns);
    for _ in 0..1000 {
        stream(&mut columns, &row, Some(10_000)).unwrap();
    }
    let moved = 1000;
    let after = addresses(&columns);
    assert_eq!(after[0] - before[0], moved * size_of::<Value>(), "the list was copied");
    assert_eq!(after[1] - before[1], moved * size_of::<f64>(), "the array was copied");
    patch(&mut columns, &patches(&json!({"list": [[0, 7]], "array": [[0, 7]]})).unwrap()).unwrap();
    assert_eq!(addresses(&columns), after, "patching copied");
}

#[test]
fn a_snapshot_keeps_its_rows() {
    let mut columns = columns(&json!({"a": [1, 2, 3], "b": {"ndarray": "float64", "values": [1.5, 2.5, 3.5]}}));
    let row = Map::from_iter([("a", column(&json!([4]))), ("b", column(&json!([4.5])))]);
    stream(&mut columns, &row, Some(2)).unwrap();
    let (snapshot, expected) =
        (columns.clone(), self::columns(&json!({"a": [3, 4], "b": {"ndarray": "float64", "values": [3.5, 4.5]}})));
    patch(&mut columns, &patches(&json!({"a": [[1, 9]], "b": [[1, 9]]})).unwrap()).unwrap();
    assert_eq!(snapshot, expected);
    assert_eq!(columns, self::columns(&json!({"a": [3, 9], "b": {"ndarray": "float64", "values": [3.5, 9.0]}})));
    stream(&mut columns, &row, Some(2)).unwrap();
    assert_eq!(snapshot, expected);
}

#[test]
fn values_for_places_in_an_array_are_flat_on_the_wire() {
    let flat = |index: Json, value: Json| {
        let mut patches = patches(&json!({"x": [[index, value]]})).unwrap();
        flatten_values(&mut patches);
        patches[0].1[0].1.clone()
    };
    assert_eq!(flat(json!([0, 1, 2]), json!(99)), column(&json!([99])));
    assert_eq!(flat(json!([0, 1, 2]), json!([[1, 2], [3, 4]])), column(&json!([1, 2, 3, 4])));
    assert_eq!(flat(json!(0), json!(99)), column(&json!(99)));
    assert_eq!(flat(json!(0), json!([[1]])), column(&json!([[1]])));
}

#[test]
fn a_source_without_columns_gets_them_from_the_first_rows() {
    let rows = columns(&json!({"a": [1, 2, 3], "b": {"ndarray": "float64", "values": [1.5, 2.5, 3.5]}}));
    let mut columns = Map::default();
    assert!(creates_columns(&columns));
    stream(&mut columns, &rows, Some(2)).unwrap();
    assert!(!creates_columns(&columns));
    assert_eq!(columns, self::columns(&json!({"a": [2, 3], "b": {"ndarray": "float64", "values": [2.5, 3.5]}})));
}

/// Does what a case of the table says. `set` and `update` replace whole columns.
fn run(columns: &mut Map, case: &Json) -> Result<(), String> {
    match case["op"].as_str().unwrap() {
        "stream" => {
            let rollover = case["rollover"].as_i64().map(|rollover| usize::try_from(rollover).unwrap_or(0));
            stream(columns, &self::columns(&case["arg"]), rollover).map_err(|error| error.to_string())
        }
        "patch" => patch(columns, &patches(&case["arg"])?).map_err(|error| error.to_string()),
        op => {
            if op == "set" {
                *columns = Map::default();
            }
            for (name, column) in self::columns(&case["arg"]).entries() {
                columns.insert(name.clone(), column.clone());
            }
            Ok(())
        }
    }
}

fn columns(json: &Json) -> Map {
    Map::from_iter(json.as_object().unwrap().iter().map(|(name, json)| (name.as_str(), column(json))))
}

/// A value of the tables: arrays are `{"ndarray": dtype, "values": ..}`.
fn column(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Int),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => items.iter().map(column).collect(),
        Json::Object(_) => {
            let rows: Vec<Value> = json["values"].as_array().unwrap().iter().map(column).collect();
            let dtype = match json["ndarray"].as_str().unwrap() {
                "int64" => DType::Int32,
                name => DType::from_name(name).unwrap(),
            };
            let shape: Vec<usize> = match rows.first() {
                Some(Value::List(row)) => vec![rows.len(), row.len()],
                _ => vec![rows.len()],
            };
            let flat = |row: Value| row.as_list().map_or(vec![row.clone()], <[Value]>::to_vec);
            let elements: Vec<Value> = rows.into_iter().flat_map(flat).collect();
            Value::from(Array::from_values(dtype, elements.into()).unwrap().reshape(&shape).unwrap())
        }
    }
}

/// Patches as the wire reads them: what is no index there is refused before it comes here.
fn patches(json: &Json) -> Result<Patches, String> {
    let pair = |pair: &Json| Ok((index(&pair[0])?, column(&pair[1])));
    let of_column = |(name, pairs): (&String, &Json)| {
        let pairs = pairs.as_array().unwrap().iter().map(pair).collect::<Result<_, String>>()?;
        Ok((Text::from(name.as_str()), pairs))
    };
    json.as_object().unwrap().iter().map(of_column).collect()
}

fn index(json: &Json) -> Result<PatchIndex, String> {
    match json {
        Json::Number(number) if number.is_i64() => Ok(PatchIndex::Row(number.as_i64().unwrap())),
        Json::Array(parts) => Ok(PatchIndex::Multi(parts.iter().map(index).collect::<Result<_, _>>()?)),
        Json::Object(_) => {
            let part = |n: usize| json["slice"][n].as_i64();
            Ok(PatchIndex::Slice(Slice { start: part(0), stop: part(1), step: part(2) }))
        }
        other => Err(format!("no index: {other}")),
    }
}

fn dtype_after(old: Value, rows: Value) -> DType {
    let mut columns = Map::from_iter([("x", old)]);
    stream(&mut columns, &Map::from_iter([("x", rows)]), None).unwrap();
    columns.get("x").and_then(Value::as_array).unwrap().dtype()
}

/// Where the first row of each column lies.
fn addresses(columns: &Map) -> Vec<usize> {
    let address = |column: &Value| match column {
        Value::List(items) => items.as_ptr() as usize,
        Value::Array(array) => match array.data() {
            ArrayData::Float64(items) => items.as_ptr() as usize,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    columns.entries().iter().map(|(_, column)| address(column)).collect()
}
