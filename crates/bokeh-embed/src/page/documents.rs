//! The documents that a page holds itself, and the script that draws them.

use bokeh_document::Document;
use bokeh_protocol::BytesMode;
use minijinja::context;

use crate::element_id::ElementId;
use crate::error::RenderError;
use crate::render_item::RenderItem;
use crate::script_json::{escape, script_json};
use crate::templates::{PLOT_SCRIPT, environment};

/// Documents as one JSON object, each under a key of its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Documents(Vec<(ElementId, String)>);

impl Documents {
    /// Adds a document as it is now, and returns its key.
    pub(crate) fn add(&mut self, document: &Document) -> String {
        let (json, _no_buffers) = document.to_json(BytesMode::Inline);
        let json = String::from_utf8(json).expect("JSON is UTF-8");
        let key = ElementId::random();
        self.0.push((key.clone(), escape(&json)));
        key.to_string()
    }

    /// Both script elements: what is to be drawn, and what draws it.
    pub(crate) fn script(&self, items: &[RenderItem]) -> Result<String, RenderError> {
        let safe = minijinja::Value::from_safe_string;
        let docs_json_id = ElementId::random();
        let documents: Vec<String> = self.0.iter().map(|(key, json)| format!("\"{key}\":{json}")).collect();
        let context = context! {
            docs_json => safe(format!("{{{}}}", documents.join(","))),
            docs_json_id => docs_json_id.as_str(),
            docs_json_id_json => safe(script_json(&docs_json_id.as_str())?),
            render_items => safe(script_json(&items)?),
        };
        Ok(environment().get_template(PLOT_SCRIPT)?.render(context)?)
    }
}
