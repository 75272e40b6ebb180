//! Two values side by side.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::defaults::{self, default};
use super::show::show;

/// Bokeh's ids and ours for the same models.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids {
    ours: BTreeMap<String, String>,
    theirs: BTreeMap<String, String>,
    /// What models are called in differences, by Bokeh's ids.
    labels: BTreeMap<String, String>,
}

/// The definitions in what one side sends between two replies, by their ids.
pub(super) type Definitions<'a> = BTreeMap<&'a str, &'a Json>;

/// Compares values of one segment.
pub(super) struct Walk<'a> {
    pub(super) ids: &'a mut Ids,
    pub(super) theirs: &'a Definitions<'a>,
    pub(super) ours: &'a Definitions<'a>,
    /// The models, by Bokeh's ids, whose definitions were compared.
    pub(super) done: BTreeSet<String>,
    pub(super) found: Vec<String>,
}

impl Ids {
    /// Our id for a model of Bokeh's.
    pub(super) fn ours(&self, theirs: &str) -> Option<&str> {
        self.ours.get(theirs).map(String::as_str)
    }

    pub(super) fn label(&self, theirs: &str) -> String {
        self.labels.get(theirs).cloned().unwrap_or_else(|| "a model".to_owned())
    }

    pub(super) fn our_label(&self, ours: &str) -> String {
        self.theirs.get(ours).map_or_else(|| "a model".to_owned(), |theirs| self.label(theirs))
    }

    /// The models that a peer of both has made have the same id on both sides.
    pub(super) fn adopt(&mut self, content: &Json) {
        let mut definitions = Definitions::default();
        collect(content, &mut definitions);
        for (id, definition) in definitions {
            if !self.ours.contains_key(id) {
                self.pair(id, id);
                self.labels.insert(id.to_owned(), label(definition));
            }
        }
    }

    pub(super) fn translate(&self, json: &mut Json) {
        match json {
            Json::Array(items) => items.iter_mut().for_each(|item| self.translate(item)),
            Json::Object(fields) if fields.get("type").is_some_and(|tag| tag == "bytes") => {}
            Json::Object(fields) => {
                let ours = fields.get("id").and_then(Json::as_str).and_then(|theirs| self.ours(theirs));
                if let Some(ours) = ours {
                    fields["id"] = ours.into();
                }
                fields.values_mut().for_each(|value| self.translate(value));
            }
            _ => {}
        }
    }

    /// Pairs two ids. Answers whether they belong together.
    fn pair(&mut self, theirs: &str, ours: &str) -> bool {
        match (self.ours.get(theirs), self.theirs.get(ours)) {
            (Some(known), _) => known == ours,
            (None, Some(_)) => false,
            (None, None) => {
                self.ours.insert(theirs.to_owned(), ours.to_owned());
                self.theirs.insert(ours.to_owned(), theirs.to_owned());
                true
            }
        }
    }
}

impl Walk<'_> {
    /// Compares two values; `path` says where they are.
    pub(super) fn values(&mut self, path: &str, theirs: &Json, ours: &Json) {
        match (theirs, ours) {
            (Json::Object(_), Json::Object(_)) => {
                let tag = |json: &Json| json["type"].as_str().map(str::to_owned);
                match (model(theirs), model(ours), tag(theirs), tag(ours)) {
                    (Some(a), Some(b), ..) => self.models(path, a, b),
                    (None, None, Some(a), Some(b)) if a == b && a == "map" => self.maps(path, theirs, ours),
                    (None, None, Some(a), Some(b)) if a == b && a == "set" => self.sets(path, theirs, ours),
                    (None, None, a_tag, b_tag) if a_tag == b_tag => {
                        self.fields(path, fields(theirs), fields(ours));
                    }
                    _ => self.differ(path, Some(theirs), Some(ours)),
                }
            }
            (Json::Array(a), Json::Array(b)) if path.ends_with(".cols") => {
                let sorted = |items: &[Json]| items.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
                if sorted(a) != sorted(b) {
                    self.differ(path, Some(theirs), Some(ours));
                }
            }
            (Json::Array(a), Json::Array(b)) => {
                // A list of numbers is one value; models differ one by one.
                let has_models = |items: &[Json]| items.iter().any(|item| item.is_object() || item.is_array());
                if a.len() == b.len() && (has_models(a) || has_models(b)) {
                    for (index, (a, b)) in a.iter().zip(b).enumerate() {
                        self.values(&format!("{path}[{index}]"), a, b);
                    }
                } else if a != b {
                    self.differ(path, Some(theirs), Some(ours));
                }
            }
            (a, b) if a == b => {}
            _ => self.differ(path, Some(theirs), Some(ours)),
        }
    }

    /// Notes a difference. What is missing is `nothing`.
    pub(super) fn differ(&mut self, path: &str, theirs: Option<&Json>, ours: Option<&Json>) {
        let ids = &*self.ids;
        let theirs = theirs.map_or_else(|| "nothing".to_owned(), |json| show(json, &|id| ids.label(id)));
        let ours = ours.map_or_else(|| "nothing".to_owned(), |json| show(json, &|id| ids.our_label(id)));
        self.found.push(format!("{path}: {theirs} | {ours}"));
    }

    fn models(&mut self, path: &str, theirs: &str, ours: &str) {
        let (a, b) = (self.theirs.get(theirs).copied(), self.ours.get(ours).copied());
        if let Some(definition) = a.or(b)
            && !self.ids.labels.contains_key(theirs)
        {
            self.ids.labels.insert(theirs.to_owned(), label(definition));
        }
        if !self.ids.pair(theirs, ours) {
            let (theirs, ours) = (self.ids.label(theirs), self.ids.our_label(ours));
            return self.found.push(format!("{path}: {theirs} | {ours}, another model"));
        }
        if !self.done.insert(theirs.to_owned()) {
            return;
        }
        let label = self.ids.label(theirs);
        match (a, b) {
            (Some(a), Some(b)) => {
                if a["name"] != b["name"] {
                    self.differ(&format!("the class of {label}"), Some(&a["name"]), Some(&b["name"]));
                }
                self.attributes(&label, a, b);
            }
            (Some(_), None) => self.found.push(format!("{path}: the definition of {label} | a reference")),
            (None, Some(_)) => self.found.push(format!("{path}: a reference | the definition of {label}")),
            (None, None) => {}
        }
    }

    /// Compares two definitions. What one leaves out has its default there.
    fn attributes(&mut self, label: &str, theirs: &Json, ours: &Json) {
        let (a, b) = (&theirs["attributes"], &ours["attributes"]);
        let class = theirs["name"].as_str().unwrap_or_default();
        let is_default =
            |key: &str, value: &Json| default(class, key).is_some_and(|default| defaults::is_same(&default, value));
        let is_told = |others: &Json, key: &str, value: &Json| others.get(key).is_some() || !is_default(key, value);
        let theirs = fields(a).filter(|(key, value)| is_told(b, key, value));
        let ours = fields(b).filter(|(key, value)| is_told(a, key, value));
        self.fields(label, theirs, ours);
    }

    fn maps(&mut self, path: &str, theirs: &Json, ours: &Json) {
        self.fields(path, entries(theirs), entries(ours));
    }

    fn sets(&mut self, path: &str, theirs: &Json, ours: &Json) {
        let items = |json: &Json| -> BTreeSet<String> {
            json["entries"].as_array().into_iter().flatten().map(ToString::to_string).collect()
        };
        if items(theirs) != items(ours) {
            self.differ(path, Some(theirs), Some(ours));
        }
    }

    fn fields<'j>(
        &mut self,
        path: &str,
        theirs: impl Iterator<Item = (Cow<'j, str>, &'j Json)>,
        ours: impl Iterator<Item = (Cow<'j, str>, &'j Json)>,
    ) {
        let theirs: Vec<_> = theirs.collect();
        let ours: BTreeMap<_, _> = ours.collect();
        for (key, a) in &theirs {
            match ours.get(key) {
                Some(b) => self.values(&format!("{path}.{key}"), a, b),
                None => self.differ(&format!("{path}.{key}"), Some(a), None),
            }
        }
        for (key, b) in ours.iter().filter(|(key, _)| theirs.iter().all(|(theirs, _)| theirs != *key)) {
            self.differ(&format!("{path}.{key}"), None, Some(b));
        }
    }
}

/// The fields of an object, if it is one.
fn fields(json: &Json) -> impl Iterator<Item = (Cow<'_, str>, &Json)> {
    json.as_object().into_iter().flatten().map(|(key, value)| (Cow::from(key), value))
}

/// The entries of a map. Keys that are no strings count by their JSON.
fn entries(json: &Json) -> impl Iterator<Item = (Cow<'_, str>, &Json)> {
    let key = |key: &'_ Json| key.as_str().map_or_else(|| key.to_string(), str::to_owned);
    json["entries"].as_array().into_iter().flatten().map(move |entry| (Cow::from(key(&entry[0])), &entry[1]))
}

/// What a model is called in differences: its class, and its property `name`.
pub(super) fn label(definition: &Json) -> String {
    let class = definition["name"].as_str().unwrap_or("?");
    let name = definition["attributes"]["name"].as_str();
    name.map_or_else(|| class.to_owned(), |name| format!("{class}({name})"))
}

/// The id of the model that a value is or refers to.
pub(super) fn model(json: &Json) -> Option<&str> {
    json["id"].as_str().filter(|_| matches!(json["type"].as_str(), None | Some("object" | "ref")))
}

/// Collects the definitions in a value. Of two of the same model the last one counts.
pub(super) fn collect<'a>(json: &'a Json, definitions: &mut Definitions<'a>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| collect(item, definitions)),
        Json::Object(fields) => {
            if let Some(id) = model(json).filter(|_| json["type"] == "object") {
                definitions.insert(id, json);
            }
            fields.values().for_each(|value| collect(value, definitions));
        }
        _ => {}
    }
}
