//! Every property of every class: what its type reads can be written back, and is the default.

mod all;

use std::marker::PhantomData;

use bokeh_document::{Document, GetError};
use bokeh_models::{FromValue, IntoProp, Prop};
use bokeh_protocol::{ModelId, Object, Value};

pub(crate) type Problems = Vec<String>;

macro_rules! round_trips {
    ($doc:ident, $problems:ident, $concrete:literal $handle:ident: $($token:ident)*) => {{
        let model = $crate::properties::insert($doc, $concrete);
        $($crate::properties::round_trip($doc, $problems, model, $crate::properties::parts($handle::$token));)*
    }};
}
use round_trips;

#[test]
fn every_default_is_read_by_its_type_and_can_be_written_back() {
    let mut doc = Document::new();
    let mut problems = Problems::new();
    all::all(&mut doc, &mut problems);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn insert(doc: &mut Document, class: &'static str) -> ModelId {
    doc.add(Object { name: class.into(), id: None, attributes: Vec::new() })
}

fn parts<M, T>(prop: Prop<M, T>) -> (&'static str, PhantomData<T>) {
    (prop.name(), PhantomData)
}

fn round_trip<T: FromValue + IntoProp<T>>(
    doc: &mut Document,
    problems: &mut Problems,
    model: ModelId,
    (name, _): (&'static str, PhantomData<T>),
) {
    let place = format!("{}.{name}", doc.class_name(model).unwrap_or("?"));
    let value = match doc.value(model, name) {
        Ok(value) => value,
        Err(GetError::Unset { .. }) => return,
        Err(error) => return problems.push(format!("{place}: {error}")),
    };
    let Some(read) = T::from_value(&value) else {
        return problems.push(format!("{place}: {value:?} is no {}", std::any::type_name::<T>()));
    };
    let written = read.into_prop();
    if !same(&written, &value) {
        problems.push(format!("{place}: {value:?} became {written:?}"));
    }
    if let Err(error) = doc.set_value(model, name, written) {
        problems.push(error.to_string());
    }
}

/// Sets are written as lists, dash patterns by their lengths.
fn same(written: &Value, value: &Value) -> bool {
    match (written, value) {
        (Value::List(a), Value::Set(b)) => a.iter().eq(b.iter()),
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
        (a, b) => a.matches(b),
    }
}
