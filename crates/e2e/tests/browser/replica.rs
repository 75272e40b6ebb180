//! Whole documents as plain JSON, wherever they are, to be compared.

use std::collections::BTreeSet;

use bokeh_document::Document;
use bokeh_protocol::{ModelId, SpecKind, Value};
use e2e::Page;
use serde_json::{Map, Value as Json, json};

/// The document that a page has.
pub(crate) async fn of_page(page: &Page) -> anyhow::Result<Json> {
    let replica = page.eval(&format!("{SCRIPT}\nreturn replica()"), json!(null)).await?;
    Ok(normal(replica))
}

/// The document that a client has pulled.
pub(crate) fn of_document(doc: &Document) -> Json {
    let mut roots: Vec<&str> = doc.roots().iter().filter_map(|root| doc.wire_id(*root)).collect();
    roots.sort_unstable();
    let models: Map<String, Json> = doc.models().filter_map(|model| flat_model(doc, model)).collect();
    normal(json!({ "title": doc.title(), "roots": roots, "models": models }))
}

/// Where two documents differ. A property that only one of them has is passed over: BokehJS has some that Python does not
/// have, and the reverse.
pub(crate) fn differences(page: &Json, server: &Json) -> Vec<String> {
    let mut found = Vec::new();
    for part in ["title", "roots"] {
        compare(part, &page[part], &server[part], &mut found);
    }
    let ids = |replica: &Json| -> Vec<String> {
        let ids: BTreeSet<&String> = replica["models"].as_object().into_iter().flatten().map(|(id, _)| id).collect();
        ids.into_iter().cloned().collect()
    };
    compare("models", &json!(ids(page)), &json!(ids(server)), &mut found);
    for id in ids(server) {
        let (page, server) = (&page["models"][&id], &server["models"][&id]);
        compare(&format!("{id}'s class"), &page["class"], &server["class"], &mut found);
        for (property, value) in server["attributes"].as_object().into_iter().flatten() {
            if let Some(other) = page["attributes"].get(property) {
                // BokehJS takes some properties as specs that are none in Python.
                let other =
                    if value.get("spec").is_none() { other.pointer("/spec/value").unwrap_or(other) } else { other };
                compare(&format!("{}({id}).{property}", server["class"]), other, value, &mut found);
            }
        }
    }
    found
}

fn compare(what: &str, page: &Json, server: &Json, found: &mut Vec<String>) {
    if page != server {
        found.push(format!("{what}: {} in the page, {} in the server", short(page), short(server)));
    }
}

fn short(json: &Json) -> String {
    json.to_string().chars().take(300).collect()
}

fn flat_model(doc: &Document, model: ModelId) -> Option<(String, Json)> {
    let name = doc.class_name(model)?;
    let properties = bokeh_schema::class(name)?.properties().iter().filter(|property| property.is_serialized());
    let values = properties.filter_map(|property| Some((property, doc.value(model, property.name()).ok()?)));
    let attributes: Map<String, Json> =
        values.map(|(property, value)| (property.name().to_owned(), flat(doc, &value))).collect();
    Some((doc.wire_id(model)?.to_owned(), json!({ "class": name, "attributes": attributes })))
}

/// A value of a document as plain JSON, to be made [`normal`].
pub(crate) fn flat(doc: &Document, value: &Value) -> Json {
    let items = |items: &[Value]| Json::from_iter(items.iter().map(|item| flat(doc, item)));
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Float(value) if value.is_finite() => json!(value),
        Value::Float(value) if value.is_nan() => json!({ "number": "NaN" }),
        Value::Float(value) => json!({ "number": if *value > 0.0 { "Infinity" } else { "-Infinity" } }),
        Value::Str(text) => json!(&**text),
        Value::List(list) => items(list),
        Value::Set(set) => json!({ "set": items(set) }),
        Value::Map(map) => {
            let pairs = map.entries().iter().map(|(key, value)| json!([flat(doc, key), flat(doc, value)]));
            json!({ "map": Json::from_iter(pairs) })
        }
        Value::Array(array) => {
            let items: Vec<Json> = array.values().map(|item| flat(doc, &item)).collect();
            json!({ "array": array.dtype().name(), "shape": array.shape(), "items": items })
        }
        Value::Bytes(bytes) => json!({ "bytes": &bytes[..] }),
        Value::Slice(slice) => json!({ "slice": [slice.start, slice.stop, slice.step] }),
        Value::Spec(spec) => {
            let mut parts = Map::new();
            match &spec.kind {
                SpecKind::Value(value) => parts.insert("value".to_owned(), flat(doc, value)),
                SpecKind::Field(field) => parts.insert("field".to_owned(), json!(&**field)),
                SpecKind::Expr(expr) => parts.insert("expr".to_owned(), flat(doc, expr)),
            };
            if let Some(transform) = &spec.transform {
                parts.insert("transform".to_owned(), flat(doc, transform));
            }
            if let Some(units) = &spec.units {
                parts.insert("units".to_owned(), json!(&**units));
            }
            json!({ "spec": parts })
        }
        Value::Model(model) => json!({ "model": doc.wire_id(*model) }),
        Value::Object(object) => {
            let pairs = object.attributes.iter().map(|(name, value)| json!([&**name, flat(doc, value)]));
            json!({ "map": Json::from_iter(pairs) })
        }
        Value::Event(event) => flat(doc, &Value::Map(event.values.clone())),
    }
}

/// Numbers as floats, since JavaScript has no others, and sets and maps sorted.
pub(crate) fn normal(json: Json) -> Json {
    match json {
        Json::Number(number) => json!(number.as_f64()),
        Json::Array(items) => items.into_iter().map(normal).collect(),
        Json::Object(fields) => {
            let normal = |(name, value): (String, Json)| {
                let mut value = normal(value);
                if let ("set" | "map", Json::Array(items)) = (&*name, &mut value) {
                    items.sort_by_cached_key(Json::to_string);
                }
                (name, value)
            };
            fields.into_iter().map(normal).collect()
        }
        other => other,
    }
}

/// Functions for scripts: `replica`, and `flat` for a single value.
pub(crate) const SCRIPT: &str = include_str!("replica.js");
