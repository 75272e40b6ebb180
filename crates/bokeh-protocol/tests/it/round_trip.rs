//! What is written is read as it was, whatever it is.

use bokeh_protocol::{
    Array, Begun, Buffer, BufferIds, BytesMode, Decoder, Definition, Encoder, Event, Graph, Map, ModelId, ModelReader,
    Object, PatchEvent, PatchIndex, Slice, Spec, SpecKind, Text, Value,
};
use bytes::Bytes;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

proptest! {
    #[test]
    fn any_value_comes_back_as_it_went(value in any_value()) {
        for is_inline in [false, true] {
            let (json, buffers) = written(is_inline, |encoder| encoder.value(&value));
            let read = Decoder::new(&mut KnownModels, &buffers).value(&json);
            prop_assert_eq!(read.map_err(|error| error.to_string()), Ok(value.clone()));
        }
        prop_assert!(value.matches(&value.clone()));
    }

    #[test]
    fn any_patch_comes_back_as_it_went(events in vec(any_event(), 0..4)) {
        let mut buffers = Vec::new();
        let mut ids = BufferIds::default();
        let mut content = Vec::new();
        for event in &events {
            let mut encoder = Encoder::new(&KnownModels, &|_| true, BytesMode::Buffers(&mut ids));
            event.encode(&mut encoder);
            let (json, more) = encoder.finish();
            content.push(serde_json::from_slice::<Json>(&json).unwrap());
            buffers.extend(more);
        }
        let read = Decoder::new(&mut KnownModels, &buffers).patch(&json!({ "events": content }));
        prop_assert_eq!(read.map_err(|error| error.to_string()), Ok(events));
    }
}

fn written(is_inline: bool, write: impl FnOnce(&mut Encoder<'_>)) -> (Json, Vec<Buffer>) {
    let mut ids = BufferIds::default();
    let bytes = if is_inline { BytesMode::Inline } else { BytesMode::Buffers(&mut ids) };
    let mut encoder = Encoder::new(&KnownModels, &|_| true, bytes);
    write(&mut encoder);
    let (json, buffers) = encoder.finish();
    (serde_json::from_slice(&json).unwrap(), buffers)
}

/// A few models that both sides know.
struct KnownModels;

const IDS: [&str; 3] = ["p1001", "p1002", "p1003"];

impl Graph for KnownModels {
    fn wire_id(&self, model: ModelId) -> Option<&str> {
        IDS.get(model.index as usize).copied()
    }

    fn definition(&self, _: ModelId) -> Option<Definition<'_>> {
        None
    }
}

impl ModelReader for KnownModels {
    fn reference(&mut self, id: &str) -> Option<ModelId> {
        let index = IDS.iter().position(|known| *known == id)?;
        Some(ModelId { document: 1, index: u32::try_from(index).ok()? })
    }

    fn begin(&mut self, _: &str, _: &str) -> Result<Begun, String> {
        Err("all models are known".to_owned())
    }

    fn finish(&mut self, _: ModelId, _: Vec<(Text, Value)>) -> Result<(), String> {
        Ok(())
    }
}

fn any_model() -> impl Strategy<Value = ModelId> {
    (0..3_u32).prop_map(|index| ModelId { document: 1, index })
}

fn any_text() -> impl Strategy<Value = Text> {
    ".*".prop_map(Text::from)
}

/// Not NaN, which equals nothing.
fn any_number() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("NaN", |number| !number.is_nan())
}

fn any_array() -> impl Strategy<Value = Array> {
    let flat = prop_oneof![
        vec(any::<bool>(), 0..5).prop_map(Array::from),
        vec(any::<u8>(), 0..5).prop_map(Array::from),
        vec(any::<i8>(), 0..5).prop_map(Array::from),
        vec(any::<u16>(), 0..5).prop_map(Array::from),
        vec(any::<i16>(), 0..5).prop_map(Array::from),
        vec(any::<u32>(), 0..5).prop_map(Array::from),
        vec(any::<i32>(), 0..5).prop_map(Array::from),
        vec(any::<f32>().prop_filter("NaN", |number| !number.is_nan()), 0..5).prop_map(Array::from),
        vec(any_number(), 0..5).prop_map(Array::from),
        vec(any_text().prop_map(Value::from), 0..5).prop_map(Array::from),
    ];
    (flat, 0..3).prop_map(|(array, form)| {
        let len = array.len();
        match form {
            0 => array,
            1 => array.into_typed_array(),
            _ => array.reshape(&[1, len, 1]).unwrap(),
        }
    })
}

fn any_slice() -> impl Strategy<Value = Slice> {
    (option::of(any::<i64>()), option::of(any::<i64>()), option::of(any::<i64>()))
        .prop_map(|(start, stop, step)| Slice { start, stop, step })
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        // Others go as floats.
        (-(1_i64 << 53) + 1..1 << 53).prop_map(Value::from),
        any_number().prop_map(Value::from),
        any_text().prop_map(Value::from),
        any_array().prop_map(Value::from),
        vec(any::<u8>(), 0..9).prop_map(|bytes| Value::from(Bytes::from(bytes))),
        any_slice().prop_map(Value::from),
        any_model().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        let transform = option::of(any_model().prop_map(Value::from));
        let kind = prop_oneof![
            inner.clone().prop_map(SpecKind::Value),
            any_text().prop_map(SpecKind::Field),
            any_model().prop_map(|model| SpecKind::Expr(model.into())),
        ];
        let named = || vec((any_text(), inner.clone()), 0..4).prop_map(|entries| Map::from_iter(unique(entries)));
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec(inner.clone(), 0..5).prop_map(|items| Value::Set(items.into())),
            named().prop_map(Value::from),
            vec((any::<i32>().prop_map(Value::from), inner.clone()), 0..4)
                .prop_map(|entries| Map::from_iter(entries).into()),
            (kind, transform, option::of(any_text())).prop_map(|(kind, transform, units)| Spec {
                kind,
                transform,
                units
            }
            .into()),
            (any_text(), named()).prop_map(|(name, values)| Event { name, values }.into()),
            (any_text(), vec((any_text(), inner.clone()), 0..4))
                .prop_map(|(name, attributes)| { Object { name, id: None, attributes: unique(attributes) }.into() }),
        ]
    })
}

fn any_event() -> impl Strategy<Value = PatchEvent> {
    let columns = || vec((any_text(), any_value()), 0..4).prop_map(|entries| Map::from_iter(unique(entries)));
    let place = prop_oneof![(0..1_i64 << 53).prop_map(PatchIndex::Row), any_slice().prop_map(PatchIndex::Slice)];
    let index = prop_oneof![place.clone(), vec(place, 0..3).prop_map(PatchIndex::Multi)];
    let patches = vec((any_text(), vec((index, any_value()), 0..3)), 0..3).prop_map(unique);
    prop_oneof![
        (any_model(), any_text(), any_value()).prop_map(|(model, attr, new)| PatchEvent::ModelChanged {
            model,
            attr,
            new
        }),
        (any_text(), any_value()).prop_map(|(msg_type, msg_data)| PatchEvent::MessageSent { msg_type, msg_data }),
        any_text().prop_map(|title| PatchEvent::TitleChanged { title }),
        any_model().prop_map(|model| PatchEvent::RootAdded { model }),
        any_model().prop_map(|model| PatchEvent::RootRemoved { model }),
        (any_model(), any_text(), columns(), option::of(vec(any_text(), 0..3)))
            .prop_map(|(model, attr, data, cols)| PatchEvent::ColumnDataChanged { model, attr, data, cols }),
        (any_model(), any_text(), columns(), option::of(0..100_i64))
            .prop_map(|(model, attr, data, rollover)| PatchEvent::ColumnsStreamed { model, attr, data, rollover }),
        (any_model(), any_text(), patches).prop_map(|(model, attr, patches)| PatchEvent::ColumnsPatched {
            model,
            attr,
            patches
        }),
    ]
}

/// The entries without those whose name has occurred before.
fn unique<T>(entries: Vec<(Text, T)>) -> Vec<(Text, T)> {
    let mut names = std::collections::HashSet::new();
    entries.into_iter().filter(|(name, _)| names.insert(name.clone())).collect()
}
