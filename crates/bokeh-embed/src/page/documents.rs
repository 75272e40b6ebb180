//! The documents that a page holds itself, and the script that draws them.

use bokeh_document::Document;
use minijinja::context;

use crate::element_id::ElementId;
use crate::error::RenderError;
use crate::excerpt;
use crate::render_item::RenderItem;
use crate::script_json::{escape, script_json};
use crate::templates::{PLOT, PLOT_SCRIPT, environment};

/// Documents as one JSON object, each under a key of its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Documents(Vec<(ElementId, String)>);

impl Documents {
    /// Adds a document as it is now, and returns its key.
    pub(crate) fn add(&mut self, document: &Document) -> String {
        self.add_json(&excerpt::whole(document))
    }

    /// Adds the JSON of a document, and returns its key.
    pub(crate) fn add_json(&mut self, json: &str) -> String {
        let key = ElementId::random();
        self.0.push((key.clone(), escape(json)));
        key.to_string()
    }

    /// The object, which can stand in a script.
    pub(crate) fn to_json(&self) -> String {
        let documents: Vec<String> = self.0.iter().map(|(key, json)| format!("\"{key}\":{json}")).collect();
        format!("{{{}}}", documents.join(","))
    }

    /// The code that draws them, for a script of somebody else's.
    pub(crate) fn javascript(&self, items: &[RenderItem]) -> Result<String, RenderError> {
        draw(self.to_json(), items)
    }

    /// Both script elements: what is to be drawn, and what draws it.
    pub(crate) fn script(&self, items: &[RenderItem]) -> Result<String, RenderError> {
        let safe = minijinja::Value::from_safe_string;
        let docs_json_id = ElementId::random();
        let id = script_json(&docs_json_id.as_str())?;
        let context = context! {
            docs_json => safe(self.to_json()),
            docs_json_id => docs_json_id.as_str(),
            script => safe(draw(format!("JSON.parse(document.getElementById({id}).textContent)"), items)?),
        };
        Ok(environment().get_template(PLOT_SCRIPT)?.render(context)?)
    }
}

/// The code that draws the documents that an expression stands for.
fn draw(docs_json: String, items: &[RenderItem]) -> Result<String, RenderError> {
    let safe = minijinja::Value::from_safe_string;
    let context = context! { docs_json => safe(docs_json), render_items => safe(script_json(&items)?) };
    Ok(environment().get_template(PLOT)?.render(context)?)
}
