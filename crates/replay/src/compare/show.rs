//! Values as they stand in the table of differences: short, and without ids.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value as Json;

/// Values longer than this are cut.
const MAX_CHARS: usize = 100;

/// Shows a value; `label` names models.
pub(super) fn show(json: &Json, label: &dyn Fn(&str) -> String) -> String {
    let text = full(json, label);
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn full(json: &Json, label: &dyn Fn(&str) -> String) -> String {
    let list = |items: &[Json]| items.iter().map(|item| full(item, label)).collect::<Vec<_>>().join(", ");
    let entries = || json["entries"].as_array().map_or(&[][..], Vec::as_slice);
    match (json, json["type"].as_str(), json["id"].as_str()) {
        (Json::Array(items), ..) => format!("[{}]", list(items)),
        (_, Some("object"), Some(id)) => format!("new {}", label(id)),
        (_, _, Some(id)) => label(id),
        (_, Some("map"), _) => {
            let entry = |entry: &Json| match entry[0].as_str() {
                Some(key) => format!("{key}: {}", full(&entry[1], label)),
                None => format!("{}: {}", full(&entry[0], label), full(&entry[1], label)),
            };
            format!("{{{}}}", entries().iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        (_, Some("set"), _) => format!("{{{}}}", list(entries())),
        (_, Some("number" | "value"), _) => full(&json["value"], label),
        (_, Some(form @ ("ndarray" | "typed_array")), _) => array(json, form, label),
        _ => json.to_string(),
    }
}

fn array(json: &Json, form: &str, label: &dyn Fn(&str) -> String) -> String {
    let dtype = json["dtype"].as_str().unwrap_or("?");
    let bytes = json["array"]["data"].as_str().and_then(|data| BASE64_STANDARD.decode(data).ok());
    let elements = match (dtype, bytes) {
        ("int32", Some(bytes)) => {
            bytes.chunks(4).map(|item| i32::from_le_bytes(item.try_into().unwrap()).to_string()).collect()
        }
        ("float64", Some(bytes)) => {
            bytes.chunks(8).map(|item| f64::from_le_bytes(item.try_into().unwrap()).to_string()).collect()
        }
        (_, Some(bytes)) => bytes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        (_, None) => return format!("{form} {dtype} {}", full(&json["array"], label)),
    };
    format!("{form} {dtype} [{}]", elements.join(", "))
}
