//! Tools of figures.

use std::sync::Arc;

use bokeh_protocol::{Text, Value};
use bokeh_schema::{Lit, classes};

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
    let Ok(index) = TOOLS.binary_search_by_key(&name, |(known, ..)| known) else {
        let known: Vec<&str> = TOOLS.iter().map(|(known, ..)| *known).collect();
        panic!("there is no tool '{name}'; there are {}", known.join(", "))
    };
    let (_, class, attributes) = TOOLS[index];
    let mut tool = Attributes::new(class);
    for (name, value) in attributes {
        if let Lit::Str(text) = value {
            tool.set(name, Value::literal(text));
        }
    }
    tool.into_value()
}

/// Whether a tool is what the name stands for.
fn is_tool(tool: &Value, name: &str) -> bool {
    let (Value::Object(tool), Ok(index)) = (tool, TOOLS.binary_search_by_key(&name, |(known, ..)| known)) else {
        return false;
    };
    let (_, class, attributes) = TOOLS[index];
    tool.name == *class.name()
        && attributes.iter().all(|(name, value)| {
            tool.attributes
                .iter()
                .any(|(known, set)| known == name && matches!(value, Lit::Str(text) if set.as_str() == Some(text)))
        })
}
