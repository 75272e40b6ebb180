//! What types cannot catch.

use std::fmt;

use bokeh_protocol::{ModelId, SpecKind, Value};
use bokeh_schema::{ClassDef, Kind, classes};

use crate::Document;
use crate::class::Class;

/// Something in a document that will not be shown as it is meant.
///
/// Its text names the model, the property and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The model.
    pub model: ModelId,
    /// Its class and its id on the wire, such as `GlyphRenderer(m1012)`.
    pub name: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a model.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// A property has no value, and no default either.
    Unset(String),
    /// A glyph names columns that its data source does not have. It is drawn without them, or not at all.
    UnknownColumns {
        /// The class of the glyph.
        glyph: String,
        /// The columns that are missing.
        missing: Vec<String>,
        /// The columns that are there.
        known: Vec<String>,
    },
    /// The columns of a data source have different lengths. Only the rows that all have are drawn.
    UnequalColumns(Vec<(String, usize)>),
}

impl Document {
    /// Looks for what types cannot catch, in the models that the roots lead to: properties without a value, columns that
    /// glyphs name and sources do not have, columns of unequal lengths. A server logs the findings when a session begins.
    ///
    /// ```
    /// use bokeh_document::Document;
    /// use bokeh_protocol::Object;
    ///
    /// let mut doc = Document::new();
    /// doc.add_root(Object { name: "Slider".into(), id: None, attributes: vec![("value".into(), 1.into())] });
    /// let findings: Vec<String> = doc.check().iter().map(ToString::to_string).collect();
    /// assert_eq!(findings, ["Slider(m1003).start has no value; set it", "Slider(m1003).end has no value; set it"]);
    /// ```
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        let mut models: Vec<ModelId> = self.models().collect();
        models.sort();
        let problems = models.into_iter().flat_map(|model| self.problems(model).into_iter().map(move |it| (model, it)));
        problems.map(|(model, problem)| Finding { model, name: self.describe(model), problem }).collect()
    }

    fn problems(&self, model: ModelId) -> Vec<Problem> {
        let Some(Class::Known(class)) = self.entry(model).ok().map(|entry| entry.class) else { return Vec::new() };
        let is_unset = |name: &&str| !self.is_set(model, name);
        let unset = class.required().map(|property| property.name()).filter(is_unset);
        let mut problems: Vec<Problem> = unset.map(|name| Problem::Unset(name.to_owned())).collect();
        if class.is_a(&classes::COLUMN_DATA_SOURCE) {
            problems.extend(self.unequal_columns(model));
        }
        if class.is_a(&classes::GLYPH_RENDERER) {
            problems.extend(self.unknown_columns(model));
        }
        problems
    }

    fn unequal_columns(&self, source: ModelId) -> Option<Problem> {
        let data = self.data(source).ok()?;
        let length = |column: &Value| match column {
            Value::List(items) => Some(items.len()),
            Value::Array(array) => array.shape().first().copied(),
            _ => None,
        };
        let lengths: Vec<(String, usize)> = data
            .entries()
            .iter()
            .filter_map(|(name, column)| Some((name.as_str()?.to_owned(), length(column)?)))
            .collect();
        let first = lengths.first()?.1;
        lengths.iter().any(|(_, length)| *length != first).then_some(Problem::UnequalColumns(lengths))
    }

    fn unknown_columns(&self, renderer: ModelId) -> Option<Problem> {
        let model = |property| self.value(renderer, property).ok()?.as_model();
        let (source, glyph) = (model("data_source")?, model("glyph")?);
        // Only the browser knows what a source fetches from elsewhere.
        let is_local = self.is_a(source, &classes::COLUMN_DATA_SOURCE) && !self.is_a(source, &classes::WEB_DATA_SOURCE);
        let Ok(Class::Known(class)) = self.entry(glyph).map(|entry| entry.class) else { return None };
        let data = self.data(source).ok().filter(|_| is_local)?;
        let mut missing: Vec<String> = Vec::new();
        for name in self.named_columns(glyph, class) {
            if data.get(&name).is_none() && !missing.contains(&name) {
                missing.push(name);
            }
        }
        let known = data.keys().map(str::to_owned).collect();
        (!missing.is_empty()).then(|| Problem::UnknownColumns { glyph: class.name().to_owned(), missing, known })
    }

    /// The columns that a glyph's properties name, those that they name by default included.
    fn named_columns(&self, glyph: ModelId, class: &'static ClassDef) -> impl Iterator<Item = String> {
        let specs = class.properties().iter().filter(|property| matches!(property.kind(), Kind::Spec(_)));
        specs.filter_map(move |property| match self.value(glyph, property.name()).ok()? {
            Value::Spec(spec) => match &spec.kind {
                SpecKind::Field(name) => Some(name.to_string()),
                SpecKind::Value(_) | SpecKind::Expr(_) => None,
            },
            _ => None,
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.problem {
            Problem::Unset(property) => write!(f, "{name}.{property} has no value; set it"),
            Problem::UnknownColumns { glyph, missing, known } => {
                let (missing, known) = (quoted(missing), quoted(known));
                let known = if known.is_empty() { "none".to_owned() } else { known };
                write!(f, "{name}: its {glyph} names the columns {missing}, but its data source has {known}")
            }
            Problem::UnequalColumns(lengths) => {
                let lengths = lengths.iter().map(|(name, length)| format!("{name:?} has {length} rows"));
                write!(f, "{name}: {}; make them equal", lengths.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ")
}
