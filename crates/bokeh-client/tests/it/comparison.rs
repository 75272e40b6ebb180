//! Whether two messages say the same, whatever their ids.

use std::collections::BTreeMap;

use bokeh_protocol::Buffer;
use serde_json::Value as Json;

/// Our ids and theirs for the same things. An id of either side stands for one of the other.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    theirs: BTreeMap<String, String>,
    ours: BTreeMap<String, String>,
}

/// A content and the buffers that it refers to.
#[derive(Clone, Copy)]
pub(crate) struct Content<'a> {
    pub(crate) json: &'a Json,
    pub(crate) buffers: &'a [Buffer],
}

impl Ids {
    /// Fails where the contents differ, with the path to that place.
    pub(crate) fn assert_same(&mut self, ours: Content<'_>, theirs: Content<'_>) {
        self.compare("", ours, theirs);
    }

    fn compare(&mut self, path: &str, ours: Content<'_>, theirs: Content<'_>) {
        match (ours.json, theirs.json) {
            (Json::Object(a), Json::Object(b)) => {
                if let (Some(a), Some(b)) = (ours.buffer(), theirs.buffer()) {
                    return assert_eq!(a.data, b.data, "{path}");
                }
                if let (Some(Json::String(a)), Some(Json::String(b))) = (a.get("id"), b.get("id")) {
                    self.pair(path, a, b);
                }
                // Python's client defines anew what it has pulled, which changes nothing.
                if a.len() == 1 && a.contains_key("id") && b.contains_key("id") {
                    return;
                }
                let keys = |object: &serde_json::Map<String, Json>| object.keys().cloned().collect::<Vec<_>>();
                assert_eq!(keys(a), keys(b), "the keys of {path}");
                for (key, a) in a.iter().filter(|(key, _)| *key != "id") {
                    self.compare(&format!("{path}.{key}"), ours.with(a), theirs.with(&b[key]));
                }
            }
            (Json::Array(a), Json::Array(b)) => {
                assert_eq!(a.len(), b.len(), "the length of {path}: {} and {}", ours.json, theirs.json);
                for (index, (a, b)) in a.iter().zip(b).enumerate() {
                    self.compare(&format!("{path}[{index}]"), ours.with(a), theirs.with(b));
                }
            }
            (a, b) => assert_eq!(a, b, "{path}"),
        }
    }

    fn pair(&mut self, path: &str, ours: &str, theirs: &str) {
        let known = self.theirs.entry(ours.to_owned()).or_insert_with(|| theirs.to_owned());
        assert_eq!(known, theirs, "what {ours} stands for at {path}");
        let known = self.ours.entry(theirs.to_owned()).or_insert_with(|| ours.to_owned());
        assert_eq!(known, ours, "what {theirs} stands for at {path}");
    }
}

impl<'a> Content<'a> {
    fn with(self, json: &'a Json) -> Self {
        Content { json, ..self }
    }

    /// The buffer that an object is a reference to.
    fn buffer(self) -> Option<&'a Buffer> {
        let object = self.json.as_object().filter(|object| object.len() == 1)?;
        self.buffers.iter().find(|buffer| object.get("id").and_then(Json::as_str) == Some(&*buffer.id))
    }
}
