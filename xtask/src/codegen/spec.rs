//! The specification of Bokeh's models, as it is written in JSON.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What the generators need of the specification.
#[derive(Debug, Deserialize)]
pub(super) struct Spec {
    pub(super) bokeh_version: String,
    /// By qualified name, mixins included.
    pub(super) models: BTreeMap<String, Class>,
    pub(super) enums: BTreeMap<String, Enum>,
    /// By class name, abstract ones included.
    pub(super) events: BTreeMap<String, Event>,
    /// What types that count as one are made of.
    pub(super) kind_definitions: BTreeMap<String, Type>,
    /// Types that have a name in Bokeh.
    pub(super) aliases: BTreeMap<String, Type>,
    /// Hexadecimal RGB strings by name.
    pub(super) named_colors: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Class {
    pub(super) name: String,
    pub(super) module: String,
    pub(super) is_model: bool,
    #[serde(rename = "abstract")]
    pub(super) is_abstract: bool,
    pub(super) bases: Vec<String>,
    /// The class itself first.
    pub(super) mro: Vec<String>,
    pub(super) properties: Vec<Property>,
    pub(super) overrides: BTreeMap<String, DefaultEntry>,
    /// Inherited ones included; empty for abstract classes.
    #[serde(default)]
    pub(super) always_sent: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Property {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: Type,
    #[serde(default)]
    pub(super) default: DefaultEntry,
    #[serde(default, rename = "readonly")]
    pub(super) is_readonly: bool,
    #[serde(default = "yes", rename = "serialized")]
    pub(super) is_serialized: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct DefaultEntry {
    /// The value as it is sent; none for a property without a default.
    #[serde(default, deserialize_with = "present")]
    pub(super) wire: Option<Value>,
}

/// A tree of property types. Which members are there depends on `kind`.
#[derive(Debug, Deserialize)]
pub(super) struct Type {
    pub(super) kind: String,
    pub(super) alias: Option<String>,
    pub(super) alias_of: Option<String>,
    pub(super) of: Option<Of>,
    #[serde(rename = "enum")]
    pub(super) enum_name: Option<String>,
    /// The members of an enumeration without a name: strings or integers.
    #[serde(default)]
    pub(super) values: Vec<Value>,
    pub(super) key: Option<Box<Type>>,
    pub(super) value: Option<Box<Type>>,
    pub(super) units: Option<Units>,
    #[serde(default)]
    pub(super) fields: BTreeMap<String, StructField>,
    pub(super) pattern: Option<String>,
    pub(super) start: Option<f64>,
    pub(super) end: Option<f64>,
}

/// What a type is made of.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Of {
    Class(String),
    Types(Vec<Type>),
    Type(Box<Type>),
}

#[derive(Debug, Deserialize)]
pub(super) struct Units {
    #[serde(rename = "enum")]
    pub(super) enum_name: String,
    pub(super) default: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct StructField {
    #[serde(rename = "type")]
    pub(super) kind: Type,
    #[serde(rename = "optional")]
    pub(super) is_optional: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Enum {
    pub(super) values: Vec<String>,
    #[serde(rename = "case_sensitive")]
    pub(super) is_case_sensitive: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Event {
    pub(super) name: String,
    /// The name on the wire; none for abstract events.
    pub(super) event_name: Option<String>,
    pub(super) bases: Vec<String>,
    pub(super) params: Vec<Param>,
    #[serde(default)]
    pub(super) only_for: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Param {
    pub(super) name: String,
    #[serde(rename = "optional")]
    pub(super) is_optional: bool,
}

impl Spec {
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} does not have the expected form", path.display()))
    }
}

/// Tells a null from what is not there.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn yes() -> bool {
    true
}
