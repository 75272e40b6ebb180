use indexmap::IndexMap;
use serde_json::{Map, Number, Value};

use super::base64url;

/// What a token carries beside the session, in the order in which it was put there: JSON that can also hold byte strings.
pub type Payload = IndexMap<String, PayloadValue>;

/// A value in a [`Payload`].
#[derive(Clone, Debug, PartialEq)]
pub enum PayloadValue {
    /// Nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(String),
    /// A byte string, such as the value of a query argument.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<PayloadValue>),
    /// A map. One whose only key is `bytes` is read back as a byte string: the format has no other way to write one.
    Map(Payload),
}

impl PayloadValue {
    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The byte string, if it is one.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_list(&self) -> Option<&[PayloadValue]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Payload> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }
}

impl From<bool> for PayloadValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for PayloadValue {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<&str> for PayloadValue {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for PayloadValue {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Vec<u8>> for PayloadValue {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<Vec<PayloadValue>> for PayloadValue {
    fn from(items: Vec<PayloadValue>) -> Self {
        Self::List(items)
    }
}

impl From<Payload> for PayloadValue {
    fn from(entries: Payload) -> Self {
        Self::Map(entries)
    }
}

/// Writes a payload as tokens have it: a byte string is `{"bytes": "<base64>"}`.
///
/// ```
/// use bokeh_protocol::{Payload, PayloadValue, payload_from_json, payload_to_json};
///
/// let payload = Payload::from([("n".to_owned(), PayloadValue::Bytes(vec![0xff, 5]))]);
/// let json = payload_to_json(&payload);
/// assert_eq!(json["n"]["bytes"], "_wU");
/// assert_eq!(payload_from_json(json), Some(payload));
/// ```
pub fn payload_to_json(payload: &Payload) -> Map<String, Value> {
    payload.iter().map(|(key, value)| (key.clone(), value_to_json(value))).collect()
}

/// Reads JSON that has no byte strings.
pub(super) fn from_json(fields: Map<String, Value>) -> Payload {
    fields.into_iter().map(|(key, value)| (key, value_from_json(value))).collect()
}

/// Reads what [`payload_to_json`] writes; `None` if something that should be base64 is none.
pub fn payload_from_json(fields: Map<String, Value>) -> Option<Payload> {
    from_json(fields).into_iter().map(|(key, value)| Some((key, with_bytes(value)?))).collect()
}

fn value_to_json(value: &PayloadValue) -> Value {
    match value {
        PayloadValue::Null => Value::Null,
        PayloadValue::Bool(value) => Value::Bool(*value),
        PayloadValue::Number(number) => Value::Number(number.clone()),
        PayloadValue::String(text) => Value::String(text.clone()),
        PayloadValue::Bytes(bytes) => {
            let encoded = Value::String(base64url::encode(bytes));
            Value::Object(Map::from_iter([(BYTES.to_owned(), encoded)]))
        }
        PayloadValue::List(items) => Value::Array(items.iter().map(value_to_json).collect()),
        PayloadValue::Map(entries) => Value::Object(payload_to_json(entries)),
    }
}

fn value_from_json(value: Value) -> PayloadValue {
    match value {
        Value::Null => PayloadValue::Null,
        Value::Bool(value) => PayloadValue::Bool(value),
        Value::Number(number) => PayloadValue::Number(number),
        Value::String(text) => PayloadValue::String(text),
        Value::Array(items) => PayloadValue::List(items.into_iter().map(value_from_json).collect()),
        Value::Object(fields) => PayloadValue::Map(from_json(fields)),
    }
}

fn with_bytes(value: PayloadValue) -> Option<PayloadValue> {
    Some(match value {
        PayloadValue::List(items) => PayloadValue::List(items.into_iter().map(with_bytes).collect::<Option<_>>()?),
        PayloadValue::Map(entries) => match entries.get(BYTES) {
            Some(encoded) if entries.len() == 1 => PayloadValue::Bytes(base64url::decode(encoded.as_str()?)?),
            _ => PayloadValue::Map(
                entries.into_iter().map(|(key, value)| Some((key, with_bytes(value)?))).collect::<Option<_>>()?,
            ),
        },
        other => other,
    })
}

const BYTES: &str = "bytes";
