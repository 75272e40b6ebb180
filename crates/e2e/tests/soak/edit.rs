//! Random edits of a document, by whoever has a copy.

use bokeh_document::Document;
use bokeh_protocol::{Array, Map, ModelId, PatchIndex, Value};

use crate::app::object;
use crate::dice::Dice;

/// Makes one edit. Which ones are possible depends on what the others have left.
pub(crate) fn edit(doc: &mut Document, dice: &mut Dice) {
    let number = dice.below(1000);
    match dice.below(16) {
        0..=3 => write(doc, number, dice),
        4 => replace_children(doc, dice),
        5 | 6 => add_child(doc, number, dice),
        7 | 8 => stream(doc, number, dice),
        9 | 10 => patch(doc, number, dice),
        11 => replace_data(doc, number, dice),
        12 => replace_column(doc, number, dice),
        13 => add_root(doc, number, dice),
        14 => remove_root(doc, dice),
        _ => doc.set_title(format!("title {number}")),
    }
}

/// Two columns of the same values: a typed array and a list.
pub(crate) fn columns(values: &[f64]) -> Map {
    let list: Value = values.iter().map(|value| Value::from(*value)).collect();
    Map::from_iter([("x", Value::from(Array::from(values.to_vec()))), ("y", list)])
}

fn write(doc: &mut Document, number: u32, dice: &mut Dice) {
    let Some(model) = dice.pick(&models(doc)) else { return };
    let (property, value) = match doc.class_name(model) {
        Some("Slider") => ("value", Value::from(i64::from(number))),
        Some("Div") => ("text", Value::from(format!("text {number}"))),
        _ => ("tags", Value::from_iter([Value::from(i64::from(number))])),
    };
    doc.set_value(model, property, value).unwrap();
}

/// Other children in another order, of all that could be, in or out of view elsewhere.
fn replace_children(doc: &mut Document, dice: &mut Dice) {
    let Some(row) = dice.pick(&of(doc, &["Row"])) else { return };
    let candidates = of(doc, &["Div", "Slider", "Row"]);
    let mut children = Vec::new();
    for _child in 0..dice.below(4) {
        // A row in itself would never be drawn.
        children.extend(dice.pick(&candidates).filter(|child| *child != row && !children.contains(child)));
    }
    doc.set_value(row, "children", children.into_iter().map(Value::Model).collect()).unwrap();
}

fn add_child(doc: &mut Document, number: u32, dice: &mut Dice) {
    let Some(row) = dice.pick(&of(doc, &["Row"])) else { return };
    let div = object("Div", [("text", format!("new {number}").into())]);
    let new = if dice.once_in(4) { object("Row", [("children", Value::from_iter([Value::from(div)]))]) } else { div };
    let mut children = doc.value(row, "children").unwrap().as_list().unwrap_or_default().to_vec();
    children.truncate(MAX_CHILDREN - 1);
    children.push(new.into());
    doc.set_value(row, "children", children.into()).unwrap();
}

fn stream(doc: &mut Document, number: u32, dice: &mut Dice) {
    if let Some(source) = dice.pick(&of(doc, &["ColumnDataSource"])) {
        let rows = vec![f64::from(number); 1 + dice.below(5) as usize];
        let rollover = 1 + dice.below(MAX_ROWS) as usize;
        doc.stream(source, &columns(&rows), Some(rollover)).unwrap();
    }
}

fn patch(doc: &mut Document, number: u32, dice: &mut Dice) {
    let Some(source) = dice.pick(&of(doc, &["ColumnDataSource"])) else { return };
    let n_rows = n_rows(doc, source);
    if n_rows > 0 {
        let column = if dice.once_in(2) { "x" } else { "y" };
        let row = PatchIndex::Row(i64::from(dice.below(n_rows)));
        doc.patch(source, vec![(column.into(), vec![(row, f64::from(number).into())])]).unwrap();
    }
}

fn replace_data(doc: &mut Document, number: u32, dice: &mut Dice) {
    if let Some(source) = dice.pick(&of(doc, &["ColumnDataSource"])) {
        let rows = vec![f64::from(number); dice.below(10) as usize];
        doc.set_value(source, "data", columns(&rows).into()).unwrap();
    }
}

fn replace_column(doc: &mut Document, number: u32, dice: &mut Dice) {
    if let Some(source) = dice.pick(&of(doc, &["ColumnDataSource"])) {
        let x = Array::from(vec![f64::from(number); n_rows(doc, source) as usize]);
        doc.set_columns(source, &Map::from_iter([("x", Value::from(x))])).unwrap();
    }
}

/// A new root, or one that is elsewhere in the document.
fn add_root(doc: &mut Document, number: u32, dice: &mut Dice) {
    if doc.roots().len() >= MAX_ROOTS {
        remove_root(doc, dice);
    }
    if dice.once_in(2) {
        doc.add_root(object("Div", [("text", format!("root {number}").into())]));
    } else if let Some(model) = dice.pick(&of(doc, &["Div", "Slider", "Row"])) {
        doc.add_root(model);
    }
}

fn remove_root(doc: &mut Document, dice: &mut Dice) {
    if let Some(root) = dice.pick(doc.roots()) {
        doc.remove_root(root);
    }
}

/// All models, in the order of their ids.
fn models(doc: &Document) -> Vec<ModelId> {
    let mut models: Vec<ModelId> = doc.models().collect();
    models.sort_by_cached_key(|model| doc.wire_id(*model).map(str::to_owned));
    models
}

fn of(doc: &Document, classes: &[&str]) -> Vec<ModelId> {
    models(doc)
        .into_iter()
        .filter(|model| doc.class_name(*model).is_some_and(|class| classes.contains(&class)))
        .collect()
}

/// How many rows the shorter of the two columns has.
fn n_rows(doc: &Document, source: ModelId) -> u32 {
    let data = doc.data(source).unwrap();
    let lengths = data.entries().iter().filter_map(|(_, column)| match column {
        Value::List(items) => Some(items.len()),
        Value::Array(array) => Some(array.len()),
        _ => None,
    });
    u32::try_from(lengths.min().unwrap_or_default()).unwrap()
}

const MAX_CHILDREN: usize = 6;
const MAX_ROOTS: usize = 12;
const MAX_ROWS: u32 = 50;
