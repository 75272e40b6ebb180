//! The change events that a PATCH-DOC carries.

use serde_json::Value as Json;

use crate::decode::{field, string};
use crate::{DecodeError, DecodeErrorKind, Decoder, Encoder, Map, ModelId, Slice, Text, Value};

/// One change of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum PatchEvent {
    /// A property has a new value.
    ModelChanged {
        /// The model.
        model: ModelId,
        /// The property.
        attr: Text,
        /// The whole new value.
        new: Value,
    },
    /// A message for whoever listens on the other side; Bokeh's own events have the type `bokeh_event`.
    MessageSent {
        /// The type of the message.
        msg_type: Text,
        /// What it carries.
        msg_data: Value,
    },
    /// The document has a new title.
    TitleChanged {
        /// The title.
        title: Text,
    },
    /// A model has become a root.
    RootAdded {
        /// The model.
        model: ModelId,
    },
    /// A model is no root any more.
    RootRemoved {
        /// The model.
        model: ModelId,
    },
    /// Columns of a data source were replaced.
    ColumnDataChanged {
        /// The data source.
        model: ModelId,
        /// The property, `data`.
        attr: Text,
        /// The new columns.
        data: Map,
        /// The names of the columns that changed, the others stay; `None` replaces all.
        cols: Option<Vec<Text>>,
    },
    /// Rows were appended to a data source.
    ColumnsStreamed {
        /// The data source.
        model: ModelId,
        /// The property, `data`.
        attr: Text,
        /// The new rows of every column.
        data: Map,
        /// The number of rows to keep, the newest ones; `None` keeps all.
        rollover: Option<i64>,
    },
    /// Single entries of a data source were replaced.
    ColumnsPatched {
        /// The data source.
        model: ModelId,
        /// The property, `data`.
        attr: Text,
        /// For each column the places and their new values.
        patches: Vec<(Text, Vec<(PatchIndex, Value)>)>,
    },
}

/// A place in a column.
#[derive(Clone, Debug, PartialEq)]
pub enum PatchIndex {
    /// One row.
    Row(i64),
    /// A range of rows.
    Slice(Slice),
    /// A row that holds an array, then places in each of the array's dimensions.
    Multi(Vec<PatchIndex>),
}

impl PatchEvent {
    /// The model that the event is about.
    #[must_use]
    pub fn model(&self) -> Option<ModelId> {
        match self {
            PatchEvent::ModelChanged { model, .. }
            | PatchEvent::RootAdded { model }
            | PatchEvent::RootRemoved { model }
            | PatchEvent::ColumnDataChanged { model, .. }
            | PatchEvent::ColumnsStreamed { model, .. }
            | PatchEvent::ColumnsPatched { model, .. } => Some(*model),
            PatchEvent::MessageSent { .. } | PatchEvent::TitleChanged { .. } => None,
        }
    }

    /// Calls `visit` with each model in what the event carries, other than the [model](Self::model) that it is about.
    pub fn for_each_model(&self, visit: &mut dyn FnMut(ModelId)) {
        match self {
            PatchEvent::ModelChanged { new, .. } => new.for_each_model(visit),
            PatchEvent::MessageSent { msg_data, .. } => msg_data.for_each_model(visit),
            PatchEvent::ColumnDataChanged { data, .. } | PatchEvent::ColumnsStreamed { data, .. } => {
                data.for_each_model(visit);
            }
            PatchEvent::ColumnsPatched { patches, .. } => {
                patches.iter().flat_map(|(_, patches)| patches).for_each(|(_, value)| value.for_each_model(visit));
            }
            PatchEvent::TitleChanged { .. } | PatchEvent::RootAdded { .. } | PatchEvent::RootRemoved { .. } => {}
        }
    }

    /// Writes the event as an element of `events`.
    pub fn encode(&self, encoder: &mut Encoder<'_>) {
        match self {
            PatchEvent::ModelChanged { model, attr, new } => {
                open(encoder, "ModelChanged", *model, attr);
                encoder.raw(",\"new\":");
                encoder.value(new);
            }
            PatchEvent::MessageSent { msg_type, msg_data } => {
                encoder.raw("{\"kind\":\"MessageSent\",\"msg_type\":");
                encoder.string(msg_type);
                encoder.raw(",\"msg_data\":");
                encoder.value(msg_data);
            }
            PatchEvent::TitleChanged { title } => {
                encoder.raw("{\"kind\":\"TitleChanged\",\"title\":");
                encoder.string(title);
            }
            PatchEvent::RootAdded { model } => {
                encoder.raw("{\"kind\":\"RootAdded\",\"model\":");
                encoder.value(&Value::Model(*model));
            }
            PatchEvent::RootRemoved { model } => {
                encoder.raw("{\"kind\":\"RootRemoved\",\"model\":");
                encoder.reference(*model);
            }
            PatchEvent::ColumnDataChanged { model, attr, data, cols } => {
                open(encoder, "ColumnDataChanged", *model, attr);
                encoder.raw(",\"data\":");
                encoder.value(&Value::Map(data.clone()));
                encoder.raw(",\"cols\":");
                let cols = cols.as_ref().map(|cols| cols.iter().cloned().map(Value::Str).collect::<Value>());
                encoder.value(&Value::from(cols));
            }
            PatchEvent::ColumnsStreamed { model, attr, data, rollover } => {
                open(encoder, "ColumnsStreamed", *model, attr);
                encoder.raw(",\"data\":");
                encoder.value(&Value::Map(data.clone()));
                encoder.raw(",\"rollover\":");
                encoder.value(&Value::from(*rollover));
            }
            PatchEvent::ColumnsPatched { model, attr, patches } => {
                open(encoder, "ColumnsPatched", *model, attr);
                encoder.raw(",\"patches\":");
                encoder.value(&Value::Map(patches.iter().map(patches_value).collect()));
            }
        }
        encoder.raw("}");
    }
}

impl Decoder<'_> {
    /// Reads the content of a PATCH-DOC: all its events, or none.
    ///
    /// # Errors
    /// What is wrong with the first bad event, and where. Fields that an event does not have are errors, as in Bokeh.
    pub fn patch(&mut self, content: &Json) -> Result<Vec<PatchEvent>, DecodeError> {
        let events = content.get("events").ok_or(DecodeErrorKind::Missing("events"))?;
        let events =
            events.as_array().ok_or_else(|| DecodeError::from(DecodeErrorKind::Expected("a list")).in_key("events"))?;
        let read = |(n, json)| self.event(json).map_err(|error| error.in_index(n).in_key("events"));
        events.iter().enumerate().map(read).collect()
    }

    fn event(&mut self, json: &Json) -> Result<PatchEvent, DecodeError> {
        let fields = json.as_object().ok_or(DecodeErrorKind::Expected("an event"))?;
        let kind = string(fields, "kind")?;
        let allowed: &[&str] = match kind {
            "ModelChanged" => &["model", "attr", "new"],
            "MessageSent" => &["msg_type", "msg_data"],
            "TitleChanged" => &["title"],
            "RootAdded" | "RootRemoved" => &["model"],
            "ColumnDataChanged" => &["model", "attr", "data", "cols"],
            "ColumnsStreamed" => &["model", "attr", "data", "rollover"],
            "ColumnsPatched" => &["model", "attr", "patches"],
            other => return Err(DecodeErrorKind::UnknownKind(other.to_owned()).into()),
        };
        if let Some(key) = fields.keys().find(|key| *key != "kind" && !allowed.contains(&key.as_str())) {
            return Err(DecodeErrorKind::Unexpected(key.clone()).into());
        }
        let text = |key| string(fields, key).map(Text::from);
        let mut model = || self.model(field(fields, "model")?).map_err(|error| error.in_key("model"));
        Ok(match kind {
            "ModelChanged" => {
                let (model, attr) = (model()?, text("attr")?);
                let new = self.value(field(fields, "new")?).map_err(|error| error.in_key("new"))?;
                PatchEvent::ModelChanged { model, attr, new }
            }
            "MessageSent" => {
                let msg_data = self.value(field(fields, "msg_data")?).map_err(|error| error.in_key("msg_data"))?;
                PatchEvent::MessageSent { msg_type: text("msg_type")?, msg_data }
            }
            "TitleChanged" => PatchEvent::TitleChanged { title: text("title")? },
            "RootAdded" => PatchEvent::RootAdded { model: model()? },
            "RootRemoved" => PatchEvent::RootRemoved { model: model()? },
            "ColumnDataChanged" => {
                let (model, attr) = (model()?, text("attr")?);
                let data = self.map(field(fields, "data")?).map_err(|error| error.in_key("data"))?;
                PatchEvent::ColumnDataChanged { model, attr, data, cols: cols(fields.get("cols"))? }
            }
            "ColumnsStreamed" => {
                let (model, attr) = (model()?, text("attr")?);
                let data = self.map(field(fields, "data")?).map_err(|error| error.in_key("data"))?;
                PatchEvent::ColumnsStreamed { model, attr, data, rollover: rollover(fields.get("rollover"))? }
            }
            _ => {
                let (model, attr) = (model()?, text("attr")?);
                let map = self.map(field(fields, "patches")?).map_err(|error| error.in_key("patches"))?;
                let patches = map.entries().iter().map(column_patches).collect::<Result<_, _>>();
                PatchEvent::ColumnsPatched { model, attr, patches: patches.map_err(|error| error.in_key("patches"))? }
            }
        })
    }
}

fn open(encoder: &mut Encoder<'_>, kind: &str, model: ModelId, attr: &str) {
    encoder.raw("{\"kind\":\"");
    encoder.raw(kind);
    encoder.raw("\",\"model\":");
    encoder.reference(model);
    encoder.raw(",\"attr\":");
    encoder.string(attr);
}

fn patches_value((column, patches): &(Text, Vec<(PatchIndex, Value)>)) -> (Text, Value) {
    let pair = |(index, value): &(PatchIndex, Value)| Value::from_iter([index.to_value(), value.clone()]);
    (column.clone(), patches.iter().map(pair).collect())
}

impl PatchIndex {
    fn to_value(&self) -> Value {
        match self {
            PatchIndex::Row(row) => Value::Int(*row),
            PatchIndex::Slice(slice) => Value::from(*slice),
            PatchIndex::Multi(indices) => indices.iter().map(PatchIndex::to_value).collect(),
        }
    }

    fn from_value(value: &Value) -> Option<PatchIndex> {
        match value {
            Value::Slice(slice) => Some(PatchIndex::Slice(**slice)),
            Value::List(items) => {
                // A place in a place has one dimension: no list within the list.
                let flat = |item: &Value| match item {
                    Value::List(_) => None,
                    item => PatchIndex::from_value(item),
                };
                items.iter().map(flat).collect::<Option<_>>().map(PatchIndex::Multi)
            }
            value => value.as_i64().map(PatchIndex::Row),
        }
    }
}

fn column_patches((column, patches): &(Value, Value)) -> Result<(Text, Vec<(PatchIndex, Value)>), DecodeError> {
    let Value::Str(column) = column else { return Err(DecodeErrorKind::Expected("a column's name").into()) };
    let pair = |pair: &Value| match pair.as_list() {
        Some([index, value]) => PatchIndex::from_value(index).map(|index| (index, value.clone())),
        _ => None,
    };
    let patches = patches.as_list().and_then(|patches| patches.iter().map(pair).collect());
    let error = || DecodeError::from(DecodeErrorKind::Expected("a list of [index, value]")).in_key(column);
    Ok((column.clone(), patches.ok_or_else(error)?))
}

fn cols(json: Option<&Json>) -> Result<Option<Vec<Text>>, DecodeError> {
    let names = |json: &Json| json.as_array()?.iter().map(|name| name.as_str().map(Text::from)).collect();
    match json {
        None | Some(Json::Null) => Ok(None),
        Some(json) => match names(json) {
            Some(names) => Ok(Some(names)),
            None => Err(DecodeError::from(DecodeErrorKind::Expected("a list of column names or null")).in_key("cols")),
        },
    }
}

fn rollover(json: Option<&Json>) -> Result<Option<i64>, DecodeError> {
    match json {
        None | Some(Json::Null) => Ok(None),
        Some(json) => match json.as_i64() {
            Some(rows) => Ok(Some(rows)),
            None => Err(DecodeError::from(DecodeErrorKind::Expected("an integer or null")).in_key("rollover")),
        },
    }
}
