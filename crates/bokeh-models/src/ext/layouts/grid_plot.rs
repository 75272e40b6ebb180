//! Grids of plots with one toolbar.

use bokeh_document::Document;
use bokeh_protocol::{ModelId, Value};
use bokeh_schema::{ClassDef, class, classes};

use crate::attributes::Attributes;
use crate::builders::GridPlotBuilder;
use crate::model::misuse;
use crate::models::{GridPlot, LayoutDOM, Plot, Tool, ToolProxy, Toolbar};
use crate::{IntoModel, IntoProp, Model};

/// Lays out plots in a grid with one toolbar above, which has the tools of all of them: tools of a kind act together.
///
/// A place may be empty: `None`.
///
/// ```
/// use bokeh_models::prelude::*;
///
/// let mut doc = Document::new();
/// let (a, b, c) = (doc.add(figure()), doc.add(figure()), doc.add(figure()));
/// let grid = gridplot(&mut doc, ((a, b), (None, c)));
/// doc.add_root(grid.toolbar_location(enums::Location::Right));
/// ```
///
/// # Panics
/// When a plot is not in this document, or a builder holds what it cannot hold.
#[track_caller]
pub fn gridplot(doc: &mut Document, rows: impl IntoProp<Vec<Vec<Option<LayoutDOM>>>>) -> GridPlotBuilder {
    let rows = rows.into_prop();
    let mut children: Vec<Value> = Vec::new();
    let mut toolbars: Vec<Toolbar> = Vec::new();
    for (y, cells) in rows.as_list().unwrap_or_default().iter().enumerate() {
        for (x, cell) in cells.as_list().unwrap_or_default().iter().enumerate() {
            let Some(model) = model_of(doc, cell) else { continue };
            if doc.is_a(model, Plot::CLASS) {
                let plot = Plot::from_id(model);
                toolbars.push(plot.toolbar(doc));
                plot.set_toolbar_location(doc, None);
            }
            children.push(Value::from_iter([Value::Model(model), Value::from(y), Value::from(x)]));
        }
    }
    let tools: Vec<ModelId> = toolbars.iter().flat_map(|toolbar| tools_of(doc, *toolbar)).collect();
    let merged = merge(doc, &tools);
    let mut toolbar = Toolbar::new().tools(merged);
    // What the toolbars say otherwise is taken from the last one.
    if let Some(last) = toolbars.last() {
        toolbar = toolbar.logo(last.logo(doc)).autohide(last.autohide(doc));
    }
    GridPlot::new().children(children).toolbar(toolbar)
}

/// The model in a cell; a builder's is made.
#[track_caller]
fn model_of(doc: &mut Document, cell: &Value) -> Option<ModelId> {
    match cell {
        Value::Model(model) => Some(*model),
        Value::Object(object) => match doc.insert(std::sync::Arc::clone(object)) {
            Ok(model) => Some(model),
            Err(error) => misuse(&classes::GRID_PLOT, "children", &error),
        },
        _ => None,
    }
}

#[track_caller]
fn tools_of(doc: &Document, toolbar: Toolbar) -> Vec<ModelId> {
    toolbar.tools(doc).iter().filter_map(Value::as_model).collect()
}

/// Tools of the same class and settings become one: a proxy, or for those that act on the whole page a new tool.
#[track_caller]
fn merge(doc: &mut Document, tools: &[ModelId]) -> Vec<Value> {
    let mut groups: Vec<Vec<ModelId>> = Vec::new();
    for tool in tools {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| are_alike(doc, *first, *tool))) {
            Some(group) => group.push(*tool),
            None => groups.push(vec![*tool]),
        }
    }
    let mut merged = Vec::with_capacity(groups.len());
    for group in groups {
        let first = group[0];
        let class = doc.class_name(first).and_then(class);
        let is_of_page = class.is_some_and(|class| OF_PAGE.iter().any(|of_page| class.is_a(of_page)));
        merged.push(match (is_of_page, class) {
            (true, Some(class)) => Attributes::new(class).into_value(),
            _ if group.len() == 1 => Value::Model(first),
            _ => {
                let tools: Vec<Tool> = group.into_iter().map(Tool::from_id).collect();
                ToolProxy::new().tools(tools).into_model_value()
            }
        });
    }
    merged
}

/// Tools that do the same to every plot of a page.
static OF_PAGE: [&ClassDef; 4] =
    [&classes::SAVE_TOOL, &classes::COPY_TOOL, &classes::EXAMINE_TOOL, &classes::FULLSCREEN_TOOL];

/// Whether two tools are of one class and have the same settings.
fn are_alike(doc: &Document, a: ModelId, b: ModelId) -> bool {
    let (Some(class_a), Some(class_b)) = (doc.class_name(a), doc.class_name(b)) else { return false };
    let Some(class) = class(class_a).filter(|_| class_a == class_b) else { return false };
    class.properties().iter().filter(|property| property.name() != "overlay").all(|property| {
        match (doc.value(a, property.name()), doc.value(b, property.name())) {
            (Ok(a), Ok(b)) => a.matches(&b),
            (a, b) => a.is_err() && b.is_err(),
        }
    })
}
