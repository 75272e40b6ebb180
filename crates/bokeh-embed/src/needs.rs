//! Which parts of BokehJS a document needs.

#[cfg(test)]
mod tests;

use bokeh_document::Document;
use bokeh_protocol::{Graph, SpecKind, Value};
use bokeh_schema::{ClassDef, classes};

use crate::bundle::Bundle;

impl Bundle {
    /// The bundles without which the document, as it is now, cannot be drawn, in the order in which a page loads them.
    ///
    /// A document with models of extensions needs all of them, as nobody knows what extensions use; so does one with JavaScript
    /// that names `Bokeh`.
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
        // Those are not looked at.
        let mut needs = Needs { all: document.has_js_callbacks(), ..Needs::default() };
        needs.add_text(document.title());
        for definition in document.models().filter_map(|model| document.definition(model)) {
            needs.add_class(definition.class);
            for (name, value) in definition.attributes {
                needs.add_value(name, value);
            }
        }
        Self::ALL.into_iter().filter(|bundle| needs.has(*bundle)).collect()
    }
}

/// What was found so far.
#[derive(Default)]
struct Needs {
    all: bool,
    gl: bool,
    widgets: bool,
    tables: bool,
    math: bool,
}

impl Needs {
    fn has(&self, bundle: Bundle) -> bool {
        self.all
            || match bundle {
                Bundle::Bokeh => true,
                Bundle::Gl => self.gl,
                // The tables are widgets, too.
                Bundle::Widgets => self.widgets || self.tables,
                Bundle::Tables => self.tables,
                Bundle::MathJax => self.math,
            }
    }

    fn add_class(&mut self, name: &str) {
        // Bokeh's own models have no dot in their names.
        let Some(class) = bokeh_schema::class(name) else {
            self.all = true;
            return;
        };
        self.widgets |= class.is_a(&classes::WIDGET) || class.module().starts_with(WIDGETS);
        self.tables |= class.module() == TABLES;
        self.math |= MATH.iter().any(|math| class.is_a(math));
    }

    /// Looks at a value of the property `name` and all that is in it, other models aside.
    fn add_value(&mut self, name: &str, value: &Value) {
        match value {
            Value::Str(text) => {
                self.all |= name == "code" && text.contains("Bokeh");
                self.add_text(text);
            }
            Value::List(values) | Value::Set(values) => values.iter().for_each(|value| self.add_value(name, value)),
            Value::Map(map) => map.entries().iter().for_each(|(key, value)| {
                self.add_value(name, key);
                self.add_value(name, value);
            }),
            Value::Spec(spec) => {
                if let SpecKind::Value(value) = &spec.kind {
                    self.add_value(name, value);
                }
            }
            Value::Object(object) => {
                self.add_class(&object.name);
                object.attributes.iter().for_each(|(name, value)| self.add_value(name, value));
            }
            _ => {}
        }
    }

    /// Whatever it is for, a text can say which way to draw, and can be TeX: that finds too much at times and never too little.
    fn add_text(&mut self, text: &str) {
        self.gl |= text.contains("webgl");
        self.math |= ["$$", r"\(", r"\["].iter().any(|begin| text.contains(begin));
    }
}

const WIDGETS: &str = "bokeh.models.widgets";
const TABLES: &str = "bokeh.models.widgets.tables";
const MATH: [&ClassDef; 2] = [&classes::MATH_TEXT, &classes::MATH_TEXT_GLYPH];
