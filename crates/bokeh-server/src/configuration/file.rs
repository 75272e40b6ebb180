//! Files of names and values.

use std::collections::BTreeMap;
use std::path::Path;

use saphyr::{MarkedYaml, ScalarStyle, YamlData, YamlLoader};
use saphyr_parser::Parser;

use super::error::ConfigurationError;

/// What a file says.
#[derive(Clone, Debug, Default)]
pub(super) struct File(BTreeMap<String, Entry>);

/// A value in a file.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Such as `conf.yaml, line 3`.
    pub(super) place: String,
    pub(super) value: Scalar,
}

/// A value as YAML has it. Numbers are left as they are written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Text(String),
    List(Vec<String>),
    /// Something that no setting can be.
    Other,
}

impl File {
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, ConfigurationError> {
        let place = |line: usize| format!("{}, line {line}", path.display());
        let wrong = |line, reason: String| ConfigurationError::Syntax { place: place(line), reason };
        let mut loader = YamlLoader::<MarkedYaml<'_>>::default();
        loader.early_parse(false);
        // The last counts, as in Python.
        loader.allow_duplicate_keys(true);
        let loaded = Parser::new_from_str(text).load(&mut loader, true);
        if let Some(error) = loaded.err().or_else(|| loader.error().cloned()) {
            return Err(wrong(error.marker().line(), error.info().to_owned()));
        }
        let documents = loader.into_documents();
        let Some(root) = documents.first() else { return Ok(Self::default()) };
        let entries = match &root.data {
            YamlData::Mapping(entries) => entries,
            _ if scalar(root) == Scalar::Null => return Ok(Self::default()),
            _ => return Err(wrong(root.span.start.line(), "there are no names".to_owned())),
        };
        let entry = |(name, value): (&MarkedYaml<'_>, &MarkedYaml<'_>)| {
            let line = name.span.start.line();
            match &name.data {
                YamlData::Representation(text, ..) => {
                    Ok((text.to_string(), Entry { place: place(line), value: scalar(value) }))
                }
                _ => Err(wrong(line, "a name is no text".to_owned())),
            }
        };
        Ok(Self(entries.iter().map(entry).collect::<Result<_, _>>()?))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.0.get(name)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.0.iter().map(|(name, entry)| (name.as_str(), entry))
    }
}

/// A value as YAML 1.1 reads it, whose plain `no` is no text: Bokeh's library does.
fn scalar(yaml: &MarkedYaml<'_>) -> Scalar {
    match &yaml.data {
        YamlData::Representation(text, ScalarStyle::Plain, None) => match text.as_ref() {
            "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
            "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
            "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
            text => Scalar::Text(text.to_owned()),
        },
        YamlData::Representation(text, ..) => Scalar::Text(text.to_string()),
        YamlData::Sequence(items) => {
            let text = |item: &MarkedYaml<'_>| match scalar(item) {
                Scalar::Text(text) => Some(text),
                _ => None,
            };
            items.iter().map(text).collect::<Option<_>>().map_or(Scalar::Other, Scalar::List)
        }
        _ => Scalar::Other,
    }
}
