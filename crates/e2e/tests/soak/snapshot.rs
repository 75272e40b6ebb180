//! What is to be equal.

use std::collections::BTreeMap;

use bokeh_document::Document;
use bokeh_protocol::{ModelId, Value};

/// A document as readable lines by what they are about, whatever the order of roots and models. Defaults count as values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Snapshot(BTreeMap<String, String>);

impl Snapshot {
    pub(crate) fn of(doc: &Document) -> Self {
        let mut lines = BTreeMap::from([("the title".to_owned(), doc.title().to_owned())]);
        for model in doc.roots() {
            lines.insert(format!("root {}", name(doc, *model)), String::new());
        }
        for model in doc.models() {
            let (id, class) = (name(doc, model), doc.class_name(model).unwrap());
            lines.insert(format!("model {id}"), class.to_owned());
            for property in bokeh_schema::class(class).unwrap().properties().iter().filter(|it| it.is_serialized()) {
                if let Ok(value) = doc.value(model, property.name()) {
                    lines.insert(format!("{id}.{}", property.name()), readable(doc, &value));
                }
            }
        }
        Self(lines)
    }

    /// The lines that are not in both. Of a model that only one has, its class says enough.
    pub(crate) fn differences(&self, copy: &Self) -> Vec<String> {
        let keys = self.0.keys().chain(copy.0.keys().filter(|key| !self.0.contains_key(*key)));
        let have_both = |key: &str| self.0.contains_key(key) && copy.0.contains_key(key);
        keys.filter(|key| self.0.get(*key) != copy.0.get(*key))
            .filter(|key| key.split_once('.').is_none_or(|(id, _)| have_both(&format!("model {id}"))))
            .map(|key| format!("{key}: {:?} is {:?} in the copy", self.0.get(key), copy.0.get(key)))
            .collect()
    }
}

fn name(doc: &Document, model: ModelId) -> String {
    doc.wire_id(model).unwrap_or("nobody").to_owned()
}

/// A value with wire ids in place of models.
fn readable(doc: &Document, value: &Value) -> String {
    match value {
        Value::Model(model) => name(doc, *model),
        Value::List(items) => items.iter().map(|item| readable(doc, item)).collect::<Vec<_>>().join(", "),
        Value::Map(map) => {
            let entry = |(key, value): &(Value, Value)| format!("{key:?}: {}", readable(doc, value));
            map.entries().iter().map(entry).collect::<Vec<_>>().join("; ")
        }
        other => format!("{other:?}"),
    }
}
