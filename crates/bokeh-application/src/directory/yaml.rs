//! YAML as the JSON that it stands for.

use saphyr::{Scalar, Yaml, YamlLoader};
use saphyr_parser::Parser;
use serde_json::{Map, Value};

/// What is wrong and where.
#[derive(Debug, PartialEq)]
pub(super) struct YamlError(pub(super) String);

/// The first document of a text; an empty text is null.
pub(super) fn to_json(text: &str) -> Result<Value, YamlError> {
    let mut loader = YamlLoader::<Yaml<'_>>::default();
    // Themes say `!!null` with nothing behind it, which YAML allows and the loader would not.
    loader.early_parse(false);
    Parser::new_from_str(text).load(&mut loader, true).map_err(|error| YamlError(error.to_string()))?;
    match loader.error() {
        Some(error) => Err(YamlError(error.to_string())),
        None => loader.into_documents().first().map_or(Ok(Value::Null), json),
    }
}

fn json(yaml: &Yaml<'_>) -> Result<Value, YamlError> {
    Ok(match yaml {
        Yaml::Representation(_, _, Some(tag)) if tag.is_yaml_core_schema() && tag.suffix == "null" => Value::Null,
        Yaml::Representation(text, style, tag) => {
            let value = Scalar::parse_from_cow_and_metadata(text.as_ref().into(), *style, tag.as_ref());
            scalar(&value.ok_or_else(|| YamlError(format!("{text:?} is not what its tag says")))?)
        }
        Yaml::Value(value) => scalar(value),
        Yaml::Sequence(items) => Value::Array(items.iter().map(json).collect::<Result<_, _>>()?),
        Yaml::Mapping(entries) => {
            let entry = |(key, value): (&Yaml<'_>, &Yaml<'_>)| Ok((name(key)?, json(value)?));
            Value::Object(entries.iter().map(entry).collect::<Result<Map<_, _>, YamlError>>()?)
        }
        Yaml::Tagged(_, value) => json(value)?,
        Yaml::Alias(_) => return Err(YamlError("an alias names nothing that stands before it".to_owned())),
        Yaml::BadValue => return Err(YamlError("a value is not what its tag says".to_owned())),
    })
}

fn scalar(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => (*value).into(),
        Scalar::Integer(value) => (*value).into(),
        Scalar::FloatingPoint(value) => value.into_inner().into(),
        Scalar::String(text) => text.as_ref().into(),
    }
}

fn name(key: &Yaml<'_>) -> Result<String, YamlError> {
    match json(key)? {
        Value::String(name) => Ok(name),
        other => Err(YamlError(format!("the key {other} is no name"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_is_read_as_bokeh_reads_it() {
        for (yaml, expected) in [
            ("", Ok(Value::Null)),
            ("# only a comment\n", Ok(Value::Null)),
            ("a: 1\nb: -2.5\nc: .3\nd: true", Ok(json!({"a": 1, "b": -2.5, "c": 0.3, "d": true}))),
            ("a: !!null\nb: ~\nc: null\nd:", Ok(json!({"a": null, "b": null, "c": null, "d": null}))),
            ("a: '#2F2F2F'\nb: \"1\"\nc: bold", Ok(json!({"a": "#2F2F2F", "b": "1", "c": "bold"}))),
            ("a: [6, 4]\nb:\n  - x\n  - {y: z}", Ok(json!({"a": [6, 4], "b": ["x", {"y": "z"}]}))),
            ("a: &x {b: 1}\nc: *x", Ok(json!({"a": {"b": 1}, "c": {"b": 1}}))),
            ("a: [1", Err(())),
            ("1: a", Err(())),
            ("a: !!int x", Err(())),
        ] {
            assert_eq!(to_json(yaml).map_err(drop), expected, "{yaml}");
        }
    }
}
