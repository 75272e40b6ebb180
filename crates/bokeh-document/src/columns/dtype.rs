//! The element type of what is appended to an array, by NumPy's rules.

use bokeh_protocol::{Array, ArrayData, DType, SharedVec, Value};

/// The type of the elements of a list or an array. NumPy has 64-bit integers, the wire has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Elements {
    /// A type of the wire.
    Of(DType),
    /// 64-bit integers: on the wire `int32` when all of them fit, otherwise a list of objects.
    Int64,
}

impl Elements {
    /// What NumPy makes of a list. Where it would make strings of numbers beside strings, they stay numbers.
    pub(super) fn of_list(items: &[Value]) -> Elements {
        let mut elements = Elements::Of(DType::Bool);
        for item in items {
            elements = elements.with(match item {
                Value::Bool(_) => Elements::Of(DType::Bool),
                Value::Int(value) if i32::try_from(*value).is_ok() => Elements::Of(DType::Int32),
                Value::Int(_) => Elements::Int64,
                Value::Float(_) => Elements::Of(DType::Float64),
                _ => return Elements::Of(DType::Object),
            });
        }
        elements
    }

    /// The type that holds the values of both.
    pub(super) fn with(self, other: Elements) -> Elements {
        use DType::{Bool, Float32, Float64, Int8, Int16, Int32, Object, Uint8, Uint16, Uint32};
        let (a, b) = match (self, other) {
            (a, b) if a == b => return a,
            (Elements::Of(a), Elements::Of(b)) => (a, b),
            (Elements::Int64, Elements::Of(other)) | (Elements::Of(other), Elements::Int64) => {
                return match other {
                    Object => Elements::Of(Object),
                    Float32 | Float64 => Elements::Of(Float64),
                    _ => Elements::Int64,
                };
            }
            (Elements::Int64, Elements::Int64) => return Elements::Int64,
        };
        Elements::Of(match (a, b) {
            (Object, _) | (_, Object) => Object,
            (Bool, other) | (other, Bool) => other,
            (Float64, _) | (_, Float64) => Float64,
            (Float32, other) | (other, Float32) => match other {
                Int32 | Uint32 => Float64,
                _ => Float32,
            },
            (Uint32, Int8 | Int16 | Int32) | (Int8 | Int16 | Int32, Uint32) => return Elements::Int64,
            (Int32, _) | (_, Int32) => Int32,
            (Uint32, _) | (_, Uint32) => Uint32,
            (Uint16, Int8 | Int16) | (Int8 | Int16, Uint16) => Int32,
            (Int16, _) | (_, Int16) => Int16,
            (Uint16, _) | (_, Uint16) => Uint16,
            (Uint8, Int8) | (Int8, Uint8) => Int16,
            (Int8, Int8) => Int8,
            (Uint8, Uint8) => Uint8,
        })
    }
}

/// An array of values that are known to be of a type, or else of objects.
pub(super) fn array_of(elements: Elements, values: Vec<Value>) -> Array {
    let dtype = match elements {
        Elements::Of(dtype) => dtype,
        Elements::Int64 => DType::Int32,
    };
    let values = SharedVec::from(values);
    convert(dtype, values.clone()).unwrap_or_else(|| Array::new(ArrayData::Object(values)))
}

/// An array of a type from values, as NumPy assigns them to its elements: floats lose their fraction in an array of
/// integers, strings are read as numbers. `None` when one of them cannot be an element.
///
/// What NumPy and browsers do differently is refused: null, NaN and too large numbers among integers, and numbers
/// other than 0 and 1 among booleans.
pub(super) fn convert(dtype: DType, values: SharedVec<Value>) -> Option<Array> {
    let values = match dtype {
        DType::Object => values,
        _ => values.iter().map(|value| element(dtype, value)).collect::<Option<_>>()?,
    };
    Array::from_values(dtype, values)
}

fn element(dtype: DType, value: &Value) -> Option<Value> {
    let value = match value {
        Value::Str(text) => number(text)?,
        value => value.clone(),
    };
    match (dtype, &value) {
        (DType::Bool, Value::Bool(_)) => Some(value),
        (DType::Bool, value) => match value.as_i64()? {
            truth @ (0 | 1) => Some(Value::Bool(truth == 1)),
            _ => None,
        },
        (DType::Float32 | DType::Float64, Value::Bool(truth)) => Some(Value::Float(f64::from(u8::from(*truth)))),
        (DType::Float32 | DType::Float64, _) => Some(value),
        (_, Value::Bool(truth)) => Some(Value::Int(i64::from(*truth))),
        (_, Value::Float(float)) => Value::Float(float.trunc()).as_i64().map(Value::Int),
        _ => Some(value),
    }
}

fn number(text: &str) -> Option<Value> {
    let text = text.trim();
    text.parse().map(Value::Int).or_else(|_| text.parse().map(Value::Float)).ok()
}
