//! What is to be seen on a page.

use std::collections::HashSet;

use bokeh_document::Document;
use bokeh_models::Model;
use bokeh_models::models::Tabs;
use bokeh_protocol::{Graph, ModelId, Value};

/// Properties whose models are no part of what a model shows.
const NOT_SHOWN: [&str; 3] = ["js_event_callbacks", "js_property_callbacks", "tags"];

/// All models that the roots lead to, in the order of the page: roots as they were added, then what is in them.
pub(super) fn in_order(document: &Document) -> Vec<ModelId> {
    walk(document, |model| linked(document, model, |_| true))
}

/// Whether a model is on the page, and neither it nor what it is in is hidden or in a tab that is not open.
pub(super) fn is_visible(document: &Document, model: ModelId) -> bool {
    let visible = walk(document, |model| match document.value(model, "visible") {
        Ok(Value::Bool(false)) => Vec::new(),
        _ => match open_panel(document, model) {
            Some(panel) => vec![panel],
            None => linked(document, model, |property| !NOT_SHOWN.contains(&property)),
        },
    });
    visible.contains(&model) && document.value(model, "visible").ok() != Some(Value::Bool(false))
}

/// Depth first from the roots, to where `inside` leads.
fn walk(document: &Document, inside: impl Fn(ModelId) -> Vec<ModelId>) -> Vec<ModelId> {
    let (mut seen, mut order) = (HashSet::new(), Vec::new());
    let mut open: Vec<ModelId> = document.roots().iter().rev().copied().collect();
    while let Some(model) = open.pop() {
        if seen.insert(model) {
            order.push(model);
            open.extend(inside(model).into_iter().rev());
        }
    }
    order
}

/// The models in those properties of a model that are `wanted`.
fn linked(document: &Document, model: ModelId, wanted: impl Fn(&str) -> bool) -> Vec<ModelId> {
    let mut models = Vec::new();
    let attributes = document.definition(model).into_iter().flat_map(|definition| definition.attributes);
    for (_, value) in attributes.filter(|(property, _)| wanted(property)) {
        value.for_each_model(&mut |model| models.push(model));
    }
    models
}

/// The panel that is open, if the model is one with tabs.
fn open_panel(document: &Document, model: ModelId) -> Option<ModelId> {
    let tabs = document.is_a(model, Tabs::CLASS).then(|| Tabs::from_id(model))?;
    let active = usize::try_from(tabs.active(document)).ok()?;
    tabs.tabs(document).get(active).map(|panel| panel.id())
}
