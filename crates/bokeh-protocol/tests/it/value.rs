//! Values and their JSON, both ways.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bokeh_protocol::{
    Array, Buffer, BufferIds, BytesMode, DType, Decoder, Definition, Encoder, Event, Graph, Map, ModelId, NoModels,
    Object, Slice, Spec, SpecKind, Value,
};
use bytes::Bytes;
use serde_json::{Value as Json, json};

fn encode(value: &Value) -> (Json, Vec<Buffer>) {
    let mut ids = BufferIds::default();
    let mut encoder = Encoder::new(&NoModels, &|_| false, BytesMode::Buffers(&mut ids));
    encoder.value(value);
    let (json, buffers) = encoder.finish();
    (serde_json::from_slice(&json).unwrap(), buffers)
}

fn decode(json: &Json, buffers: &[Buffer]) -> Result<Value, String> {
    Decoder::new(&mut NoModels, buffers).value(json).map_err(|error| error.to_string())
}

fn list<const N: usize>(items: [Value; N]) -> Value {
    Value::from_iter(items)
}

fn spec(kind: SpecKind) -> Value {
    Value::from(Spec::new(kind))
}

#[test]
fn each_value_has_its_json() {
    let set = |items: Vec<Value>| Value::Set(items.into());
    let map = |entries: Vec<(Value, Value)>| Value::Map(entries.into_iter().collect());
    let with_units = Spec { kind: SpecKind::Value(45.into()), transform: None, units: Some("deg".into()) };
    let values = Map::from_iter([("x", Value::from(1.5))]);
    let cases = [
        (Value::Null, json!(null)),
        (true.into(), json!(true)),
        (5.into(), json!(5)),
        (Value::Int((1 << 53) - 1), json!(9_007_199_254_740_991_i64)),
        (1.0.into(), json!(1.0)),
        ((-0.0).into(), json!(-0.0)),
        (1e300.into(), json!(1e300)),
        (f64::INFINITY.into(), json!({"type": "number", "value": "+inf"})),
        (f64::NEG_INFINITY.into(), json!({"type": "number", "value": "-inf"})),
        ("é\u{1f600}\"\\\n".into(), json!("é\u{1f600}\"\\\n")),
        (list([1.into(), list([])]), json!([1, []])),
        (map(vec![]), json!({"type": "map"})),
        (
            map(vec![("a".into(), 1.into()), (2.into(), list([3.into()]))]),
            json!({"type": "map", "entries": [["a", 1], [2, [3]]]}),
        ),
        (set(vec![]), json!({"type": "set"})),
        (set(vec![1.into()]), json!({"type": "set", "entries": [1]})),
        (
            Slice { start: Some(1), stop: None, step: Some(2) }.into(),
            json!({"type": "slice", "start": 1, "stop": null, "step": 2}),
        ),
        (spec(SpecKind::Value(Value::Null)), json!({"type": "value", "value": null})),
        (spec(SpecKind::Field("a".into())), json!({"type": "field", "field": "a"})),
        (spec(SpecKind::Expr(5.into())), json!({"type": "expr", "expr": 5})),
        (with_units.into(), json!({"type": "value", "value": 45, "units": "deg"})),
        (
            Object { name: "Struct".into(), id: None, attributes: vec![("x".into(), 1.into())] }.into(),
            json!({"type": "object", "name": "Struct", "attributes": {"x": 1}}),
        ),
        (
            Event { name: "tap".into(), values }.into(),
            json!({"type": "event", "name": "tap", "values": {"type": "map", "entries": [["x", 1.5]]}}),
        ),
        (
            Array::from(vec![Value::from("a"), Value::Null]).into(),
            json!({"type": "ndarray", "array": ["a", null], "shape": [2], "dtype": "object", "order": "little"}),
        ),
    ];
    for (value, expected) in cases {
        let (json, buffers) = encode(&value);
        assert_eq!(json, expected);
        assert_eq!(decode(&json, &buffers).as_ref(), Ok(&value), "{json}");
    }
    let (json, _) = encode(&f64::NAN.into());
    assert_eq!(json, json!({"type": "number", "value": "nan"}));
    assert!(decode(&json, &[]).unwrap().as_f64().unwrap().is_nan());
}

#[test]
fn integers_that_javascript_cannot_tell_apart_go_as_floats() {
    for (value, expected) in [
        (1_i64 << 53, "9007199254740992.0"),
        (i64::MIN, "-9.223372036854775808e18"),
        (i64::MAX, "9.223372036854775807e18"),
    ] {
        let (json, _) = encode(&Value::Int(value));
        assert_eq!(json.as_f64(), expected.parse().ok(), "{value}");
        assert!(json.is_f64(), "{value}: {json}");
        assert_eq!(decode(&json, &[]).unwrap().as_i64(), Some(value), "and are integers again where one is wanted");
    }
}

#[test]
fn other_forms_are_understood() {
    let cases = [
        (json!({"type": "array", "entries": [1]}), list([1.into()])),
        (json!({"type": "number", "value": 1.5}), 1.5.into()),
        (json!({"a": 1}), Map::from_iter([("a", Value::from(1))]).into()),
        (json!({}), Map::default().into()),
        (json!({"type": "date", "iso": "1970-01-01T00:00:01.500Z"}), 1500.0.into()),
        (json!({"type": "slice"}), Slice::default().into()),
        (
            json!({"type": "event", "name": "e", "values": {"x": 1}}),
            Event { name: "e".into(), values: Map::from_iter([("x", Value::from(1))]) }.into(),
        ),
        (
            json!({"type": "typed_array", "array": [1, 2], "dtype": "int16", "order": "little"}),
            Array::from(vec![1_i16, 2]).into_typed_array().into(),
        ),
        // Made by Python: gzip within base64.
        (
            json!({"type": "bytes", "data": "H4sIAAAAAAAA/2NkAgCSQsy2AgAAAA=="}),
            Value::from(Bytes::from_static(b"\x01\x02")),
        ),
    ];
    for (json, expected) in cases {
        assert_eq!(decode(&json, &[]), Ok(expected), "{json}");
    }
}

#[test]
fn what_cannot_be_read_is_named_with_its_place() {
    let gzip_of_nothing = STANDARD.encode(b"not gzip");
    let cases = [
        (json!([1, {"type": "nope"}]), "[1]: unable to decode an object of type 'nope'"),
        (json!({"type": 5}), "type: expected a string"),
        (json!({"type": "symbol", "name": "x"}), "unable to decode an object of type 'symbol'"),
        (json!({"type": "number", "value": "big"}), "value: expected a number"),
        (json!({"type": "map", "entries": [[1]]}), "entries[0]: expected a pair of key and value"),
        (json!({"type": "map", "entries": 5}), "entries: expected a list"),
        (json!({"type": "field"}), "the field 'field' is missing"),
        (json!({"a": {"b": [{"id": "p1"}]}}), "a.b[0]: can't resolve reference 'p1'"),
        (json!({"type": "ref", "id": "p1"}), "can't resolve reference 'p1'"),
        (json!({"type": "object", "name": "Div", "id": "p1"}), "no model can be defined here"),
        (
            json!({"type": "object", "name": "S", "attributes": {"x": {"type": 1}}}),
            "attributes.x.type: expected a string",
        ),
        (json!({"type": "bytes", "data": {"id": "b9"}}), "data: the message has no buffer 'b9'"),
        (json!({"type": "bytes", "data": 5}), "data: expected a buffer's id or base64 text"),
        (json!({"type": "bytes", "data": "***"}), "data: inline bytes are not base64 of gzip: "),
        (json!({"type": "bytes", "data": gzip_of_nothing}), "data: inline bytes are not base64 of gzip: "),
        (json!({"type": "ndarray", "array": [1], "shape": [1], "dtype": "int64"}), "dtype: expected a dtype"),
        (
            json!({"type": "ndarray", "array": [1], "shape": [2], "dtype": "int8"}),
            "an array of shape [2] has 2 elements, got 1",
        ),
        (
            json!({"type": "ndarray", "array": [1], "shape": [-1], "dtype": "int8"}),
            "shape: expected a list of dimensions",
        ),
        (
            json!({"type": "ndarray", "array": [], "shape": [1_u64 << 40, 1_u64 << 40], "dtype": "int8"}),
            "an array of shape [1099511627776, 1099511627776] has 18446744073709551615 elements, got 0",
        ),
        (
            json!({"type": "ndarray", "array": [300], "shape": [1], "dtype": "int8"}),
            "array: expected elements of the dtype",
        ),
        (
            json!({"type": "ndarray", "array": [1], "shape": [1], "dtype": "int8", "order": "odd"}),
            "order: expected 'little' or 'big'",
        ),
        (json!({"type": "slice", "start": "a"}), "start: expected an integer or null"),
        (json!({"type": "date", "iso": "yesterday"}), "iso: expected an ISO date"),
    ];
    for (json, expected) in cases {
        let error = decode(&json, &[]).unwrap_err();
        assert!(error.starts_with(expected), "{json}: {error}");
    }
}

#[test]
fn aggregates_may_be_nested_so_deep_and_no_deeper() {
    let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    assert!(decode(&nested(Decoder::MAX_DEPTH), &[]).is_ok());
    let error = decode(&nested(Decoder::MAX_DEPTH + 1), &[]).unwrap_err();
    assert!(error.ends_with("nested more than 256 deep"), "{error}");
}

#[test]
fn inline_bytes_unfold_to_no_more_than_is_allowed() {
    let large = Value::from(Bytes::from(vec![0; Decoder::MAX_INFLATED_BYTES / 2 + 1]));
    let mut encoder = Encoder::new(&NoModels, &|_| false, BytesMode::Inline);
    encoder.value(&large);
    let json: Json = serde_json::from_slice(&encoder.finish().0).unwrap();
    assert_eq!(decode(&json, &[]), Ok(large));
    let error = decode(&json!([json, json]), &[]).unwrap_err();
    assert_eq!(error, "[1].data: inline bytes of one message unfold to more than 67108864 bytes");
}

#[test]
fn a_buffer_that_is_named_again_and_again_is_not_copied_without_end() {
    let buffers = [Buffer::new("b", vec![0_u8; 8 << 20])];
    let array = json!({"type": "ndarray", "array": {"type": "bytes", "data": {"id": "b"}},
        "shape": [8 << 20], "dtype": "uint8", "order": "little"});
    for (n, expected) in [
        (9, None),
        (10, Some("[9].array.data: buffers of one message are repeated by more than 67108864 bytes".to_owned())),
    ] {
        assert_eq!(decode(&Json::from(vec![array.clone(); n]), &buffers).err(), expected, "{n}");
    }
}

#[test]
fn arrays_of_every_type_travel_as_bytes_of_either_order() {
    let cases = [
        (Array::from(vec![true, false]), "0100", "0100"),
        (Array::from(vec![1_u8, 255]), "01ff", "01ff"),
        (Array::from(vec![-1_i8, 1]), "ff01", "ff01"),
        (Array::from(vec![1_u16]), "0100", "0001"),
        (Array::from(vec![-2_i16]), "feff", "fffe"),
        (Array::from(vec![1_u32]), "01000000", "00000001"),
        (Array::from(vec![-2_i32]), "feffffff", "fffffffe"),
        (Array::from(vec![1.5_f32]), "0000c03f", "3fc00000"),
        (Array::from(vec![1.5_f64]), "000000000000f83f", "3ff8000000000000"),
    ];
    for (array, little, big) in cases {
        let value = Value::from(array.clone());
        let (mut json, mut buffers) = encode(&value);
        assert_eq!(json["dtype"], array.dtype().name());
        assert_eq!(hex(&buffers[0].data), little);
        assert_eq!(decode(&json, &buffers), Ok(value.clone()));
        json["order"] = json!("big");
        buffers[0].data =
            (0..big.len()).step_by(2).map(|at| u8::from_str_radix(&big[at..at + 2], 16).unwrap()).collect();
        assert_eq!(decode(&json, &buffers), Ok(value));
    }
    let error = Array::from_bytes(DType::Float64, &[0; 9], false).unwrap_err();
    assert_eq!(error.to_string(), "9 bytes do not hold whole elements of float64");
}

#[test]
fn wide_integers_are_narrowed_or_become_objects() {
    for (array, dtype) in [
        (Array::from(vec![1_i64, -1]), DType::Int32),
        (Array::from(vec![1_i64 << 40]), DType::Object),
        (Array::from(vec![u64::from(u32::MAX)]), DType::Uint32),
        (Array::from(vec![u64::MAX]), DType::Object),
    ] {
        assert_eq!(array.dtype(), dtype);
    }
}

#[test]
fn no_copy_is_made_of_an_array_on_its_way() {
    let numbers = vec![1.0, 2.0, 3.0];
    let address = numbers.as_ptr().cast::<u8>();
    let (_, buffers) = encode(&Array::from(numbers).into());
    assert_eq!(buffers[0].data.as_ptr(), address);
}

/// Two models that refer to each other, and one that refers to nothing.
struct Loop;

const LOOP: [ModelId; 3] = [id(1), id(2), id(3)];

const fn id(index: u32) -> ModelId {
    ModelId { document: 1, index }
}

impl Graph for Loop {
    fn wire_id(&self, model: ModelId) -> Option<&str> {
        Some(["p1", "p2", "p3"][model.index as usize - 1])
    }

    fn definition(&self, model: ModelId) -> Option<Definition<'_>> {
        static TO: [Value; 2] = [Value::Model(LOOP[1]), Value::Model(LOOP[0])];
        let attributes = TO.get(model.index as usize - 1).map(|other| ("to", other)).into_iter().collect();
        Some(Definition { class: "Loop", attributes })
    }
}

#[test]
fn a_model_is_written_in_full_where_it_occurs_first() {
    let value = list([Value::Model(LOOP[0]), Value::Model(LOOP[1]), Value::Model(LOOP[2])]);
    let known = |model| model == LOOP[2];
    let mut encoder = Encoder::new(&Loop, &known, BytesMode::Inline);
    encoder.value(&value);
    assert_eq!(encoder.defined(), &LOOP[..2]);
    let json: Json = serde_json::from_slice(&encoder.finish().0).unwrap();
    let second = json!({"type": "object", "name": "Loop", "id": "p2", "attributes": {"to": {"id": "p1"}}});
    let first = json!({"type": "object", "name": "Loop", "id": "p1", "attributes": {"to": second}});
    assert_eq!(json, json!([first, {"id": "p2"}, {"id": "p3"}]));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
