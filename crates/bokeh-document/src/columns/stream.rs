//! Appending rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use bokeh_protocol::{Array, ArrayData, DType, Form, Map, SharedVec, Text, Value};

use super::dtype::{Elements, array_of};
use super::{Column, ColumnError, name};

/// Whether streaming begins by making the columns: the source has none yet.
pub(crate) fn creates_columns(columns: &Map) -> bool {
    columns.is_empty()
}

/// Whether `rows` can be appended to `columns`.
pub(crate) fn check_stream(columns: &Map, rows: &Map) -> Result<(), ColumnError> {
    check_names(columns, rows)?;
    for (key, column) in columns.entries() {
        Column::of(name(key)?, column)?;
    }
    let mut first: Option<(&Text, usize)> = None;
    for (key, values) in rows.entries() {
        let column = name(key)?;
        let got = Column::of(column, values)?.len();
        let (first, expected) = *first.get_or_insert((column, got));
        if got != expected {
            return Err(ColumnError::Lengths { first: first.clone(), expected, column: column.clone(), got });
        }
    }
    Ok(())
}

/// Appends rows, then drops the oldest until at most `rollover` are left. On an error nothing has changed.
///
/// Appending `k` rows to columns that nobody else holds costs `O(k)`, unless the type of an array's elements changes.
pub(crate) fn stream(columns: &mut Map, rows: &Map, rollover: Option<usize>) -> Result<(), ColumnError> {
    advance(columns, rows, rollover).map(drop)
}

/// Does what [`stream`] does, and answers the columns as they were, which share what they can with those that they are now:
/// a clone made before would have to be copied.
pub(crate) fn advance(columns: &mut Map, rows: &Map, rollover: Option<usize>) -> Result<Map, ColumnError> {
    if rollover == Some(0) {
        return Err(ColumnError::Rollover(0));
    }
    check_stream(columns, rows)?;
    let creates = creates_columns(columns);
    // In the order of the columns, which rows need not have.
    let mut old: Map = columns.keys().map(|column| (Text::from(column), Value::default())).collect();
    for (key, rows) in rows.entries() {
        let column = name(key)?;
        if creates {
            columns.insert(column.clone(), Value::List(SharedVec::default()));
        }
        if let Some(values) = columns.get_mut(column) {
            let before = append(values, rows, rollover);
            if let Some(old) = old.get_mut(column) {
                *old = before;
            }
        }
    }
    Ok(old)
}

/// Whether BokehJS computes the same columns from the same rows. Where it does not, it must be sent the result.
///
/// BokehJS never changes the type of a typed array's elements, so that values are truncated; and it never makes a
/// typed array shorter, so that rows beyond the rollover stay behind with stale values.
pub(crate) fn streams_alike(columns: &Map, rows: &Map, rollover: Option<usize>) -> bool {
    let none = Value::List(SharedVec::default());
    rows.entries().iter().all(|(key, rows)| {
        let column = key.as_str().and_then(|name| columns.get(name)).unwrap_or(&none);
        match (column, rows) {
            (Value::List(_), Value::List(_)) => true,
            (Value::List(column), Value::Array(_)) => column.is_empty(),
            (Value::Array(column), Value::Array(_) | Value::List(_)) => {
                let is_list = |dtype| dtype == DType::Object;
                let rows_are_list = rows.as_array().is_none_or(|rows| is_list(rows.dtype()));
                if is_list(column.dtype()) {
                    rows_are_list && !(column.is_empty() && rows.as_array().is_none())
                } else {
                    appended(column, rows) == Some(column.dtype()) && rollover.is_none_or(|n| column.len() <= n)
                }
            }
            _ => false,
        }
    })
}

/// The type of an array's elements once `rows` have been appended; `None` when the result is no array of one type
/// that is known beforehand.
fn appended(column: &Array, rows: &Value) -> Option<DType> {
    let elements = match rows {
        Value::List(rows) if rows.is_empty() => return Some(column.dtype()),
        Value::List(_) if column.is_empty() => return None,
        Value::Array(rows) if rows.is_empty() && !column.is_empty() => return Some(column.dtype()),
        Value::Array(rows) if column.is_empty() => return Some(rows.dtype()),
        Value::List(rows) => Elements::of_list(rows),
        Value::Array(rows) => Elements::Of(rows.dtype()),
        _ => return None,
    };
    match elements.with(Elements::Of(column.dtype())) {
        Elements::Of(dtype) => Some(dtype),
        Elements::Int64 => None,
    }
}

fn check_names(columns: &Map, rows: &Map) -> Result<(), ColumnError> {
    let (old, new) = (names(columns)?, names(rows)?);
    if old.is_empty() || old == new {
        return Ok(());
    }
    let difference = |a: &BTreeSet<&Text>, b: &BTreeSet<&Text>| a.difference(b).map(|name| (*name).clone()).collect();
    Err(ColumnError::Columns { missing: difference(&old, &new), unknown: difference(&new, &old) })
}

fn names(map: &Map) -> Result<BTreeSet<&Text>, ColumnError> {
    let mut names = BTreeSet::new();
    for (key, _) in map.entries() {
        let name = name(key)?;
        if !names.insert(name) {
            return Err(ColumnError::Repeated(name.clone()));
        }
    }
    Ok(names)
}

/// Appends, and answers what the column was.
fn append(column: &mut Value, rows: &Value, rollover: Option<usize>) -> Value {
    match (&mut *column, rows) {
        (Value::List(column), Value::List(rows)) => Value::List(column.advance(rows, rollover)),
        (Value::Array(column), rows)
            if !column.is_empty() && !is_empty(rows) && appended(column, rows) == Some(column.dtype()) =>
        {
            Value::from(extend(Arc::make_mut(column), rows, rollover))
        }
        _ => {
            let old = column.clone();
            append_others(column, rows);
            if let Some(n) = rollover {
                keep_last(column, n);
            }
            old
        }
    }
}

/// Appends where there is nothing on one side, or where the elements get another type.
fn append_others(column: &mut Value, rows: &Value) {
    if is_empty(column) {
        *column = rows.clone();
    } else if !is_empty(rows) {
        let elements = elements(column).with(elements(rows));
        let values = values(column).into_iter().chain(values(rows)).collect();
        *column = Value::from(array_of(elements, values));
    }
}

fn is_empty(column: &Value) -> bool {
    match column {
        Value::List(items) => items.is_empty(),
        Value::Array(array) => array.is_empty(),
        _ => false,
    }
}

fn elements(column: &Value) -> Elements {
    match column {
        Value::List(items) => Elements::of_list(items),
        Value::Array(array) => Elements::Of(array.dtype()),
        _ => Elements::Of(DType::Object),
    }
}

fn values(column: &Value) -> Vec<Value> {
    match column {
        Value::List(items) => items.to_vec(),
        Value::Array(array) => array.values().collect(),
        _ => Vec::new(),
    }
}

/// Appends in place what the array's element type holds, and answers what the array was.
fn extend(array: &mut Array, rows: &Value, rollover: Option<usize>) -> Array {
    let (dtype, form) = (array.dtype(), array.form());
    let rows = match rows {
        Value::Array(rows) if rows.dtype() == dtype => rows.data().clone(),
        rows => array_of(Elements::Of(dtype), values(rows)).data().clone(),
    };
    macro_rules! advance {
        ($($dtype:ident),*) => {
            match (array.data_mut(), rows) {
                $((ArrayData::$dtype(items), ArrayData::$dtype(rows)) => {
                    ArrayData::$dtype(items.advance(&rows, rollover))
                })*
                (items, _) => {
                    debug_assert!(false, "the rows were converted to the type of the array");
                    items.clone()
                }
            }
        };
    }
    let old = Array::new(advance!(Bool, Uint8, Int8, Uint16, Int16, Uint32, Int32, Float32, Float64, Object));
    match form {
        Form::NdArray => old,
        Form::TypedArray => old.into_typed_array(),
    }
}

fn keep_last(column: &mut Value, n: usize) {
    match column {
        Value::List(items) => items.keep_last(n),
        Value::Array(array) if array.len() > n => match Arc::make_mut(array).data_mut() {
            ArrayData::Bool(items) | ArrayData::Uint8(items) => items.keep_last(n),
            ArrayData::Int8(items) => items.keep_last(n),
            ArrayData::Uint16(items) => items.keep_last(n),
            ArrayData::Int16(items) => items.keep_last(n),
            ArrayData::Uint32(items) => items.keep_last(n),
            ArrayData::Int32(items) => items.keep_last(n),
            ArrayData::Float32(items) => items.keep_last(n),
            ArrayData::Float64(items) => items.keep_last(n),
            ArrayData::Object(items) => items.keep_last(n),
        },
        _ => {}
    }
}
