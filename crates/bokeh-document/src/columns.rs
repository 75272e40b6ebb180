//! Operations on the columns of a data source: appending rows, replacing entries.
//!
//! Both are checked whole before anything is changed, and touch only the columns and rows that they name.

mod dtype;
mod patch;
mod stream;

use bokeh_protocol::{Array, DType, Slice, Text, Value};

pub(crate) use patch::{check_patch, flatten_values, patch};
pub(crate) use stream::{advance, check_stream, creates_columns, stream, streams_alike};

/// Why rows cannot be appended to a data source, or entries of its columns not be replaced.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnError {
    /// The rollover would keep no row. Bokeh's two sides disagree about what that means.
    #[error("a rollover of {0} keeps no rows, it must be at least 1")]
    Rollover(i64),
    /// New rows must have a value for every column, and for no other.
    #[error("new rows must fill the columns of the source and no others ({})", differences(.missing, .unknown))]
    Columns {
        /// The columns that the rows lack.
        missing: Vec<Text>,
        /// The columns that the source lacks.
        unknown: Vec<Text>,
    },
    /// The patch is for columns that the source does not have.
    #[error("the source has no such columns to patch ({})", differences(&[], .0))]
    UnknownColumns(Vec<Text>),
    /// A column is there twice.
    #[error("the column {0:?} is given more than once")]
    Repeated(Text),
    /// A column has a name that is no string.
    #[error("the name of a column is a string, not {0}")]
    Name(&'static str),
    /// What stands for a column is neither a list nor an array.
    #[error("the column {column:?} is {found}, not a list or an array")]
    NotAColumn {
        /// The column.
        column: Text,
        /// What it is instead.
        found: &'static str,
    },
    /// A column has more than one dimension, or none: it has no rows that can be appended or replaced.
    #[error("the column {column:?} must have one dimension, not the shape {shape:?}")]
    Dimensions {
        /// The column.
        column: Text,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// New rows must have a value for each column.
    #[error("new rows must fill all columns alike: {first:?} has {expected} new rows, but {column:?} has {got}")]
    Lengths {
        /// The column that the other one is compared to.
        first: Text,
        /// The number of its new rows.
        expected: usize,
        /// The column that has another number of rows.
        column: Text,
        /// That number.
        got: usize,
    },
    /// There is no such row.
    #[error("the column {column:?} has {len} rows, there is none at {index}")]
    Row {
        /// The column.
        column: Text,
        /// The index of the row.
        index: i64,
        /// The number of rows.
        len: usize,
    },
    /// A slice counts backwards, or reaches beyond the end.
    #[error("{} is no slice of the {len} entries in column {column:?}: it must count upwards from 0 and end there", notation(.slice))]
    Slice {
        /// The column.
        column: Text,
        /// The slice.
        slice: Slice,
        /// The number of entries that it is a slice of.
        len: usize,
    },
    /// There are more or fewer values than places. Browsers cannot change the length of a column by a patch.
    #[error("{places} entries of the column {column:?} are to be replaced by {values} values")]
    Length {
        /// The column.
        column: Text,
        /// The number of entries.
        places: usize,
        /// The number of values.
        values: usize,
    },
    /// What should replace a range of entries is a single value.
    #[error("a slice of the column {column:?} is replaced by a list or an array, not by {found}")]
    NotAList {
        /// The column.
        column: Text,
        /// What it is instead.
        found: &'static str,
    },
    /// An index with several parts does not begin with a row, or has no part for some dimension of the array there.
    #[error("an index into an array of the column {column:?} has a row and then {} parts, not {found} parts", .dimensions)]
    Index {
        /// The column.
        column: Text,
        /// The dimensions of the array.
        dimensions: usize,
        /// The number of parts after the row.
        found: usize,
    },
    /// The first part of an index with several parts is a slice.
    #[error("an index into an array of the column {0:?} must begin with the number of a row")]
    IndexStart(Text),
    /// The index has several parts, but the row does not hold an array that it could lead into.
    #[error("row {row} of the column {column:?} is {found}, not an array with one or two dimensions")]
    NotAnArray {
        /// The column.
        column: Text,
        /// The row.
        row: usize,
        /// What it is instead.
        found: &'static str,
    },
    /// The same patch replaces a row and then goes on to patch the array that it held.
    #[error("row {row} of the column {column:?} is replaced and patched at once")]
    Replaced {
        /// The column.
        column: Text,
        /// The row.
        row: usize,
    },
    /// A value that the array cannot hold.
    #[error("the column {column:?} holds {} and cannot take {found}", .dtype.name())]
    Element {
        /// The column.
        column: Text,
        /// The type of the array's elements.
        dtype: DType,
        /// The kind of value.
        found: &'static str,
    },
}

/// A column as it is stored.
enum Column<'a> {
    List(&'a [Value]),
    Array(&'a Array),
}

impl<'a> Column<'a> {
    /// The column behind a value, with one dimension.
    fn of(name: &Text, value: &'a Value) -> Result<Self, ColumnError> {
        match value {
            Value::List(items) => Ok(Column::List(items)),
            Value::Array(array) if array.n_dims() == 1 => Ok(Column::Array(array)),
            Value::Array(array) => Err(ColumnError::Dimensions { column: name.clone(), shape: array.shape() }),
            other => Err(ColumnError::NotAColumn { column: name.clone(), found: other.kind_name() }),
        }
    }

    fn len(&self) -> usize {
        match self {
            Column::List(items) => items.len(),
            Column::Array(array) => array.len(),
        }
    }
}

/// The name of a column.
fn name(key: &Value) -> Result<&Text, ColumnError> {
    match key {
        Value::Str(name) => Ok(name),
        other => Err(ColumnError::Name(other.kind_name())),
    }
}

fn differences(missing: &[Text], unknown: &[Text]) -> String {
    let list = |names: &[Text]| names.iter().map(Text::as_str).collect::<Vec<_>>().join(", ");
    match (missing, unknown) {
        (missing, []) => format!("missing: {}", list(missing)),
        ([], unknown) => format!("unknown: {}", list(unknown)),
        (missing, unknown) => format!("missing: {}; unknown: {}", list(missing), list(unknown)),
    }
}

fn notation(slice: &Slice) -> String {
    let part = |part: Option<i64>| part.map_or(String::new(), |part| part.to_string());
    let step = slice.step.map_or(String::new(), |step| format!(":{step}"));
    format!("[{}:{}{step}]", part(slice.start), part(slice.stop))
}

#[cfg(test)]
mod tests;
