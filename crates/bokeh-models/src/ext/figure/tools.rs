//! Tools of figures.

use std::sync::Arc;

use bokeh_protocol::{Text, Value};
use bokeh_schema::{ClassDef, Lit, classes};

use crate::IntoProp;
use crate::attributes::Attributes;
use crate::generated::tools_by_name::TOOLS;
use crate::models::Tool;

/// What can be the tools of a figure: names in a string, or a list of handles and builders.
#[diagnostic::on_unimplemented(message = "`{Self}` are no tools", label = "neither names of tools nor a list of tools")]
pub trait IntoTools {
    /// The tools.
    ///
    /// # Panics
    /// When there is no tool of a name.
    fn into_tools(self) -> Vec<Value>;
}

impl IntoTools for &str {
    #[track_caller]
    fn into_tools(self) -> Vec<Value> {
        let names = self.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(tool_by_name).collect()
    }
}

impl<T: IntoProp<Vec<Tool>>> IntoTools for T {
    fn into_tools(self) -> Vec<Value> {
        self.into_prop().as_list().unwrap_or_default().to_vec()
    }
}

/// Gives tooltips to the first hover tool, or adds one that has them.
pub(super) fn set_tooltips(tools: &mut Vec<Value>, tooltips: Value) {
    let hover = tools.iter_mut().find_map(|tool| match tool {
        Value::Object(tool) if tool.name == *classes::HOVER_TOOL.name() => Some(Arc::make_mut(tool)),
        _ => None,
    });
    match hover {
        Some(hover) => {
            hover.attributes.retain(|(name, _)| *name != "tooltips");
            hover.attributes.push((Text::from_static("tooltips"), tooltips));
        }
        None => {
            let mut hover = Attributes::new(&classes::HOVER_TOOL);
            hover.set("tooltips", tooltips);
            tools.push(hover.into_value());
        }
    }
}

/// A toolbar with these tools, some of them active.
pub(super) fn toolbar(tools: Vec<Value>, active: &[(&'static str, Text)]) -> Value {
    let mut toolbar = Attributes::new(&classes::TOOLBAR);
    for (gesture, name) in active {
        if let Some(tool) = tools.iter().find(|tool| is_tool(tool, name)) {
            toolbar.set(gesture, tool.clone());
        }
    }
    toolbar.set("tools", tools.into());
    toolbar.into_value()
}

#[track_caller]
fn tool_by_name(name: &str) -> Value {
    let Some(found) = find(name) else {
        let known: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
        panic!("there is no tool '{name}'; there are {}", known.join(", "))
    };
    let mut tool = Attributes::new(found.class);
    for (name, value) in found.attributes {
        if let Lit::Str(text) = value {
            tool.set(name, Value::literal(text));
        }
    }
    tool.into_value()
}

/// Whether a tool is what the name stands for.
fn is_tool(tool: &Value, name: &str) -> bool {
    let (Value::Object(tool), Some(found)) = (tool, find(name)) else { return false };
    let is_set = |(name, value): &(&str, Lit)| {
        let set = tool.attributes.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_str());
        matches!(value, Lit::Str(text) if set == Some(text))
    };
    tool.name == *found.class.name() && found.attributes.iter().all(is_set)
}

fn find(name: &str) -> Option<&'static NamedTool> {
    TOOLS.binary_search_by_key(&name, |tool| tool.name).ok().map(|index| &TOOLS[index])
}

/// A tool that figures know by name.
#[derive(Debug)]
pub(crate) struct NamedTool {
    pub(crate) name: &'static str,
    pub(crate) class: &'static ClassDef,
    pub(crate) attributes: &'static [(&'static str, Lit)],
}
