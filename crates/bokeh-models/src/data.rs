//! Named columns.

use bokeh_protocol::{Map, Text, Value};

use crate::{FromValue, IntoColumn, IntoProp};

/// Named columns for a data source, in their order. [`data!`](crate::data!) makes one.
///
/// ```
/// use bokeh_models::{Data, data};
///
/// let data = data! { "x" => vec![1.0, 2.0], "city" => ["Oslo", "Rome"] };
/// assert_eq!(data.names().collect::<Vec<_>>(), ["x", "city"]);
/// assert_eq!(data.floats("x"), Some(vec![1.0, 2.0]));
/// assert_eq!(data.strings("city"), Some(vec!["Oslo".to_owned(), "Rome".to_owned()]));
/// assert_eq!(data.n_rows(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Data(Map);

/// Columns of a data source have different lengths.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("columns must be of equal length: {first:?} has {expected} rows, but {column:?} has {got}")]
pub struct UnequalLengths {
    pub(crate) first: String,
    pub(crate) expected: usize,
    pub(crate) column: String,
    pub(crate) got: usize,
}

/// Names columns: `data! { "x" => xs, "y" => ys }`. See [`Data`].
#[macro_export]
macro_rules! data {
    ($($name:expr => $column:expr),* $(,)?) => {
        $crate::Data::new()$(.column($name, $column))*
    };
}

impl Data {
    /// No columns.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a column, or replaces the one of that name.
    #[must_use]
    pub fn column(mut self, name: impl Into<Text>, column: impl IntoColumn) -> Self {
        self.0.insert(name.into(), column.into_column());
        self
    }

    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys()
    }

    /// A column as it is stored: a list or an array.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A column of numbers.
    #[must_use]
    pub fn floats(&self, name: &str) -> Option<Vec<f64>> {
        Vec::from_value(self.get(name)?)
    }

    /// A column of strings.
    #[must_use]
    pub fn strings(&self, name: &str) -> Option<Vec<String>> {
        Vec::from_value(self.get(name)?)
    }

    /// The number of rows: of the longest column, if they are not equal.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.0.entries().iter().map(|(_, column)| rows(column)).max().unwrap_or(0)
    }

    /// Whether there is no column.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The columns as a map.
    #[must_use]
    pub fn as_map(&self) -> &Map {
        &self.0
    }

    /// The columns as a map.
    #[must_use]
    pub fn into_map(self) -> Map {
        self.0
    }

    /// Checks that all columns have as many rows as the first.
    ///
    /// # Errors
    /// Names the first column that has not.
    pub fn check(&self) -> Result<(), UnequalLengths> {
        let [(first, column), others @ ..] = self.0.entries() else { return Ok(()) };
        let expected = rows(column);
        match others.iter().find(|(_, column)| rows(column) != expected) {
            None => Ok(()),
            Some((name, column)) => Err(UnequalLengths {
                first: first.as_str().unwrap_or_default().to_owned(),
                expected,
                column: name.as_str().unwrap_or_default().to_owned(),
                got: rows(column),
            }),
        }
    }

    pub(crate) fn insert(&mut self, name: &'static str, column: Value) {
        self.0.insert(Value::literal(name), column);
    }
}

/// A clone, which shares the columns.
impl From<&Data> for Data {
    fn from(data: &Data) -> Self {
        data.clone()
    }
}

impl From<Map> for Data {
    fn from(columns: Map) -> Self {
        Data(columns)
    }
}

impl FromValue for Data {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_map().cloned().map(Data)
    }
}

impl IntoProp<Data> for Data {
    fn into_prop(self) -> Value {
        Value::Map(self.0)
    }
}

fn rows(column: &Value) -> usize {
    match column {
        Value::List(items) => items.len(),
        Value::Array(array) => array.shape().first().copied().unwrap_or(0),
        _ => 0,
    }
}
