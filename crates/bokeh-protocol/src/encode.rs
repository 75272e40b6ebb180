//! Values to JSON text and binary buffers.

use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;

use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderStringWriter;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::array::{Array, ArrayData, Form};
use crate::{Buffer, Map, ModelId, Spec, SpecKind, Value};

/// What an [`Encoder`] has to know of the models that values refer to.
pub trait Graph {
    /// The id of a model on the wire; `None` when there is no such model.
    fn wire_id(&self, model: ModelId) -> Option<&str>;

    /// The class and the attributes of a model, in the order in which they are to be written.
    fn definition(&self, model: ModelId) -> Option<Definition<'_>>;
}

/// A model as it is written where it first occurs.
#[derive(Clone, Debug)]
pub struct Definition<'a> {
    /// The qualified name of the class.
    pub class: &'a str,
    /// The attributes that differ from the defaults or were ever set.
    pub attributes: Vec<(&'a str, &'a Value)>,
}

/// A document without models, for values that refer to none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoModels;

impl Graph for NoModels {
    fn wire_id(&self, _: ModelId) -> Option<&str> {
        None
    }
    fn definition(&self, _: ModelId) -> Option<Definition<'_>> {
        None
    }
}

/// Where bytes go.
#[derive(Debug)]
pub enum BytesMode<'a> {
    /// Into separate buffers of the message, with ids from this source.
    Buffers(&'a mut BufferIds),
    /// Into the text, as base64 of gzip: pages without a server, and pulls of browsers that lost the buffers.
    Inline,
}

/// Makes buffer ids that are unique among all messages made from the same source, so that one encoding can be shared by
/// messages of different make-up.
#[derive(Clone, Debug, Default)]
pub struct BufferIds(u64);

impl BufferIds {
    fn next(&mut self) -> Arc<str> {
        self.0 += 1;
        format!("b{}", self.0).into()
    }
}

/// Writes values as Bokeh's JSON, straight into one text. Models that the reader does not know are written in full where
/// they first occur, and as references afterwards.
///
/// The walk keeps its own stack, so a deep graph of models cannot exhaust the thread's.
///
/// ```
/// use bokeh_protocol::{BytesMode, Encoder, Map, NoModels, Value};
///
/// let value = Value::from(Map::from_iter([("a", Value::from(f64::NAN))]));
/// let mut encoder = Encoder::new(&NoModels, &|_| false, BytesMode::Inline);
/// encoder.value(&value);
/// let (json, buffers) = encoder.finish();
/// assert_eq!(json, br#"{"type":"map","entries":[["a",{"type":"number","value":"nan"}]]}"#);
/// assert!(buffers.is_empty());
/// ```
pub struct Encoder<'a> {
    out: Vec<u8>,
    buffers: Vec<Buffer>,
    bytes: BytesMode<'a>,
    graph: &'a dyn Graph,
    known: &'a dyn Fn(ModelId) -> bool,
    defined: Vec<ModelId>,
    is_defined: HashSet<ModelId>,
}

impl std::fmt::Debug for Encoder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("bytes_written", &self.out.len()).finish_non_exhaustive()
    }
}

/// What is left to be written of an open aggregate.
enum Step<'v> {
    Value(&'v Value),
    Items(std::slice::Iter<'v, Value>, bool),
    Entries(std::slice::Iter<'v, (Value, Value)>, bool),
    Attributes(std::vec::IntoIter<(&'v str, &'v Value)>, bool),
    Raw(&'static str),
    Key(&'static str),
    Str(&'v str),
    /// The end of an array of objects: its shape and the rest.
    ArrayTail(&'v Array),
}

impl<'a> Encoder<'a> {
    /// An encoder of values of `graph` for a reader who knows the models for which `known` is true.
    #[must_use]
    pub fn new(graph: &'a dyn Graph, known: &'a dyn Fn(ModelId) -> bool, bytes: BytesMode<'a>) -> Self {
        Encoder {
            out: Vec::with_capacity(256),
            buffers: Vec::new(),
            bytes,
            graph,
            known,
            defined: Vec::new(),
            is_defined: HashSet::new(),
        }
    }

    /// Appends text that is JSON already.
    pub fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    /// Appends a JSON string.
    pub fn string(&mut self, text: &str) {
        serde_json::to_writer(&mut self.out, text).expect("writing a string to memory cannot fail");
    }

    /// Appends a reference to a model, never its definition.
    pub fn reference(&mut self, model: ModelId) {
        self.raw("{\"id\":");
        // A model that is gone has no id any more: a peer would not know it either.
        let id = self.graph.wire_id(model).unwrap_or("");
        self.string(id);
        self.raw("}");
    }

    /// Appends a value.
    pub fn value(&mut self, value: &Value) {
        self.run(value, self.graph);
    }

    /// The models that were written in full so far, in order.
    #[must_use]
    pub fn defined(&self) -> &[ModelId] {
        &self.defined
    }

    /// The text and the buffers that belong to it.
    #[must_use]
    pub fn finish(self) -> (Vec<u8>, Vec<Buffer>) {
        (self.out, self.buffers)
    }

    /// The walk. `graph` is the encoder's own; its definitions live as long as the stack.
    fn run<'v>(&mut self, value: &'v Value, graph: &'v dyn Graph) {
        let mut stack = vec![Step::Value(value)];
        while let Some(step) = stack.pop() {
            match step {
                Step::Value(value) => self.open(value, graph, &mut stack),
                Step::Raw(text) => self.raw(text),
                Step::Str(text) => self.string(text),
                Step::Key(name) => {
                    self.raw(",");
                    self.string(name);
                    self.raw(":");
                }
                Step::Items(mut items, mut is_first) => loop {
                    let Some(item) = items.next() else { break self.raw("]") };
                    self.raw(if std::mem::take(&mut is_first) { "" } else { "," });
                    // Most lists are columns of numbers or texts: they need no stack.
                    if !self.scalar(item) {
                        break stack.extend([Step::Items(items, false), Step::Value(item)]);
                    }
                },
                Step::Entries(mut entries, is_first) => match entries.next() {
                    Some((key, value)) => {
                        self.raw(if is_first { "[" } else { ",[" });
                        stack.push(Step::Entries(entries, false));
                        stack.push(Step::Raw("]"));
                        stack.push(Step::Value(value));
                        stack.push(Step::Raw(","));
                        stack.push(Step::Value(key));
                    }
                    None => self.raw("]"),
                },
                Step::Attributes(mut attributes, is_first) => match attributes.next() {
                    Some((name, value)) => {
                        self.raw(if is_first { "" } else { "," });
                        self.string(name);
                        self.raw(":");
                        stack.push(Step::Attributes(attributes, false));
                        stack.push(Step::Value(value));
                    }
                    None => self.raw("}"),
                },
                Step::ArrayTail(array) => self.array_tail(array),
            }
        }
    }

    /// Writes a scalar. Answers whether it was one.
    fn scalar(&mut self, value: &Value) -> bool {
        match value {
            Value::Null => self.raw("null"),
            Value::Bool(true) => self.raw("true"),
            Value::Bool(false) => self.raw("false"),
            Value::Int(value) => self.int(*value),
            Value::Float(value) => self.float(*value),
            Value::Str(text) => self.string(text),
            _ => return false,
        }
        true
    }

    /// Writes a scalar, or the head of an aggregate whose rest goes on the stack.
    fn open<'v>(&mut self, value: &'v Value, graph: &'v dyn Graph, stack: &mut Vec<Step<'v>>) {
        if self.scalar(value) {
            return;
        }
        match value {
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => {}
            Value::List(items) => {
                self.raw("[");
                stack.push(Step::Items(items.iter(), true));
            }
            Value::Set(items) if items.is_empty() => self.raw("{\"type\":\"set\"}"),
            Value::Set(items) => {
                self.raw("{\"type\":\"set\",\"entries\":[");
                stack.push(Step::Raw("}"));
                stack.push(Step::Items(items.iter(), true));
            }
            Value::Map(map) => self.map(map, stack),
            Value::Array(array) => self.array(array, stack),
            Value::Bytes(bytes) => self.bytes(Bytes::clone(bytes)),
            Value::Slice(slice) => {
                let text = |index: Option<i64>| index.map_or("null".to_owned(), |index| index.to_string());
                write!(
                    self.out,
                    "{{\"type\":\"slice\",\"start\":{},\"stop\":{},\"step\":{}}}",
                    text(slice.start),
                    text(slice.stop),
                    text(slice.step)
                )
                .expect("writing to memory cannot fail");
            }
            Value::Spec(spec) => self.spec(spec, stack),
            Value::Model(model) => self.model(*model, graph, stack),
            Value::Object(object) => {
                self.raw("{\"type\":\"object\",\"name\":");
                self.string(&object.name);
                if let Some(id) = &object.id {
                    self.raw(",\"id\":");
                    self.string(id);
                }
                self.attributes(object.attributes.iter().map(|(name, value)| (&**name, value)).collect(), stack);
            }
            Value::Event(event) => {
                self.raw("{\"type\":\"event\",\"name\":");
                self.string(&event.name);
                self.raw(",\"values\":");
                stack.push(Step::Raw("}"));
                self.map(&event.values, stack);
            }
        }
    }

    fn int(&mut self, value: i64) {
        // JavaScript cannot tell larger ones apart; Bokeh sends them as floats, too.
        const MAX_SAFE: i64 = (1 << 53) - 1;
        if (-MAX_SAFE..=MAX_SAFE).contains(&value) {
            write!(self.out, "{value}").expect("writing to memory cannot fail");
        } else {
            #[expect(clippy::cast_precision_loss, reason = "the wire has no other form")]
            self.float(value as f64);
        }
    }

    fn float(&mut self, value: f64) {
        if value.is_finite() {
            serde_json::to_writer(&mut self.out, &value).expect("writing a number to memory cannot fail");
        } else {
            let name = if value.is_nan() { "nan" } else { ["-inf", "+inf"][usize::from(value > 0.0)] };
            self.raw("{\"type\":\"number\",\"value\":\"");
            self.raw(name);
            self.raw("\"}");
        }
    }

    fn map<'v>(&mut self, map: &'v Map, stack: &mut Vec<Step<'v>>) {
        if map.is_empty() {
            self.raw("{\"type\":\"map\"}");
        } else {
            self.raw("{\"type\":\"map\",\"entries\":[");
            stack.push(Step::Raw("}"));
            stack.push(Step::Entries(map.entries().iter(), true));
        }
    }

    fn spec<'v>(&mut self, spec: &'v Spec, stack: &mut Vec<Step<'v>>) {
        stack.push(Step::Raw("}"));
        if let Some(units) = &spec.units {
            stack.extend([Step::Str(units), Step::Key("units")]);
        }
        if let Some(transform) = &spec.transform {
            stack.extend([Step::Value(transform), Step::Key("transform")]);
        }
        match &spec.kind {
            SpecKind::Value(value) => {
                self.raw("{\"type\":\"value\",\"value\":");
                stack.push(Step::Value(value));
            }
            SpecKind::Field(name) => {
                self.raw("{\"type\":\"field\",\"field\":");
                self.string(name);
            }
            SpecKind::Expr(model) => {
                self.raw("{\"type\":\"expr\",\"expr\":");
                stack.push(Step::Value(model));
            }
        }
    }

    fn model<'v>(&mut self, model: ModelId, graph: &'v dyn Graph, stack: &mut Vec<Step<'v>>) {
        if self.is_defined.contains(&model) || (self.known)(model) {
            return self.reference(model);
        }
        let Some(definition) = graph.definition(model) else { return self.reference(model) };
        // Noted before its attributes are written: they may lead back here.
        self.is_defined.insert(model);
        self.defined.push(model);
        self.raw("{\"type\":\"object\",\"name\":");
        self.string(definition.class);
        self.raw(",\"id\":");
        self.string(graph.wire_id(model).unwrap_or(""));
        self.attributes(definition.attributes, stack);
    }

    /// The end of an object, which has no `attributes` when there are none.
    fn attributes<'v>(&mut self, attributes: Vec<(&'v str, &'v Value)>, stack: &mut Vec<Step<'v>>) {
        if attributes.is_empty() {
            self.raw("}");
        } else {
            self.raw(",\"attributes\":{");
            stack.push(Step::Raw("}"));
            stack.push(Step::Attributes(attributes.into_iter(), true));
        }
    }

    fn array<'v>(&mut self, array: &'v Array, stack: &mut Vec<Step<'v>>) {
        self.raw(match array.form() {
            Form::NdArray => "{\"type\":\"ndarray\",\"array\":",
            Form::TypedArray => "{\"type\":\"typed_array\",\"array\":",
        });
        if let ArrayData::Object(items) = array.data() {
            self.raw("[");
            stack.push(Step::ArrayTail(array));
            stack.push(Step::Items(items.iter(), true));
        } else {
            self.bytes(array.to_bytes().expect("only arrays of objects have no bytes"));
            self.array_tail(array);
        }
    }

    fn array_tail(&mut self, array: &Array) {
        if array.form() == Form::NdArray {
            self.raw(",\"shape\":");
            serde_json::to_writer(&mut self.out, &array.shape()).expect("writing numbers to memory cannot fail");
        }
        let order = if cfg!(target_endian = "little") { "little" } else { "big" };
        write!(self.out, ",\"dtype\":\"{}\",\"order\":\"{order}\"}}", array.dtype().name())
            .expect("writing to memory cannot fail");
    }

    fn bytes(&mut self, bytes: Bytes) {
        self.raw("{\"type\":\"bytes\",\"data\":");
        match &mut self.bytes {
            BytesMode::Buffers(ids) => {
                let id = ids.next();
                self.raw("{\"id\":");
                self.string(&id);
                self.raw("}");
                self.buffers.push(Buffer { id, data: bytes });
            }
            BytesMode::Inline => {
                let mut gzip = GzEncoder::new(EncoderStringWriter::new(&STANDARD), Compression::fast());
                gzip.write_all(&bytes).expect("compressing to memory cannot fail");
                let base64 = gzip.finish().expect("compressing to memory cannot fail").into_inner();
                self.raw("\"");
                self.raw(&base64);
                self.raw("\"");
            }
        }
        self.raw("}");
    }
}
