use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// A name, the form on the wire, and the value as the page then shows it.
pub(super) fn forms() -> Vec<(String, Value, Value)> {
    let mut forms = vec![
        (
            "bytes".to_owned(),
            json!({ "type": "bytes", "data": packed(&[0, 255, 10]) }),
            json!({ "bytes": [0, 255, 10] }),
        ),
        (
            "an array from a list".to_owned(),
            json!({ "type": "ndarray", "array": [1.5, 2], "shape": [2], "dtype": "float32", "order": "little" }),
            json!({ "array": "float32", "shape": [2], "items": [1.5, 2] }),
        ),
        (
            "an array of objects".to_owned(),
            json!({ "type": "ndarray", "array": ["a", null], "shape": [2], "dtype": "object", "order": "little" }),
            json!({ "array": "object", "shape": [2], "items": ["a", null] }),
        ),
        (
            "a symbol of numbers".to_owned(),
            json!({ "type": "number", "value": "-inf" }),
            json!({ "number": "-Infinity" }),
        ),
        ("a map without entries".to_owned(), json!({ "type": "map" }), json!({ "map": [] })),
        ("a set without entries".to_owned(), json!({ "type": "set" }), json!({ "set": [] })),
        ("a plain object".to_owned(), json!({ "a": { "b": 1 } }), json!({ "map": [["a", { "map": [["b", 1]] }]] })),
    ];
    for (dtype, items, bytes) in arrays() {
        for order in ["little", "big"] {
            let bytes: Vec<u8> = match order {
                "big" => bytes.iter().flat_map(|item| item.iter().rev().copied()).collect(),
                _ => bytes.concat(),
            };
            for form in ["ndarray", "typed_array"] {
                // JavaScript has no typed array of booleans.
                if (form, dtype) == ("typed_array", "bool") {
                    continue;
                }
                let shape = if form == "ndarray" { vec![1, items.len()] } else { vec![items.len()] };
                let mut rep = json!({
                    "type": form,
                    "array": { "type": "bytes", "data": packed(&bytes) },
                    "dtype": dtype,
                    "order": order,
                });
                if form == "ndarray" {
                    rep["shape"] = json!(shape);
                }
                let seen = json!({ "array": dtype, "shape": shape, "items": items });
                forms.push((format!("{form} of {dtype}, {order}"), rep, seen));
            }
        }
    }
    forms
}

/// The name of a type, some items, and the bytes of each with the lowest first.
type Items = (&'static str, Vec<Value>, Vec<Vec<u8>>);

/// Some of each type.
fn arrays() -> Vec<Items> {
    /// An entry of the list.
    macro_rules! array {
        ($dtype:ident, $($item:expr),+) => {
            (stringify!($dtype), vec![$(json!($item)),+], vec![$($item.to_le_bytes().to_vec()),+])
        };
    }
    let (uint8, int8, uint16, int16) = ([1_u8, 255], [-1_i8, 127], [1_u16, 0xff01], [-2_i16, 0x0102]);
    let (uint32, int32, float32, float64) =
        ([1_u32, 0xff01_0203], [-2_i32, 0x0102_0304], [0.5_f32, -1e9], [0.1_f64, -1e300]);
    vec![
        ("bool", vec![json!(true), json!(false)], vec![vec![1], vec![0]]),
        array!(uint8, uint8[0], uint8[1]),
        array!(int8, int8[0], int8[1]),
        array!(uint16, uint16[0], uint16[1]),
        array!(int16, int16[0], int16[1]),
        array!(uint32, uint32[0], uint32[1]),
        array!(int32, int32[0], int32[1]),
        array!(float32, float32[0], float32[1]),
        array!(float64, float64[0], float64[1]),
    ]
}

/// Bytes as they stand inside a text: compressed, then base64.
fn packed(bytes: &[u8]) -> String {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("a vector takes all");
    BASE64_STANDARD.encode(encoder.finish().expect("a vector takes all"))
}
