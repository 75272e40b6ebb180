//! JSON and buffers to values.

use bokeh_protocol::{Buffer, BufferIds, BytesMode, Decoder, Encoder, NoModels, Value};
use serde_json::Value as Json;

use crate::input;

/// A decoder takes any JSON with any buffers. What it reads is written so that reading it again gives the same, whether bytes
/// travel beside the text or inside.
pub fn value(data: &[u8]) {
    let Some((json, buffers)) = input::content(data) else { return };
    let value = match Decoder::new(&mut NoModels, &buffers).value(&json) {
        Ok(value) => value,
        Err(error) => return drop(error.to_string()),
    };
    assert!(value.matches(&value), "a value is no change of itself: {value:?}");
    value.for_each_model(&mut |model| panic!("{model:?} out of nowhere"));

    let written = in_buffers(&value);
    let again = decode(&written);
    assert_eq!(in_buffers(&again), written);
    assert!(again.matches(&value), "a copy is no change: {again:?}\n{value:?}");
    assert_eq!(in_buffers(&decode(&inline(&value))), written);
}

type Written = (Json, Vec<Buffer>);

fn in_buffers(value: &Value) -> Written {
    write(value, BytesMode::Buffers(&mut BufferIds::default()))
}

fn inline(value: &Value) -> Written {
    write(value, BytesMode::Inline)
}

fn write(value: &Value, bytes: BytesMode<'_>) -> Written {
    let mut encoder = Encoder::new(&NoModels, &|_| false, bytes);
    encoder.value(value);
    let (json, buffers) = encoder.finish();
    (serde_json::from_slice(&json).expect("what is written is JSON"), buffers)
}

fn decode((json, buffers): &Written) -> Value {
    Decoder::new(&mut NoModels, buffers).value(json).unwrap_or_else(|error| panic!("{json} is ours, but {error}"))
}
