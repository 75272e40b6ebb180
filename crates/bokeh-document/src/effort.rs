//! How much work a patch may cause.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use bokeh_protocol::{Map, ModelId, PatchEvent, Text, Value};

use crate::EventError;
use crate::stage::Stage;

/// Counts what a patch will cause beyond its own size, before any of it is applied.
///
/// Wherever an event may take a reference between models away, everything that the roots lead to is looked at once more. A
/// small message of many such events must not keep a large document busy for minutes.
#[derive(Debug)]
pub(crate) struct Effort {
    /// What one look at the whole graph costs: the references that there are, and those that the patch brings.
    walk: usize,
    /// For properties that refer to models, what it costs to look for models in them.
    linked: HashMap<(ModelId, Text), Option<usize>>,
    left: usize,
}

impl Effort {
    /// A few seconds.
    const MAX: usize = 50_000_000;

    pub(crate) fn new(stage: &Stage<'_>) -> Self {
        let walk = stage.document().n_links() + stage.n_references();
        Effort { walk, linked: HashMap::new(), left: Self::MAX }
    }

    /// Takes notice of an event.
    ///
    /// # Errors
    /// When it is too much.
    pub(crate) fn take(&mut self, stage: &Stage<'_>, event: &PatchEvent) -> Result<(), EventError> {
        let (model, attr, brings_models) = match event {
            PatchEvent::RootRemoved { .. } => return self.spend(self.walk),
            PatchEvent::ModelChanged { model, attr, new } => (*model, attr, names_models(new)),
            PatchEvent::ColumnDataChanged { model, attr, data, .. }
            | PatchEvent::ColumnsStreamed { model, attr, data, .. } => (*model, attr, columns_name_models(data)),
            PatchEvent::ColumnsPatched { model, attr, patches } => {
                let mut values = patches.iter().flat_map(|(_, patches)| patches).map(|(_, value)| value);
                (*model, attr, values.any(names_models))
            }
            PatchEvent::RootAdded { .. } | PatchEvent::TitleChanged { .. } | PatchEvent::MessageSent { .. } => {
                return Ok(());
            }
        };
        let linked = self.linked.entry((model, attr.clone())).or_insert_with(|| linked_values(stage, model, attr));
        match *linked {
            Some(n_values) => self.spend(self.walk + n_values),
            None => {
                *linked = brings_models.then_some(0);
                Ok(())
            }
        }
    }

    fn spend(&mut self, n: usize) -> Result<(), EventError> {
        self.left = self.left.checked_sub(n).ok_or(EventError::TooMuch)?;
        Ok(())
    }
}

/// How many values a property holds that refers to models; `None` when it refers to none.
fn linked_values(stage: &Stage<'_>, model: ModelId, attr: &str) -> Option<usize> {
    let attr = stage.document().attr(stage.class(model)?, attr).ok()?;
    let value = match stage.staged(model) {
        Some(staged) => {
            staged.attributes.iter().find(|(other, value)| *other == attr && names_models(value))?.1.as_map()
        }
        None => {
            let entry = stage.document().entry(model).ok().filter(|entry| entry.is_linked(attr))?;
            entry.get(attr)?.as_map()
        }
    };
    let len = |column: &Value| column.as_list().map_or(0, <[Value]>::len);
    Some(value.map_or(0, |columns| columns.entries().iter().map(|(_, column)| len(column)).sum()))
}

fn columns_name_models(columns: &Map) -> bool {
    columns.entries().iter().any(|(_, column)| names_models(column))
}

fn names_models(value: &Value) -> bool {
    let mut has_any = false;
    value.for_each_model(&mut |_| has_any = true);
    has_any
}
