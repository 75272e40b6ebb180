//! What travels in tokens, as workers read and write it.

#[cfg(test)]
mod tests;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bokeh_protocol::{Payload, PayloadValue};
use serde_json::{Map, Value, json};

/// Writes a payload as tokens have it: a byte string is `{"bytes": "<base64>"}`.
pub(crate) fn to_json(payload: &Payload) -> Map<String, Value> {
    payload.iter().map(|(key, value)| (key.clone(), value_to_json(value))).collect()
}

/// Reads what [`to_json`] writes.
pub(crate) fn from_json(fields: Map<String, Value>) -> Payload {
    fields.into_iter().map(|(key, value)| (key, value_from_json(value))).collect()
}

fn value_to_json(value: &PayloadValue) -> Value {
    match value {
        PayloadValue::Null => Value::Null,
        PayloadValue::Bool(value) => Value::Bool(*value),
        PayloadValue::Number(number) => Value::Number(number.clone()),
        PayloadValue::String(text) => Value::String(text.clone()),
        PayloadValue::Bytes(bytes) => json!({ BYTES: URL_SAFE_NO_PAD.encode(bytes) }),
        PayloadValue::List(items) => items.iter().map(value_to_json).collect(),
        PayloadValue::Map(entries) => Value::Object(to_json(entries)),
    }
}

fn value_from_json(value: Value) -> PayloadValue {
    match value {
        Value::Null => PayloadValue::Null,
        Value::Bool(value) => PayloadValue::Bool(value),
        Value::Number(number) => PayloadValue::Number(number),
        Value::String(text) => PayloadValue::String(text),
        Value::Array(items) => PayloadValue::List(items.into_iter().map(value_from_json).collect()),
        Value::Object(fields) => match bytes(&fields) {
            Some(bytes) => PayloadValue::Bytes(bytes),
            None => PayloadValue::Map(from_json(fields)),
        },
    }
}

fn bytes(fields: &Map<String, Value>) -> Option<Vec<u8>> {
    let encoded = fields.get(BYTES).filter(|_| fields.len() == 1)?.as_str()?;
    URL_SAFE_NO_PAD.decode(encoded).ok()
}

const BYTES: &str = "bytes";
