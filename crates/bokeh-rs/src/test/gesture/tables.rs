//! Rows and cells of tables.

use bokeh_models::Model;
use bokeh_models::models::{ColumnDataSource, DataTable, TableColumn};
use bokeh_protocol::{PatchEvent, PatchIndex, Text, Value};

use crate::test::app::App;
use crate::test::trouble::Trouble;

impl App {
    /// Selects rows of a data source, as clicks on a table or a glyph do.
    ///
    /// # Panics
    /// When there is no such row, and when a callback fails.
    #[track_caller]
    pub fn select_rows(&mut self, source: ColumnDataSource, rows: &[usize]) {
        self.step(|app| app.select(source, rows));
    }

    /// Types a value into a cell of a table: the row is selected, then the source changes.
    ///
    /// # Panics
    /// When the table is not visible or cannot be edited, when it does not show such a cell, and when a callback fails.
    #[track_caller]
    pub fn edit_cell(&mut self, table: DataTable, row: usize, column: &str, value: impl Into<Value>) {
        self.step(|app| {
            app.usable(table.id())?;
            let doc = app.doc();
            if !table.editable(doc) {
                return Err("the table cannot be edited".to_owned());
            }
            let columns: Vec<TableColumn> = table.columns(doc);
            let fields: Vec<String> = columns.iter().map(|column| column.field(doc)).collect();
            if !fields.iter().any(|field| field == column) {
                return Err(format!("the table has no column {column:?}, it has {fields:?}"));
            }
            let source = doc.value(table.id(), "source").ok().and_then(|source| source.as_model());
            let Some(source) = source.map(ColumnDataSource::from_id) else {
                return Err("the table has no data".to_owned());
            };
            app.select(source, &[row])?;
            let place = i64::try_from(row).map_err(|error| error.to_string())?;
            let patches = vec![(Text::from(column), vec![(PatchIndex::Row(place), value.into())])];
            let attr = Text::from_static("data");
            app.tell(vec![PatchEvent::ColumnsPatched { model: source.id(), attr, patches }])
        });
    }

    /// Selects rows of a data source.
    pub(super) fn select(&mut self, source: ColumnDataSource, rows: &[usize]) -> Result<(), Trouble> {
        let n_rows = n_rows(&self.doc().data(source.id()).map_err(|error| error.to_string())?);
        if let Some(row) = rows.iter().find(|row| **row >= n_rows) {
            return Err(format!("there is no row {row}, the source has {n_rows}"));
        }
        let selected = source.selected(self.doc());
        self.set(selected.id(), [("indices", rows.iter().map(|row| Value::from(*row)).collect())])
    }
}

/// How many rows all columns have.
fn n_rows(data: &bokeh_protocol::Map) -> usize {
    let lengths = data.entries().iter().map(|(_, column)| match column {
        Value::Array(array) => array.len(),
        column => column.as_list().map_or(0, <[Value]>::len),
    });
    lengths.min().unwrap_or(0)
}
