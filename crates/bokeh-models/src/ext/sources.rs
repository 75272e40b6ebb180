//! Columns of data sources.

use bokeh_document::{DataError, Document, GetError, SetError};
use bokeh_protocol::{PatchIndex, Slice, Text, Value};

use crate::data::UnequalLengths;
use crate::models::ColumnDataSource;
use crate::{Data, Model};

/// Why the columns of a source were not replaced.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplaceError {
    /// The columns have different lengths.
    #[error(transparent)]
    Lengths(#[from] UnequalLengths),
    /// The source is not in this document.
    #[error(transparent)]
    Set(#[from] SetError),
}

impl ColumnDataSource {
    /// Replaces all columns.
    ///
    /// ```
    /// use bokeh_models::prelude::*;
    ///
    /// let mut doc = Document::new();
    /// let source = doc.add(ColumnDataSource::new().data(data! { "x" => [1.0] }));
    /// source.replace(&mut doc, data! { "x" => [1.0, 2.0], "y" => [3.0, 4.0] })?;
    /// assert_eq!(source.data(&doc).n_rows(), 2);
    /// assert!(source.replace(&mut doc, data! { "x" => [1.0], "y" => [3.0, 4.0] }).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the columns have different lengths, or the source is not in this document.
    pub fn replace(&self, doc: &mut Document, data: impl Into<Data>) -> Result<(), ReplaceError> {
        let data = data.into();
        data.check()?;
        doc.set_value(self.id(), "data", Value::Map(data.into_map()))?;
        Ok(())
    }

    /// Replaces or adds some columns and keeps the others.
    ///
    /// # Errors
    /// When the source is not in this document.
    pub fn set_columns(&self, doc: &mut Document, columns: impl Into<Data>) -> Result<(), DataError> {
        doc.set_columns(self.id(), columns.into().as_map())
    }

    /// Appends rows, for every column, and keeps the last `rollover` rows if that is given.
    ///
    /// # Errors
    /// When the rows do not name exactly the existing columns, or are of unequal lengths, or `rollover` is 0.
    pub fn stream(
        &self,
        doc: &mut Document,
        rows: impl Into<Data>,
        rollover: impl Into<Option<usize>>,
    ) -> Result<(), DataError> {
        doc.stream(self.id(), rows.into().as_map(), rollover.into())
    }

    /// Replaces single values of one column: `source.patch(doc, "x", [(0, 1.5), (3, 2.5)])`.
    ///
    /// # Errors
    /// When there is no such column or no such row.
    pub fn patch<V: Into<Value>>(
        &self,
        doc: &mut Document,
        column: impl Into<Text>,
        values: impl IntoIterator<Item = (usize, V)>,
    ) -> Result<(), DataError> {
        let row = |row: usize| PatchIndex::Row(i64::try_from(row).unwrap_or(i64::MAX));
        let patches = values.into_iter().map(|(index, value)| (row(index), value.into())).collect();
        doc.patch(self.id(), vec![(column.into(), patches)])
    }

    /// Replaces the values of one column from a row on.
    ///
    /// # Errors
    /// When there is no such column, or it has not that many rows.
    pub fn patch_from<V: Into<Value>>(
        &self,
        doc: &mut Document,
        column: impl Into<Text>,
        first_row: usize,
        values: impl IntoIterator<Item = V>,
    ) -> Result<(), DataError> {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        let end = |row: usize| i64::try_from(row).ok();
        let slice = Slice { start: end(first_row), stop: end(first_row + values.len()), step: None };
        doc.patch(self.id(), vec![(column.into(), vec![(PatchIndex::Slice(slice), values.into())])])
    }

    /// The columns, if the source is in this document.
    ///
    /// # Errors
    /// When it is not.
    pub fn try_data(&self, doc: &Document) -> Result<Data, GetError> {
        doc.data(self.id()).map(Data::from)
    }
}
