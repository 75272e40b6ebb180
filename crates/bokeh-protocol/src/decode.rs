//! JSON and binary buffers to values.

mod date;
mod error;

use std::collections::HashMap;
use std::fmt;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use flate2::read::GzDecoder;
use serde_json::Value as Json;

use crate::{Array, Buffer, DType, Event, Map, ModelId, Object, Slice, Spec, SpecKind, Text, Value};

use date::iso_to_ms;
pub use error::{DecodeError, DecodeErrorKind};

/// What a [`Decoder`] does with the models that it meets.
pub trait ModelReader {
    /// The model of that id; `None` when there is none.
    fn reference(&mut self, id: &str) -> Option<ModelId>;

    /// A definition begins: the model gets its key now, since its attributes may refer to it.
    ///
    /// # Errors
    /// A text that says why there can be no such model, such as an unknown class.
    fn begin(&mut self, class: &str, id: &str) -> Result<Begun, String>;

    /// The attributes of a model for which [`begin`](Self::begin) answered [`Begun::New`].
    ///
    /// # Errors
    /// A text that says which attribute is wrong, and why.
    fn finish(&mut self, model: ModelId, attributes: Vec<(Text, Value)>) -> Result<(), String>;
}

/// The beginning of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The model is new, its attributes are wanted.
    New(ModelId),
    /// The id is known: the definition counts as a reference, its attributes are dropped.
    Known(ModelId),
}

/// Refuses every model, for values that can hold none.
impl ModelReader for crate::NoModels {
    fn reference(&mut self, _: &str) -> Option<ModelId> {
        None
    }
    fn begin(&mut self, _: &str, _: &str) -> Result<Begun, String> {
        Err("no model can be defined here".into())
    }
    fn finish(&mut self, _: ModelId, _: Vec<(Text, Value)>) -> Result<(), String> {
        Ok(())
    }
}

type Decoded<T> = Result<T, DecodeError>;

/// Reads the values of one message.
///
/// ```
/// use bokeh_protocol::{Decoder, NoModels, Value};
///
/// let json = serde_json::json!([1, {"type": "number", "value": "+inf"}]);
/// let value = Decoder::new(&mut NoModels, &[]).value(&json)?;
/// assert_eq!(value, Value::from_iter([Value::from(1), Value::from(f64::INFINITY)]));
///
/// let json = serde_json::json!({"type": "map", "entries": [["a", {"id": "p7"}]]});
/// let error = Decoder::new(&mut NoModels, &[]).value(&json).unwrap_err();
/// assert_eq!(error.to_string(), "entries[0][1]: can't resolve reference 'p7'");
/// # Ok::<(), bokeh_protocol::DecodeError>(())
/// ```
pub struct Decoder<'a> {
    pub(crate) models: &'a mut dyn ModelReader,
    buffers: HashMap<&'a str, &'a Bytes>,
    depth: usize,
    inflated: usize,
    /// How many bytes of buffers may still be named. A buffer that many arrays name is copied for each.
    nameable: usize,
}

impl fmt::Debug for Decoder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").field("n_buffers", &self.buffers.len()).finish_non_exhaustive()
    }
}

impl<'a> Decoder<'a> {
    /// How deep aggregates may be nested in each other.
    pub const MAX_DEPTH: usize = 256;
    /// How many bytes the inline (compressed) bytes of one message may unfold to: 64 MiB.
    pub const MAX_INFLATED_BYTES: usize = 64 << 20;
    /// How many bytes of one message's buffers may be named again, once each has been named: 64 MiB.
    pub const MAX_REPEATED_BYTES: usize = 64 << 20;

    /// A decoder for the content of one message with these buffers.
    pub fn new(models: &'a mut dyn ModelReader, buffers: &'a [Buffer]) -> Self {
        let nameable = buffers.iter().map(|buffer| buffer.data.len()).sum::<usize>() + Self::MAX_REPEATED_BYTES;
        let buffers = buffers.iter().map(|buffer| (&*buffer.id, &buffer.data)).collect();
        Decoder { models, buffers, depth: 0, inflated: 0, nameable }
    }

    /// Reads one value.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn value(&mut self, json: &Json) -> Decoded<Value> {
        Ok(match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => match number.as_i64() {
                Some(value) => Value::Int(value),
                None => Value::Float(number.as_f64().ok_or(DecodeErrorKind::Expected("a number"))?),
            },
            Json::String(text) => Value::from(&**text),
            Json::Array(items) => Value::List(self.nested(|this| this.items(items))?.into()),
            Json::Object(fields) => self.nested(|this| this.tagged(fields))?,
        })
    }

    /// Reads a model: a reference or a definition.
    pub(crate) fn model(&mut self, json: &Json) -> Decoded<ModelId> {
        match self.value(json)? {
            Value::Model(model) => Ok(model),
            _ => Err(DecodeErrorKind::Expected("a model").into()),
        }
    }

    /// Reads a map, tagged or plain.
    pub(crate) fn map(&mut self, json: &Json) -> Decoded<Map> {
        match self.value(json)? {
            Value::Map(map) => Ok(map),
            _ => Err(DecodeErrorKind::Expected("a map").into()),
        }
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Decoded<T>) -> Decoded<T> {
        if self.depth == Self::MAX_DEPTH {
            return Err(DecodeErrorKind::TooDeep(Self::MAX_DEPTH).into());
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn items(&mut self, items: &[Json]) -> Decoded<Vec<Value>> {
        items.iter().enumerate().map(|(n, item)| self.value(item).map_err(|error| error.in_index(n))).collect()
    }

    fn tagged(&mut self, fields: &Fields) -> Decoded<Value> {
        let Some(tag) = fields.get("type") else {
            return if fields.len() == 1 && fields.contains_key("id") {
                self.reference(fields)
            } else {
                Ok(Value::Map(self.plain(fields)?))
            };
        };
        let tag =
            tag.as_str().ok_or_else(|| DecodeError::from(DecodeErrorKind::Expected("a string")).in_key("type"))?;
        match tag {
            "ref" => self.reference(fields),
            "number" => number(fields),
            "array" => Ok(Value::List(self.entries(fields, "entries")?.into())),
            "set" => Ok(Value::Set(self.entries(fields, "entries")?.into())),
            "map" => self.pairs(fields).map(Value::Map),
            "bytes" => self.bytes(field(fields, "data")?).map(Value::from).map_err(|error| error.in_key("data")),
            "slice" => slice(fields),
            "ndarray" => self.ndarray(fields),
            "typed_array" => self.typed_array(fields),
            "object" => self.object(fields),
            "value" => {
                let kind = SpecKind::Value(self.field(fields, "value")?);
                self.spec(fields, kind)
            }
            "field" => {
                let kind = SpecKind::Field(string(fields, "field")?.into());
                self.spec(fields, kind)
            }
            "expr" => {
                let kind = SpecKind::Expr(self.field(fields, "expr")?);
                self.spec(fields, kind)
            }
            "event" => {
                let name = string(fields, "name")?.into();
                let values = self.map(field(fields, "values")?).map_err(|error| error.in_key("values"))?;
                Ok(Value::from(Event { name, values }))
            }
            // Only BokehJS writes dates (for a JavaScript Date); elsewhere they are milliseconds.
            "date" => {
                let text = string(fields, "iso")?;
                let ms = iso_to_ms(text).ok_or(DecodeErrorKind::Expected("an ISO date"));
                Ok(Value::Float(ms.map_err(|kind| DecodeError::from(kind).in_key("iso"))?))
            }
            other => Err(DecodeErrorKind::UnknownType(other.to_owned()).into()),
        }
    }

    fn field(&mut self, fields: &Fields, key: &'static str) -> Decoded<Value> {
        self.value(field(fields, key)?).map_err(|error| error.in_key(key))
    }

    fn reference(&mut self, fields: &Fields) -> Decoded<Value> {
        let id = string(fields, "id")?;
        let model = self.models.reference(id);
        Ok(Value::Model(model.ok_or_else(|| DecodeErrorKind::UnknownReference(id.to_owned()))?))
    }

    /// An object without a tag: keys are strings.
    fn plain(&mut self, fields: &Fields) -> Decoded<Map> {
        let mut entries = Vec::with_capacity(fields.len());
        for (key, json) in fields {
            entries.push((key.as_str(), self.value(json).map_err(|error| error.in_key(key))?));
        }
        Ok(entries.into_iter().collect())
    }

    /// A list that may be left out when empty.
    fn entries(&mut self, fields: &Fields, key: &'static str) -> Decoded<Vec<Value>> {
        match fields.get(key) {
            None => Ok(Vec::new()),
            Some(Json::Array(items)) => self.items(items).map_err(|error| error.in_key(key)),
            Some(_) => Err(DecodeError::from(DecodeErrorKind::Expected("a list")).in_key(key)),
        }
    }

    fn pairs(&mut self, fields: &Fields) -> Decoded<Map> {
        let pairs = self.entries(fields, "entries")?;
        let mut entries: Vec<(Value, Value)> = Vec::with_capacity(pairs.len());
        let mut places = HashMap::new();
        for (n, pair) in pairs.iter().enumerate() {
            match pair.as_list() {
                Some([key, value]) => {
                    // Of two values for one key the last one counts, at the place of the first one.
                    let place = key.as_str().and_then(|name| places.insert(name, entries.len()));
                    match (place, key.as_str()) {
                        (Some(place), Some(name)) => {
                            places.insert(name, place);
                            entries[place].1 = value.clone();
                        }
                        _ => entries.push((key.clone(), value.clone())),
                    }
                }
                _ => {
                    let error = DecodeError::from(DecodeErrorKind::Expected("a pair of key and value"));
                    return Err(error.in_index(n).in_key("entries"));
                }
            }
        }
        Ok(entries.into_iter().collect())
    }

    fn spec(&mut self, fields: &Fields, kind: SpecKind) -> Decoded<Value> {
        let transform = match fields.get("transform") {
            None | Some(Json::Null) => None,
            Some(json) => Some(self.value(json).map_err(|error| error.in_key("transform"))?),
        };
        let units = match fields.get("units") {
            None | Some(Json::Null) => None,
            Some(_) => Some(string(fields, "units")?.into()),
        };
        Ok(Value::from(Spec { kind, transform, units }))
    }

    fn bytes(&mut self, data: &Json) -> Decoded<Bytes> {
        match data {
            Json::Object(fields) => {
                let id = string(fields, "id")?;
                let bytes = self.buffers.get(id).ok_or_else(|| DecodeErrorKind::UnknownBuffer(id.to_owned()))?;
                let left = self.nameable.checked_sub(bytes.len());
                self.nameable = left.ok_or(DecodeErrorKind::TooManyRepeats(Self::MAX_REPEATED_BYTES))?;
                Ok(Bytes::clone(bytes))
            }
            Json::String(base64) => self.inflate(base64),
            _ => Err(DecodeErrorKind::Expected("a buffer's id or base64 text").into()),
        }
    }

    fn inflate(&mut self, base64: &str) -> Decoded<Bytes> {
        let inline = |error: &dyn fmt::Display| DecodeErrorKind::Inline(error.to_string());
        let gzip = STANDARD.decode(base64).map_err(|error| inline(&error))?;
        let left = Self::MAX_INFLATED_BYTES - self.inflated;
        let mut bytes = Vec::new();
        // One byte more than allowed tells an exact fit from an excess.
        GzDecoder::new(&*gzip).take(left as u64 + 1).read_to_end(&mut bytes).map_err(|error| inline(&error))?;
        if bytes.len() > left {
            return Err(DecodeErrorKind::TooManyBytes(Self::MAX_INFLATED_BYTES).into());
        }
        self.inflated += bytes.len();
        Ok(bytes.into())
    }

    fn ndarray(&mut self, fields: &Fields) -> Decoded<Value> {
        let shape = field(fields, "shape")?
            .as_array()
            .and_then(|dims| dims.iter().map(|dim| usize::try_from(dim.as_u64()?).ok()).collect::<Option<Vec<_>>>());
        let shape = shape
            .ok_or_else(|| DecodeError::from(DecodeErrorKind::Expected("a list of dimensions")).in_key("shape"))?;
        let array = self.elements(fields)?;
        Ok(Value::from(array.reshape(&shape).map_err(DecodeErrorKind::from)?))
    }

    fn typed_array(&mut self, fields: &Fields) -> Decoded<Value> {
        Ok(Value::from(self.elements(fields)?.into_typed_array()))
    }

    /// The elements of an array, flat: bytes, or a list of values.
    fn elements(&mut self, fields: &Fields) -> Decoded<Array> {
        let dtype = DType::from_name(string(fields, "dtype")?)
            .ok_or_else(|| DecodeError::from(DecodeErrorKind::Expected("a dtype")).in_key("dtype"))?;
        let big_endian = match fields.get("order").and_then(Json::as_str) {
            Some("big") => true,
            Some("little") | None => false,
            Some(_) => {
                return Err(DecodeError::from(DecodeErrorKind::Expected("'little' or 'big'")).in_key("order"));
            }
        };
        let array = match self.field(fields, "array")? {
            Value::Bytes(bytes) => Array::from_bytes(dtype, &bytes, big_endian).map_err(DecodeErrorKind::from)?,
            Value::List(items) => Array::from_values(dtype, items)
                .ok_or_else(|| DecodeError::from(DecodeErrorKind::Expected("elements of the dtype")).in_key("array"))?,
            _ => return Err(DecodeError::from(DecodeErrorKind::Expected("bytes or a list")).in_key("array")),
        };
        Ok(array)
    }

    fn object(&mut self, fields: &Fields) -> Decoded<Value> {
        let class = string(fields, "name")?;
        let attributes = match fields.get("attributes") {
            None => None,
            Some(Json::Object(attributes)) => Some(attributes),
            Some(_) => return Err(DecodeError::from(DecodeErrorKind::Expected("an object")).in_key("attributes")),
        };
        if fields.get("id").is_none() {
            let attributes = self.attributes(attributes)?;
            return Ok(Value::from(Object { name: class.into(), id: None, attributes }));
        }
        let begun = self.models.begin(class, string(fields, "id")?).map_err(DecodeErrorKind::Model)?;
        let attributes = self.attributes(attributes)?;
        match begun {
            Begun::New(model) => {
                self.models.finish(model, attributes).map_err(DecodeErrorKind::Model)?;
                Ok(Value::Model(model))
            }
            Begun::Known(model) => Ok(Value::Model(model)),
        }
    }

    fn attributes(&mut self, attributes: Option<&Fields>) -> Decoded<Vec<(Text, Value)>> {
        let read = |(name, json): (&String, &Json)| {
            let value = self.value(json).map_err(|error| error.in_key(name).in_key("attributes"))?;
            Ok((Text::from(name.as_str()), value))
        };
        attributes.into_iter().flatten().map(read).collect()
    }
}

type Fields = serde_json::Map<String, Json>;

pub(crate) fn field<'j>(fields: &'j Fields, key: &'static str) -> Decoded<&'j Json> {
    fields.get(key).ok_or_else(|| DecodeErrorKind::Missing(key).into())
}

pub(crate) fn string<'j>(fields: &'j Fields, key: &'static str) -> Decoded<&'j str> {
    field(fields, key)?.as_str().ok_or_else(|| DecodeError::from(DecodeErrorKind::Expected("a string")).in_key(key))
}

fn number(fields: &Fields) -> Decoded<Value> {
    Ok(Value::Float(match field(fields, "value")? {
        Json::String(text) if text == "nan" => f64::NAN,
        Json::String(text) if text == "+inf" => f64::INFINITY,
        Json::String(text) if text == "-inf" => f64::NEG_INFINITY,
        Json::Number(number) => number.as_f64().ok_or(DecodeErrorKind::Expected("a number"))?,
        _ => return Err(DecodeError::from(DecodeErrorKind::Expected("a number")).in_key("value")),
    }))
}

fn slice(fields: &Fields) -> Decoded<Value> {
    let index = |key| match fields.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(json) => json
            .as_i64()
            .map(Some)
            .ok_or_else(|| DecodeError::from(DecodeErrorKind::Expected("an integer or null")).in_key(key)),
    };
    Ok(Value::from(Slice { start: index("start")?, stop: index("stop")?, step: index("step")? }))
}
