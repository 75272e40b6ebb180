//! Writes patches by choices that bytes make.

use arbitrary::Unstructured;
use bokeh_document::Document;
use bokeh_protocol::{Buffer, ModelId};
use serde_json::{Map, Value as Json, json};

/// Writes patches about the models and columns of a document, for the most part.
pub(crate) struct Writer<'c, 'b> {
    choices: &'c mut Unstructured<'b>,
    models: Vec<Known>,
    buffers: Vec<Buffer>,
}

/// A model that can be named.
struct Known {
    model: ModelId,
    id: String,
    class: String,
    columns: Vec<String>,
}

type Chosen<T> = arbitrary::Result<T>;

const CLASSES: &[&str] =
    &["Div", "Row", "ColumnDataSource", "Slider", "DataTable", "Range1d", "Selection", "ext.Gauge", "LayoutDOM"];
const PROPERTIES: &[&str] =
    &["tags", "name", "data", "value", "text", "children", "source", "width", "title", "visible", "bogus"];
const TEXTS: &[&str] = &["", "x", "y", "title", "nan", "2024-01-02", "#ff0000", "\u{1f600}", "bokeh_event"];
const DTYPES: &[(&str, usize)] = &[
    ("bool", 1),
    ("uint8", 1),
    ("int8", 1),
    ("uint16", 2),
    ("int16", 2),
    ("uint32", 4),
    ("int32", 4),
    ("float32", 4),
    ("float64", 8),
];
const MAX_EVENTS: usize = 6;
const MAX_ITEMS: usize = 3;
const MAX_DEPTH: usize = 4;

impl<'c, 'b> Writer<'c, 'b> {
    pub(crate) fn new(document: &Document, choices: &'c mut Unstructured<'b>) -> Self {
        let known = |model| {
            let data = document.data(model).unwrap_or_default();
            Some(Known {
                model,
                id: document.wire_id(model)?.to_owned(),
                class: document.class_name(model)?.to_owned(),
                columns: data.keys().map(str::to_owned).collect(),
            })
        };
        let mut models: Vec<Known> = document.models().filter_map(known).collect();
        models.sort_by_key(|known| known.model);
        Writer { choices, models, buffers: Vec::new() }
    }

    /// The buffers that the text names.
    pub(crate) fn into_buffers(self) -> Vec<Buffer> {
        self.buffers
    }

    /// A model that a root leads to.
    pub(crate) fn present(&mut self) -> Chosen<ModelId> {
        Ok(self.any_known()?.model)
    }

    /// The content of a PATCH-DOC.
    pub(crate) fn patch(&mut self) -> Chosen<Json> {
        let n = self.choices.int_in_range(1..=MAX_EVENTS)?;
        let events = (0..n).map(|_| self.event()).collect::<Chosen<Vec<Json>>>()?;
        Ok(json!({ "events": events }))
    }

    fn event(&mut self) -> Chosen<Json> {
        Ok(match self.choices.int_in_range(0..=11)? {
            0..=4 => {
                let (model, class) = self.subject()?;
                let attr = self.property(&class)?;
                json!({"kind": "ModelChanged", "model": model, "attr": attr, "new": self.value(0)?})
            }
            5 => json!({"kind": "TitleChanged", "title": self.text()?}),
            6 => json!({"kind": "RootAdded", "model": self.model(0)?}),
            7 => json!({"kind": "RootRemoved", "model": self.model(MAX_DEPTH)?}),
            8 => json!({"kind": "MessageSent", "msg_type": self.text()?, "msg_data": self.value(0)?}),
            9 => {
                let (source, columns) = self.source()?;
                let cols = if self.choices.arbitrary()? { json!(columns) } else { Json::Null };
                let data = self.columns(&columns)?;
                json!({"kind": "ColumnDataChanged", "model": source, "attr": "data", "data": data, "cols": cols})
            }
            10 => {
                let (source, columns) = self.source()?;
                let rollover = if self.choices.arbitrary()? { json!(self.small()?) } else { Json::Null };
                let data = self.columns(&columns)?;
                json!({"kind": "ColumnsStreamed", "model": source, "attr": "data", "data": data, "rollover": rollover})
            }
            _ => {
                let (source, columns) = self.source()?;
                let mut patches = Vec::new();
                for name in columns {
                    if self.choices.arbitrary()? {
                        let n = self.choices.int_in_range(0..=MAX_ITEMS)?;
                        let edits = (0..n).map(|_| Ok(json!([self.index()?, self.value(1)?])));
                        patches.push(json!([name, edits.collect::<Chosen<Vec<Json>>>()?]));
                    }
                }
                let patches = json!({"type": "map", "entries": patches});
                json!({"kind": "ColumnsPatched", "model": source, "attr": "data", "patches": patches})
            }
        })
    }

    /// What an event is about: most often a model that is there.
    fn subject(&mut self) -> Chosen<(Json, String)> {
        if self.choices.ratio(1, 8)? {
            return Ok((self.model(0)?, String::new()));
        }
        let known = self.any_known()?;
        Ok((json!({"id": known.id}), known.class.clone()))
    }

    /// A data source and its columns, perhaps with one more.
    fn source(&mut self) -> Chosen<(Json, Vec<String>)> {
        let sources: Vec<usize> =
            (0..self.models.len()).filter(|place| self.models[*place].class.ends_with("Source")).collect();
        let place = if sources.is_empty() { 0 } else { *self.choices.choose(&sources)? };
        let Some(known) = self.models.get(place) else { return Err(arbitrary::Error::NotEnoughData) };
        let (source, mut columns) = (json!({"id": known.id}), known.columns.clone());
        if columns.is_empty() || self.choices.ratio(1, 8)? {
            columns.push(self.text()?.to_owned());
        }
        Ok((source, columns))
    }

    fn any_known(&mut self) -> Chosen<&Known> {
        if self.models.is_empty() {
            return Err(arbitrary::Error::NotEnoughData);
        }
        let place = self.choices.choose_index(self.models.len())?;
        Ok(&self.models[place])
    }

    fn property(&mut self, class: &str) -> Chosen<&'static str> {
        if self.choices.ratio(1, 3)?
            && let Some(class) = bokeh_schema::class(class)
        {
            return Ok(self.choices.choose(class.properties())?.name());
        }
        self.choices.choose(PROPERTIES).copied()
    }

    /// A reference or a definition.
    fn model(&mut self, depth: usize) -> Chosen<Json> {
        let id = format!("new{}", self.small()?);
        Ok(match self.choices.int_in_range(0..=4)? {
            0 | 1 => json!({"id": self.any_known()?.id}),
            2 => json!({ "id": id }),
            _ if depth >= MAX_DEPTH => json!({ "id": id }),
            _ => {
                let class = *self.choices.choose(CLASSES)?;
                let mut attributes = Map::new();
                for _ in 0..self.choices.int_in_range(0..=MAX_ITEMS)? {
                    attributes.insert(self.property(class)?.to_owned(), self.value(depth + 1)?);
                }
                json!({"type": "object", "name": class, "id": id, "attributes": attributes})
            }
        })
    }

    /// Any value, down to [`MAX_DEPTH`].
    pub(crate) fn value(&mut self, depth: usize) -> Chosen<Json> {
        let last = if depth >= MAX_DEPTH { 8 } else { 16 };
        Ok(match self.choices.int_in_range(0..=last)? {
            0 => Json::Null,
            1 => json!(self.choices.arbitrary::<bool>()?),
            2 => json!(self.small()?),
            3 => json!(self.choices.arbitrary::<i64>()?),
            4 => json!(self.choices.arbitrary::<f32>()?),
            5 => json!({"type": "number", "value": self.choices.choose(&["nan", "+inf", "-inf"])?}),
            6 => json!(self.text()?),
            7 => self.index()?,
            8 => self.array()?,
            9 | 10 => Json::Array(self.values(depth)?),
            11 => json!({"type": "set", "entries": self.values(depth)?}),
            12 => {
                let keys = self.values(MAX_DEPTH)?;
                let entry = |key| Ok(json!([key, self.value(depth + 1)?]));
                json!({"type": "map", "entries": keys.into_iter().map(entry).collect::<Chosen<Vec<Json>>>()?})
            }
            13 => json!({"type": "value", "value": self.value(depth + 1)?}),
            14 => json!({"type": "field", "field": self.text()?}),
            _ => self.model(depth)?,
        })
    }

    fn values(&mut self, depth: usize) -> Chosen<Vec<Json>> {
        (0..self.choices.int_in_range(0..=MAX_ITEMS)?).map(|_| self.value(depth + 1)).collect()
    }

    /// Columns of one length, for the most part.
    fn columns(&mut self, names: &[String]) -> Chosen<Json> {
        let n_rows = self.choices.int_in_range(0..=MAX_ITEMS)?;
        let mut entries = Vec::new();
        for name in names {
            let column = match self.choices.int_in_range(0..=5)? {
                0..=2 => {
                    let numbers = (0..n_rows).map(|_| Ok(json!(self.small()?)));
                    numbers.collect::<Chosen<Vec<Json>>>()?.into()
                }
                3 => self.array_of(n_rows)?,
                4 => (0..n_rows).map(|_| self.value(2)).collect::<Chosen<Vec<Json>>>()?.into(),
                _ => self.value(0)?,
            };
            entries.push(json!([name, column]));
        }
        Ok(json!({"type": "map", "entries": entries}))
    }

    fn array(&mut self) -> Chosen<Json> {
        let n = self.choices.int_in_range(0..=MAX_ITEMS)?;
        self.array_of(n)
    }

    fn array_of(&mut self, n: usize) -> Chosen<Json> {
        let (dtype, size) = *self.choices.choose(DTYPES)?;
        let order = *self.choices.choose(&["little", "big"])?;
        let shape = if self.choices.ratio(1, 6)? { json!([1, n]) } else { json!([n]) };
        let bytes = self.choices.bytes(n * size)?.to_vec();
        let id = format!("b{}", self.buffers.len());
        self.buffers.push(Buffer::new(id.as_str(), bytes));
        let array = json!({"type": "bytes", "data": {"id": id}});
        Ok(json!({"type": "ndarray", "array": array, "shape": shape, "dtype": dtype, "order": order}))
    }

    fn index(&mut self) -> Chosen<Json> {
        Ok(match self.choices.int_in_range(0..=3)? {
            0 | 1 => json!(self.small()?),
            2 => {
                let part =
                    |this: &mut Self| Ok(if this.choices.arbitrary()? { json!(this.small()?) } else { Json::Null });
                json!({"type": "slice", "start": part(self)?, "stop": part(self)?, "step": part(self)?})
            }
            _ => json!([self.small()?, {"type": "slice"}]),
        })
    }

    fn text(&mut self) -> Chosen<&'static str> {
        self.choices.choose(TEXTS).copied()
    }

    fn small(&mut self) -> Chosen<i8> {
        self.choices.int_in_range(-1..=5)
    }
}
