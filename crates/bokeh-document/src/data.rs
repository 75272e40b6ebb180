//! The columns of data sources.

use bokeh_protocol::{Map, ModelId, PatchEvent, PatchIndex, Text, Value};
use bokeh_schema::Kind;

use crate::model::Attr;
use crate::{Change, ColumnError, DataError, Document, GetError, Origin, columns};

/// Patches of a data source: for each column the places and their new values.
pub type ColumnPatches = Vec<(Text, Vec<(PatchIndex, Value)>)>;

impl Document {
    /// The columns of a data source.
    ///
    /// # Errors
    /// When the model is gone or is no data source.
    pub fn data(&self, source: ModelId) -> Result<Map, GetError> {
        match self.value(source, "data")? {
            Value::Map(data) => Ok(data),
            _ => Err(self.no_columns(source)),
        }
    }

    /// Replaces some columns of a data source and keeps the others.
    ///
    /// # Errors
    /// When the model is no data source, or a value is no column.
    pub fn set_columns(&mut self, source: ModelId, columns: &Map) -> Result<(), DataError> {
        let attr = self.column_attr(source)?;
        let class = self.entry(source)?.class;
        let columns = match self.adopt(Value::Map(columns.clone()))? {
            Value::Map(columns) => columns,
            _ => columns.clone(),
        };
        let mut merged = self.columns_at(source, attr)?.clone();
        merged.merge(&columns);
        self.accept(class, attr, Value::Map(merged))?;
        let cols = columns.keys().map(Text::from).collect();
        self.columns_from(source, attr, &columns, Some(cols), Origin::Local);
        Ok(())
    }

    /// Appends rows to a data source, for every column, and keeps the last `rollover` rows. Costs as much as the new rows,
    /// however long the columns are.
    ///
    /// # Errors
    /// When the rows do not name exactly the existing columns, are of unequal lengths, or `rollover` is 0.
    pub fn stream(&mut self, source: ModelId, rows: &Map, rollover: Option<usize>) -> Result<(), DataError> {
        let attr = self.column_attr(source)?;
        check_stream(self.columns_at(source, attr)?, rows, rollover)?;
        self.stream_from(source, attr, rows, rollover, Origin::Local);
        Ok(())
    }

    /// Replaces single entries of a data source.
    ///
    /// # Errors
    /// When a column is unknown, or a place lies outside of it.
    pub fn patch(&mut self, source: ModelId, patches: ColumnPatches) -> Result<(), DataError> {
        let attr = self.column_attr(source)?;
        columns::check_patch(self.columns_at(source, attr)?, &patches)?;
        self.patch_from(source, attr, patches, Origin::Local);
        Ok(())
    }

    /// The property `data` of a data source. An untouched source gets its empty columns here.
    pub(crate) fn column_attr(&mut self, source: ModelId) -> Result<Attr, GetError> {
        let class = self.entry(source)?.class;
        let attr = self.attr(class, "data").ok().ok_or_else(|| self.no_columns(source))?;
        if !matches!(self.kind(class, attr), None | Some(Kind::ColumnData)) {
            return Err(self.no_columns(source));
        }
        if self.entry(source)?.get(attr).is_none() {
            self.store(source, attr, Value::Map(Map::default()));
        }
        Ok(attr)
    }

    pub(crate) fn columns_at(&self, source: ModelId, attr: Attr) -> Result<&Map, GetError> {
        self.entry(source)?.get(attr).and_then(Value::as_map).ok_or_else(|| self.no_columns(source))
    }

    /// Replaces columns: all of them, or those named by `cols`. The columns were checked.
    pub(crate) fn columns_from(
        &mut self,
        source: ModelId,
        attr: Attr,
        data: &Map,
        cols: Option<Vec<Text>>,
        origin: Origin,
    ) {
        let Some(entry) = self.models.get(&source.index) else { return };
        let is_empty = entry.get(attr).is_none();
        // Only a callback wants to see the columns as they were; otherwise they are changed in place.
        let old = if self.has_callback(source, attr) { self.effective(entry, attr) } else { None };
        if cols.is_none() || is_empty {
            self.store(source, attr, Value::Map(data.clone()));
        } else {
            let brings_models = names_models(&Value::Map(data.clone()));
            self.change_in_place(source, attr, brings_models, |columns| {
                columns.merge(data);
                Ok::<(), ColumnError>(())
            });
        }
        let new = self.models.get(&source.index).and_then(|entry| entry.get(attr)).cloned().unwrap_or_default();
        // All columns are told, since Python's client drops those that are not.
        let data = new.as_map().cloned().unwrap_or_default();
        let event = |attr| PatchEvent::ColumnDataChanged { model: source, attr, data, cols };
        self.report_columns(source, attr, origin, event, old.unwrap_or_default(), new);
    }

    /// Appends checked rows.
    pub(crate) fn stream_from(
        &mut self,
        source: ModelId,
        attr: Attr,
        rows: &Map,
        rollover: Option<usize>,
        origin: Origin,
    ) {
        let Some(before) = self.models.get(&source.index).and_then(|entry| entry.get(attr)?.as_map()) else { return };
        let is_alike = !columns::creates_columns(before) && columns::streams_alike(before, rows, rollover);
        let brings_models = names_models(&Value::Map(rows.clone()));
        // Only a callback wants to see the columns as they were.
        let wants_old = self.has_callback(source, attr);
        let mut old = None;
        self.change_in_place(source, attr, brings_models, |data| {
            if wants_old {
                columns::advance(data, rows, rollover).map(|before| old = Some(Value::Map(before)))
            } else {
                columns::stream(data, rows, rollover)
            }
        });
        let new = self.models.get(&source.index).and_then(|entry| entry.get(attr)).cloned().unwrap_or_default();
        if is_alike {
            let rollover = rollover.and_then(|rows| i64::try_from(rows).ok());
            let event = |attr| PatchEvent::ColumnsStreamed { model: source, attr, data: rows.clone(), rollover };
            self.report_columns(source, attr, origin, event, old.unwrap_or_default(), new);
        } else {
            // BokehJS computes something else from its own stream, so it gets the outcome, too.
            let origin = if self.has_exact_peers || origin == Origin::Local { origin } else { self.everybody() };
            let data = new.as_map().cloned().unwrap_or_default();
            let event = |attr| PatchEvent::ColumnDataChanged { model: source, attr, data, cols: None };
            self.report_columns(source, attr, origin, event, old.unwrap_or_default(), new);
        }
    }

    /// Replaces checked entries.
    pub(crate) fn patch_from(&mut self, source: ModelId, attr: Attr, mut patches: ColumnPatches, origin: Origin) {
        columns::flatten_values(&mut patches);
        let entry = self.models.get(&source.index);
        let old = self.has_callback(source, attr).then(|| entry.and_then(|entry| entry.get(attr)).cloned()).flatten();
        let brings_models = patches.iter().flat_map(|(_, edits)| edits).any(|(_, value)| names_models(value));
        self.change_in_place(source, attr, brings_models, |data| columns::patch(data, &patches));
        let new = self.models.get(&source.index).and_then(|entry| entry.get(attr)).cloned().unwrap_or_default();
        let event = |attr| PatchEvent::ColumnsPatched { model: source, attr, patches };
        self.report_columns(source, attr, origin, event, old.unwrap_or_default(), new);
    }

    fn change_in_place<E>(
        &mut self,
        source: ModelId,
        attr: Attr,
        brings_models: bool,
        change: impl FnOnce(&mut Map) -> Result<(), E>,
    ) {
        if !self.is_held() && self.is_attached(source) {
            self.changes.release(source);
        }
        let Some(entry) = self.models.get_mut(&source.index) else { return };
        if let Some(Value::Map(data)) = entry.get_mut(attr) {
            let changed = change(data);
            debug_assert!(changed.is_ok(), "the columns were checked before");
        }
        // Looking for models costs as much as the columns are long, so it is done only where there may be some.
        if brings_models || entry.is_linked(attr) {
            self.graph.note(source, entry.relink(attr));
        }
    }

    fn report_columns(
        &mut self,
        source: ModelId,
        attr: Attr,
        origin: Origin,
        event: impl FnOnce(Text) -> PatchEvent,
        old: Value,
        new: Value,
    ) {
        let is_attached = self.is_attached(source);
        let class = self.models.get(&source.index).map(|entry| entry.class);
        let name = class.map(|class| self.property_name(class, attr)).unwrap_or_default();
        let is_crowded = self.changes.is_crowded(source) && !self.is_held();
        let event = |name| match &new {
            // One event stands for all that follows.
            Value::Map(data) if is_crowded => {
                PatchEvent::ColumnDataChanged { model: source, attr: name, data: data.clone(), cols: None }
            }
            _ => event(name),
        };
        let change = is_attached.then(|| Change { origin, event: event(name) });
        self.report_property(source, attr, change, old, new);
    }

    fn has_callback(&self, source: ModelId, attr: Attr) -> bool {
        self.callbacks.has(&crate::callback::Key::Property(source, attr))
    }

    fn no_columns(&self, source: ModelId) -> GetError {
        let class = self.class_name(source).unwrap_or("?").to_owned();
        GetError::NoProperty { class, property: "data".to_owned() }
    }
}

fn names_models(value: &Value) -> bool {
    let mut has_any = false;
    value.for_each_model(&mut |_| has_any = true);
    has_any
}

/// Whether rows can be appended: BokehJS keeps everything where Python keeps nothing, so nothing is no rollover.
pub(crate) fn check_stream(data: &Map, rows: &Map, rollover: Option<usize>) -> Result<(), ColumnError> {
    if rollover == Some(0) {
        return Err(ColumnError::Rollover(0));
    }
    columns::check_stream(data, rows)
}
