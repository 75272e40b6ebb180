//! Whether two documents are the same but for ids.

use std::collections::HashMap;

use bokeh_document::{Document, Origin};
use bokeh_protocol::{Array, ModelId, SpecKind, Value};
use bokeh_schema::class;

/// The document of that name among those that Python made.
pub(crate) fn vector(name: &str) -> Document {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../vectors/plots.json")).expect("the vectors are JSON");
    let json = vectors.get(name).unwrap_or_else(|| panic!("there is no vector {name}"));
    let mut doc = Document::new();
    doc.replace_with(json, &[], Origin::Peer(1)).unwrap_or_else(|error| panic!("{name}: {error}"));
    doc
}

/// Lists where two documents differ: models are compared by class and by what each property holds, set or not.
pub(crate) fn differences(ours: &Document, python: &Document) -> Vec<String> {
    let mut comparison = Comparison { ours, python, pairs: HashMap::new(), differences: Vec::new() };
    if ours.roots().len() == python.roots().len() {
        for (index, (a, b)) in ours.roots().iter().zip(python.roots()).enumerate() {
            comparison.model(&format!("roots[{index}]"), *a, *b);
        }
    } else {
        comparison.differences.push("the numbers of roots".to_owned());
    }
    comparison.differences
}

struct Comparison<'docs> {
    ours: &'docs Document,
    python: &'docs Document,
    pairs: HashMap<ModelId, ModelId>,
    differences: Vec<String>,
}

impl Comparison<'_> {
    fn model(&mut self, path: &str, a: ModelId, b: ModelId) {
        if let Some(known) = self.pairs.insert(a, b) {
            if known != b {
                self.differences.push(format!("{path}: one of us has a second model here"));
            }
            return;
        }
        let (class_a, class_b) = (self.ours.class_name(a), self.python.class_name(b));
        if class_a != class_b {
            self.differences.push(format!("{path}: {class_a:?} instead of {class_b:?}"));
            return;
        }
        let Some(class) = class_a.and_then(class) else { return };
        for property in class.properties().iter().filter(|property| property.is_serialized()) {
            let path = format!("{path}.{}", property.name());
            match (self.ours.value(a, property.name()), self.python.value(b, property.name())) {
                (Ok(a), Ok(b)) => self.value(&path, &a, &b),
                (a, b) if a.is_ok() != b.is_ok() => self.differences.push(format!("{path}: {a:?} instead of {b:?}")),
                _ => {}
            }
        }
    }

    fn value(&mut self, path: &str, a: &Value, b: &Value) {
        match (a, b) {
            (Value::Model(a), Value::Model(b)) => self.model(path, *a, *b),
            // A default within a list is no model of the document until somebody sets it.
            (Value::Object(a), Value::Model(b)) => {
                if self.python.class_name(*b) != Some(&*a.name) {
                    self.differences.push(format!("{path}: {} instead of {b:?}", a.name));
                }
                for (name, a) in &a.attributes {
                    let b = self.python.value(*b, name).unwrap_or_default();
                    self.value(&format!("{path}.{name}"), a, &b);
                }
            }
            (Value::List(a), Value::List(b)) if a.len() == b.len() => {
                for (index, (a, b)) in a.iter().zip(b.iter()).enumerate() {
                    self.value(&format!("{path}[{index}]"), a, b);
                }
            }
            (Value::Map(a), Value::Map(b)) if a.len() == b.len() => {
                for (key, a) in a.entries() {
                    match b.entries().iter().find(|(known, _)| known == key) {
                        Some((_, b)) => self.value(&format!("{path}[{key:?}]"), a, b),
                        None => self.differences.push(format!("{path}[{key:?}] is ours only")),
                    }
                }
            }
            (Value::Spec(a), Value::Spec(b)) => {
                match (&a.kind, &b.kind) {
                    (SpecKind::Value(a), SpecKind::Value(b)) | (SpecKind::Expr(a), SpecKind::Expr(b)) => {
                        self.value(path, a, b)
                    }
                    (a, b) if a != b => self.differences.push(format!("{path}: {a:?} instead of {b:?}")),
                    _ => {}
                }
                self.value(
                    &format!("{path} transform"),
                    &Value::from(a.transform.clone()),
                    &Value::from(b.transform.clone()),
                );
                if a.units != b.units {
                    self.differences.push(format!("{path}: units {:?} instead of {:?}", a.units, b.units));
                }
            }
            // A list of constants in Python is a list, a Rust array of numbers is an array: both are columns.
            (Value::Array(a), Value::List(_)) => self.value(path, &list(a), b),
            (a, b) if !a.matches(b) => self.differences.push(format!("{path}: {a:?} instead of {b:?}")),
            _ => {}
        }
    }
}

fn list(array: &Array) -> Value {
    array.values().collect()
}
