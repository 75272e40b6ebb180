//! Which parts of BokehJS a document needs.

#[cfg(test)]
mod tests;

use bokeh_document::Document;
use bokeh_protocol::{BytesMode, ModelId, Value};
use bokeh_schema::{ClassDef, classes};

use crate::bundle::Bundle;

impl Bundle {
    /// The bundles without which the document, as it is now, cannot be drawn, in the order in which a page loads them.
    ///
    /// A document with models of extensions needs all of them, as nobody knows what extensions use.
    ///
    /// ```
    /// use bokeh_document::Document;
    /// use bokeh_embed::Bundle;
    /// use bokeh_protocol::Object;
    ///
    /// let mut doc = Document::new();
    /// doc.add_root(Object { name: "Slider".into(), id: None, attributes: vec![] });
    /// assert_eq!(Bundle::needed_by(&doc), [Bundle::Bokeh, Bundle::Widgets]);
    /// ```
    pub fn needed_by(document: &Document) -> Vec<Self> {
        let needs_math = has_math(document);
        let models: Vec<ModelId> = document.models().collect();
        let is_needed = |bundle: &Self| match bundle {
            Self::Bokeh => true,
            Self::MathJax if needs_math => true,
            bundle => models.iter().any(|model| model_needs(document, *model, *bundle)),
        };
        Self::ALL.into_iter().filter(is_needed).collect()
    }
}

fn model_needs(document: &Document, model: ModelId, bundle: Bundle) -> bool {
    // Bokeh's own models have no dot in their names.
    let Some(class) = document.class_name(model).and_then(bokeh_schema::class) else { return true };
    match bundle {
        Bundle::Bokeh => true,
        Bundle::Gl => matches!(document.value(model, "output_backend"), Ok(Value::Str(backend)) if backend == *"webgl"),
        Bundle::Widgets => class.is_a(&classes::WIDGET) || class.module().starts_with(WIDGETS),
        Bundle::Tables => class.module() == TABLES,
        Bundle::MathJax => MATH.iter().any(|math| class.is_a(math)),
    }
}

/// Whether some text could be TeX. Looking at all of the document's texts, whatever they are for, can find too much and never
/// too little.
fn has_math(document: &Document) -> bool {
    let (json, _no_buffers) = document.to_json(BytesMode::Inline);
    // In JSON a backslash stands twice.
    [&b"$$"[..], br"\\(", br"\\["].iter().any(|begin| json.windows(begin.len()).any(|bytes| bytes == *begin))
}

const WIDGETS: &str = "bokeh.models.widgets";
const TABLES: &str = "bokeh.models.widgets.tables";
const MATH: [&ClassDef; 2] = [&classes::MATH_TEXT, &classes::MATH_TEXT_GLYPH];
