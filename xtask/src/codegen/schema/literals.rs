//! Default values as constants.

use anyhow::{Context, bail};
use serde_json::{Map, Value};

use super::names::class_static;

/// The `Lit` for a value in its wire form.
pub(in crate::codegen) fn literal(wire: &Value) -> anyhow::Result<String> {
    Ok(match wire {
        Value::Null => "Lit::Null".to_owned(),
        Value::Bool(value) => format!("Lit::Bool({value})"),
        Value::Number(number) => match number.as_i64() {
            Some(value) => format!("Lit::Int({value})"),
            None => format!("Lit::Float({:?})", number.as_f64().context("a number too large for a float")?),
        },
        Value::String(text) => format!("Lit::Str({text:?})"),
        Value::Array(items) => format!("Lit::List(&[{}])", literals(items)?),
        Value::Object(rep) => object(rep)?,
    })
}

fn object(rep: &Map<String, Value>) -> anyhow::Result<String> {
    let text = |key: &str| rep.get(key).and_then(Value::as_str).with_context(|| format!("{key} is not a string"));
    let entries = || rep.get("entries").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    Ok(match text("type")? {
        "number" => match text("value")? {
            "nan" => "Lit::Float(f64::NAN)".to_owned(),
            "+inf" => "Lit::Float(f64::INFINITY)".to_owned(),
            "-inf" => "Lit::Float(f64::NEG_INFINITY)".to_owned(),
            other => bail!("unknown number {other:?}"),
        },
        "set" => format!("Lit::Set(&[{}])", literals(entries())?),
        "map" => {
            let pairs = entries()
                .iter()
                .map(|entry| Ok(format!("({})", literals(entry.as_array().context("an entry is not a pair")?)?)));
            format!("Lit::Map(&[{}])", pairs.collect::<anyhow::Result<Vec<_>>>()?.join(", "))
        }
        "object" => {
            let attributes = rep.get("attributes").and_then(Value::as_object).into_iter().flatten();
            let pairs = attributes.map(|(name, value)| Ok(format!("({name:?}, {})", literal(value)?)));
            let pairs = pairs.collect::<anyhow::Result<Vec<_>>>()?.join(", ");
            format!("Lit::Model(&classes::{}, &[{pairs}])", class_static(text("name")?))
        }
        "value" if rep.len() == 2 => format!("Lit::SpecValue(&{})", literal(&rep["value"])?),
        "field" if rep.len() == 2 => format!("Lit::SpecField({:?})", text("field")?),
        other => bail!("a default of the form {other:?} has no literal yet"),
    })
}

fn literals(items: &[Value]) -> anyhow::Result<String> {
    Ok(items.iter().map(literal).collect::<anyhow::Result<Vec<_>>>()?.join(", "))
}
