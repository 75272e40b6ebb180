//! Grids of plots with one toolbar.

use std::sync::Arc;

use bokeh_document::Document;
use bokeh_protocol::{ModelId, Object, Value};
use bokeh_schema::{ClassDef, class, classes};

use crate::attributes::Attributes;
use crate::builders::GridPlotBuilder;
use crate::model::{misuse, read};
use crate::models::{GridPlot, LayoutDOM, Plot, Tool, ToolProxy, Toolbar};
use crate::{IntoProp, Model};

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
    let mut toolbar = Attributes::new(Toolbar::CLASS);
    // What the toolbars say otherwise is taken from the last one.
    if let Some(last) = toolbars.last() {
        for name in ["logo", "autohide"] {
            toolbar.set(name, read(doc, *last, name));
        }
        for name in ["active_drag", "active_inspect", "active_scroll", "active_tap", "active_multi"] {
            toolbar.set(name, proxy_of(&merged, &read(doc, *last, name)));
        }
    }
    toolbar.set("tools", merged.into_iter().map(Value::Object).collect::<Vec<_>>().into());
    let toolbar = toolbar.into_value();
    let mut grid = GridPlot::new().children(children);
    grid.attributes.set("toolbar", toolbar);
    grid
}

/// The model in a cell; a builder's is made.
#[track_caller]
fn model_of(doc: &mut Document, cell: &Value) -> Option<ModelId> {
    match cell {
        Value::Model(model) => Some(*model),
        Value::Object(object) => match doc.insert(Arc::clone(object)) {
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

/// Tools of the same class and settings become one proxy; of those that act on the whole page there is one new tool.
fn merge(doc: &Document, tools: &[ModelId]) -> Vec<Arc<Object>> {
    let mut merged = Vec::new();
    let mut classes: Vec<(&'static ClassDef, Vec<Vec<ModelId>>)> = Vec::new();
    for tool in tools {
        let Some(class) = doc.class_name(*tool).and_then(class) else { continue };
        let index = classes.iter().position(|(known, _)| *known == class).unwrap_or_else(|| {
            classes.push((class, Vec::new()));
            classes.len() - 1
        });
        let groups = &mut classes[index].1;
        match groups.iter_mut().find(|group| are_alike(doc, class, group[0], *tool)) {
            Some(group) => group.push(*tool),
            None => groups.push(vec![*tool]),
        }
    }
    for (class, groups) in classes {
        if OF_PAGE.iter().any(|of_page| class.is_a(of_page)) {
            merged.push(Arc::new(Attributes::new(class).into_object()));
        } else {
            let proxy = |tools: Vec<ModelId>| {
                let tools: Vec<Tool> = tools.into_iter().map(Tool::from_id).collect();
                Arc::new(ToolProxy::new().tools(tools).into_object())
            };
            merged.extend(groups.into_iter().map(proxy));
        }
    }
    merged
}

/// The proxy that stands for an active tool, if one does.
fn proxy_of(merged: &[Arc<Object>], active: &Value) -> Value {
    let is_proxied = |object: &&Arc<Object>| {
        let tools = object.attributes.iter().find(|(name, _)| *name == "tools");
        tools.and_then(|(_, tools)| tools.as_list()).is_some_and(|tools| tools.contains(active))
    };
    merged.iter().find(is_proxied).map_or_else(|| active.clone(), |proxy| Value::Object(Arc::clone(proxy)))
}

/// Tools that do the same to every plot of a page.
static OF_PAGE: [&ClassDef; 4] =
    [&classes::SAVE_TOOL, &classes::COPY_TOOL, &classes::EXAMINE_TOOL, &classes::FULLSCREEN_TOOL];

/// Whether two tools of a class have the same settings, but for what belongs to their plots.
fn are_alike(doc: &Document, class: &'static ClassDef, a: ModelId, b: ModelId) -> bool {
    let settings = class.properties().iter().filter(|property| !["overlay", "renderers"].contains(&property.name()));
    settings.into_iter().all(|property| match (doc.value(a, property.name()), doc.value(b, property.name())) {
        (Ok(a), Ok(b)) => a.matches(&b),
        (a, b) => a.is_err() && b.is_err(),
    })
}
