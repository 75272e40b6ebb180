//! Replacing entries.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use bokeh_protocol::{Array, ArrayData, DType, Map, PatchIndex, SharedVec, Slice, Text, Value};

use super::dtype::convert;
use super::{Column, ColumnError};

/// For each column the places and their new values.
type Patches = [(Text, Vec<(PatchIndex, Value)>)];

/// Whether `patches` fit `columns`.
pub(crate) fn check_patch(columns: &Map, patches: &Patches) -> Result<(), ColumnError> {
    edits(columns, patches).map(drop)
}

/// Replaces entries of columns. On an error nothing has changed.
///
/// Patching `k` entries of columns that nobody else holds costs `O(k)`.
pub(crate) fn patch(columns: &mut Map, patches: &Patches) -> Result<(), ColumnError> {
    for edit in edits(columns, patches)? {
        if let Some(column) = columns.get_mut(edit.column) {
            edit.apply(column);
        }
    }
    Ok(())
}

/// The same patches as BokehJS must be sent them: what goes into an array within a column is a flat list there, even
/// when it is a single value.
pub(crate) fn flatten_values(patches: &mut Patches) {
    for (index, value) in patches.iter_mut().flat_map(|(_, patches)| patches) {
        if matches!(index, PatchIndex::Multi(_)) && !is_flat(value) {
            *value = Value::List(flat(value).into());
        }
    }
}

/// One checked replacement.
struct Edit<'a> {
    column: &'a Text,
    place: Place,
    /// As many as there are places, of the element type that is there.
    values: ArrayData,
}

/// Some entries of a column, or of an array within it.
struct Place {
    /// The row that holds the array; `None` when the entries are rows.
    item: Option<usize>,
    /// The rows of a matrix: one for anything flat.
    outer: Steps,
    /// The length of the matrix's rows.
    width: usize,
    inner: Steps,
}

#[derive(Clone)]
struct Steps {
    range: Range<usize>,
    step: usize,
}

/// Checks patches against the columns as they are now. Neither lengths nor element types change while they are
/// applied, so that all can be checked beforehand.
fn edits<'a>(columns: &Map, patches: &'a Patches) -> Result<Vec<Edit<'a>>, ColumnError> {
    let unknown = patches.iter().map(|(column, _)| column).filter(|column| columns.get(column).is_none());
    let unknown: Vec<Text> = unknown.cloned().collect();
    if !unknown.is_empty() {
        return Err(ColumnError::UnknownColumns(unknown));
    }
    let mut edits = Vec::new();
    let mut names = BTreeSet::new();
    for (name, patches) in patches {
        if !names.insert(name) {
            return Err(ColumnError::Repeated(name.clone()));
        }
        let Some(column) = columns.get(name) else { continue };
        let column = Column::of(name, column)?;
        let mut replaced = BTreeSet::new();
        let has_items = patches.iter().any(|(index, _)| matches!(index, PatchIndex::Multi(_)));
        for (index, value) in patches {
            let edit = edit(name, &column, index, value)?;
            match edit.place.item {
                Some(row) if replaced.contains(&row) => {
                    return Err(ColumnError::Replaced { column: name.clone(), row });
                }
                None if has_items => replaced.extend(edit.place.indices()),
                _ => {}
            }
            edits.push(edit);
        }
    }
    Ok(edits)
}

fn edit<'a>(name: &'a Text, column: &Column<'_>, index: &PatchIndex, value: &Value) -> Result<Edit<'a>, ColumnError> {
    let dtype = match column {
        Column::List(_) => DType::Object,
        Column::Array(array) => array.dtype(),
    };
    match index {
        PatchIndex::Row(row) => {
            let place = Place::flat(row_steps(name, *row, column.len())?);
            let values = SharedVec::from(vec![value.clone()]);
            Ok(Edit { column: name, place, values: elements(name, dtype, &values)? })
        }
        PatchIndex::Slice(slice) => {
            let place = Place::flat(slice_steps(name, *slice, column.len())?);
            let values = match value {
                Value::List(values) => elements(name, dtype, values)?,
                Value::Array(array) if array.n_dims() == 1 => array_elements(name, dtype, array)?,
                other => {
                    return Err(ColumnError::NotAList { column: name.clone(), found: other.kind_name() });
                }
            };
            Edit { column: name, place, values }.of_right_length()
        }
        PatchIndex::Multi(parts) => {
            let (row, array, parts) = item(name, column, parts)?;
            let place = item_place(name, row, array, parts)?;
            let values = match value {
                Value::Array(values) => array_elements(name, array.dtype(), values)?,
                value => elements(name, array.dtype(), &flat(value).into())?,
            };
            Edit { column: name, place, values }.of_right_length()
        }
    }
}

/// The array that an index of several parts leads into, and the parts for its dimensions.
fn item<'c, 'p>(
    name: &Text,
    column: &Column<'c>,
    parts: &'p [PatchIndex],
) -> Result<(usize, &'c Array, &'p [PatchIndex]), ColumnError> {
    let (row, parts) = match parts {
        [PatchIndex::Row(row), parts @ ..] => (*row, parts),
        _ => return Err(ColumnError::IndexStart(name.clone())),
    };
    let row = row_steps(name, row, column.len())?.range.start;
    let item = match column {
        Column::List(items) => items.get(row),
        Column::Array(array) => match array.data() {
            ArrayData::Object(items) => items.get(row),
            _ => None,
        },
    };
    match item {
        Some(Value::Array(array)) if matches!(array.n_dims(), 1 | 2) => {
            if parts.len() != array.n_dims() {
                let (dimensions, found) = (array.n_dims(), parts.len());
                return Err(ColumnError::Index { column: name.clone(), dimensions, found });
            }
            Ok((row, array, parts))
        }
        other => {
            let found = other.map_or("a number", Value::kind_name);
            Err(ColumnError::NotAnArray { column: name.clone(), row, found })
        }
    }
}

fn item_place(name: &Text, row: usize, array: &Array, parts: &[PatchIndex]) -> Result<Place, ColumnError> {
    let shape = array.shape();
    let mut steps = Vec::with_capacity(parts.len());
    for (part, len) in parts.iter().zip(&shape) {
        steps.push(match part {
            PatchIndex::Row(index) => row_steps(name, *index, *len)?,
            PatchIndex::Slice(slice) => slice_steps(name, *slice, *len)?,
            PatchIndex::Multi(_) => return Err(ColumnError::IndexStart(name.clone())),
        });
    }
    let width = shape.last().copied().unwrap_or(0);
    let inner = steps.pop().unwrap_or(Steps::ONE);
    let outer = steps.pop().unwrap_or(Steps::ONE);
    Ok(Place { item: Some(row), outer, width, inner })
}

fn row_steps(column: &Text, index: i64, len: usize) -> Result<Steps, ColumnError> {
    match usize::try_from(index) {
        Ok(row) if row < len => Ok(Steps { range: row..row + 1, step: 1 }),
        _ => Err(ColumnError::Row { column: column.clone(), index, len }),
    }
}

fn slice_steps(column: &Text, slice: Slice, len: usize) -> Result<Steps, ColumnError> {
    let part = |part: Option<i64>, default| part.map_or(Some(default), |part| usize::try_from(part).ok());
    match (part(slice.start, 0), part(slice.stop, len), part(slice.step, 1)) {
        // A start beyond an open end selects nothing.
        (Some(start), Some(stop), Some(step)) if step > 0 && stop <= len && (start <= stop || slice.stop.is_none()) => {
            Ok(Steps { range: start.min(stop)..stop, step })
        }
        _ => Err(ColumnError::Slice { column: column.clone(), slice, len }),
    }
}

fn elements(column: &Text, dtype: DType, values: &SharedVec<Value>) -> Result<ArrayData, ColumnError> {
    match convert(dtype, values.clone()) {
        Some(array) => Ok(array.data().clone()),
        None => {
            let is_bad = |value: &&Value| convert(dtype, SharedVec::from(vec![(*value).clone()])).is_none();
            let found = values.iter().find(is_bad).map_or("this", Value::kind_name);
            Err(ColumnError::Element { column: column.clone(), dtype, found })
        }
    }
}

fn array_elements(column: &Text, dtype: DType, values: &Array) -> Result<ArrayData, ColumnError> {
    if values.dtype() == dtype {
        return Ok(values.data().clone());
    }
    elements(column, dtype, &values.values().collect())
}

fn is_flat(value: &Value) -> bool {
    match value {
        Value::List(items) => !items.iter().any(|item| matches!(item, Value::List(_) | Value::Array(_))),
        Value::Array(_) => true,
        _ => false,
    }
}

/// The scalars in a value, row by row.
fn flat(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.iter().flat_map(flat).collect(),
        Value::Array(array) => array.values().collect(),
        scalar => vec![scalar.clone()],
    }
}

impl Edit<'_> {
    fn of_right_length(self) -> Result<Self, ColumnError> {
        let (places, values) = (self.place.len(), Array::new(self.values.clone()).len());
        if places == values {
            Ok(self)
        } else {
            Err(ColumnError::Length { column: self.column.clone(), places, values })
        }
    }

    fn apply(&self, column: &mut Value) {
        let Some(row) = self.place.item else { return write(column, self) };
        let items = match column {
            Value::List(items) => items,
            Value::Array(array) => match Arc::make_mut(array).data_mut() {
                ArrayData::Object(items) => items,
                _ => return,
            },
            _ => return,
        };
        if let Some(item) = items.make_mut().get_mut(row) {
            write(item, self);
        }
    }
}

fn write(target: &mut Value, edit: &Edit<'_>) {
    let at = &edit.place;
    let array = match (target, &edit.values) {
        (Value::List(items), ArrayData::Object(values)) => return assign(items, at, values),
        (Value::Array(array), _) => Arc::make_mut(array),
        _ => return,
    };
    match (array.data_mut(), &edit.values) {
        (ArrayData::Bool(items), ArrayData::Bool(values)) => assign(items, at, values),
        (ArrayData::Uint8(items), ArrayData::Uint8(values)) => assign(items, at, values),
        (ArrayData::Int8(items), ArrayData::Int8(values)) => assign(items, at, values),
        (ArrayData::Uint16(items), ArrayData::Uint16(values)) => assign(items, at, values),
        (ArrayData::Int16(items), ArrayData::Int16(values)) => assign(items, at, values),
        (ArrayData::Uint32(items), ArrayData::Uint32(values)) => assign(items, at, values),
        (ArrayData::Int32(items), ArrayData::Int32(values)) => assign(items, at, values),
        (ArrayData::Float32(items), ArrayData::Float32(values)) => assign(items, at, values),
        (ArrayData::Float64(items), ArrayData::Float64(values)) => assign(items, at, values),
        (ArrayData::Object(items), ArrayData::Object(values)) => assign(items, at, values),
        _ => debug_assert!(false, "the values were converted to the type of the array"),
    }
}

fn assign<T: Clone>(items: &mut SharedVec<T>, at: &Place, values: &[T]) {
    let items = items.make_mut();
    // The values come first: without any, a matrix with rows of no width would still have all its rows looked at.
    for (value, index) in values.iter().zip(at.indices()) {
        if let Some(item) = items.get_mut(index) {
            item.clone_from(value);
        }
    }
}

impl Place {
    fn flat(inner: Steps) -> Self {
        Place { item: None, outer: Steps::ONE, width: 0, inner }
    }

    fn len(&self) -> usize {
        self.outer.len() * self.inner.len()
    }

    /// Flat indices in C order.
    fn indices(&self) -> impl Iterator<Item = usize> {
        self.outer.iter().flat_map(move |row| self.inner.iter().map(move |column| row * self.width + column))
    }
}

impl Steps {
    const ONE: Steps = Steps { range: 0..1, step: 1 };

    fn len(&self) -> usize {
        self.range.len().div_ceil(self.step)
    }

    fn iter(&self) -> impl Iterator<Item = usize> + use<> {
        self.range.clone().step_by(self.step)
    }
}
