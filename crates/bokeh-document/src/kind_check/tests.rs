use std::collections::HashMap;
use std::sync::Arc;

use bokeh_protocol::{Array, Begun, Decoder, ModelId, ModelReader, Spec, SpecKind, Text, Value};
use bokeh_schema::{ClassDef, Kind, class, classes};
use serde_json::{Value as Json, json};

use super::{ModelClasses, accept};

/// Values given to properties of real Bokeh 3.9.2, whether it accepted them, and what it made of them for data specs.
/// The id of a model is the name of its class.
const VERDICTS: &str = include_str!("../../tests/vectors/kinds.json");

/// Where we decide otherwise than Bokeh, and why.
const DIFFERENCES: &[(&str, &str, &str, &str)] = &[];

/// Models whose index stands for their class.
#[derive(Default)]
struct Models {
    classes: Vec<&'static ClassDef>,
    by_name: HashMap<String, ModelId>,
}

impl ModelReader for Models {
    fn reference(&mut self, id: &str) -> Option<ModelId> {
        Some(self.of(class(id)?))
    }

    fn begin(&mut self, class: &str, _id: &str) -> Result<Begun, String> {
        Err(format!("{class} is defined"))
    }

    fn finish(&mut self, _model: ModelId, _attributes: Vec<(Text, Value)>) -> Result<(), String> {
        Ok(())
    }
}

impl ModelClasses for Models {
    fn is_a(&self, model: ModelId, class: &'static ClassDef) -> bool {
        self.classes[model.index as usize].is_a(class)
    }

    fn class_name(&self, model: ModelId) -> Option<&str> {
        Some(self.classes[model.index as usize].name())
    }
}

impl Models {
    fn of(&mut self, class: &'static ClassDef) -> ModelId {
        let next = ModelId { document: 1, index: u32::try_from(self.classes.len()).unwrap() };
        *self.by_name.entry(class.name().to_owned()).or_insert_with(|| {
            self.classes.push(class);
            next
        })
    }

    fn decode(&mut self, json: &Json) -> Result<Value, String> {
        Decoder::new(self, &[]).value(json).map_err(|error| error.to_string())
    }
}

fn check(kind: &Kind, json: &Json) -> Result<Value, String> {
    let mut models = Models::default();
    let value = models.decode(json)?;
    accept(kind, value, &models).map_err(|error| error.to_string())
}

#[test]
fn the_verdicts_are_those_of_bokeh() {
    let rows: Vec<Json> = serde_json::from_str(VERDICTS).unwrap();
    let mut wrong = Vec::new();
    for row in &rows {
        let (model, property) = (row["model"].as_str().unwrap(), row["property"].as_str().unwrap());
        let kind = class(model).unwrap().property(property).unwrap().kind();
        let verdict = check(&kind, &row["value"]);
        let value = row["value"].to_string();
        let is_listed = DIFFERENCES.iter().any(|(m, p, v, _)| (*m, *p, *v) == (model, property, &*value));
        if verdict.is_ok() != row["accepted"].as_bool().unwrap() && !is_listed {
            wrong.push(format!("(\"{model}\", \"{property}\", r#\"{value}\"#, \"\"), {verdict:?}"));
        }
        if let (Ok(got), Some(stored)) = (&verdict, row.get("stored")) {
            let expected = Models::default().decode(stored).unwrap();
            if !got.matches(&expected) {
                wrong.push(format!("{model}.{property} = {value} {got:?} {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
