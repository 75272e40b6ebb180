//! Themes: other defaults for the properties of models.

mod built_in;

use std::collections::HashMap;
use std::sync::Arc;

use bokeh_protocol::{Map, ModelId, Value};
use bokeh_schema::ClassDef;
use serde_json::Value as Json;

use crate::class::Class;
use crate::model::Attr;
use crate::{Document, GetError};

pub use built_in::BuiltInTheme;

/// What properties of models hold that nobody has set. Cheap to clone.
///
/// ```
/// use bokeh_document::{Document, Theme};
/// use bokeh_protocol::{Object, Value};
/// use serde_json::json;
///
/// let theme = Theme::from_json(&json!({"attrs": {"Title": {"text_color": "navy"}}}))?;
/// let mut doc = Document::new();
/// doc.set_theme(theme);
/// let title = doc.add_root(Object { name: "Title".into(), id: None, attributes: Vec::new() });
/// assert_eq!(doc.value(title, "text_color")?, Value::from("navy"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Theme(Arc<Blocks>);

/// Why a theme cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ThemeError {
    /// Something is no object with names and values.
    #[error("{0} of the theme is no map of names and values")]
    NoMap(String),
}

impl Theme {
    /// Reads a theme as Bokeh writes it: under `attrs` a map from classes to maps of properties, which also count for classes
    /// that extend them; under `line_defaults`, `fill_defaults` and `text_defaults` properties of all glyphs that have such.
    ///
    /// Classes and properties that nobody knows are passed over.
    ///
    /// # Errors
    /// When one of these is no map.
    pub fn from_json(theme: &Json) -> Result<Self, ThemeError> {
        let map = |value: &Json, name: &str| match value {
            Json::Object(map) => Ok(map.clone()),
            Json::Null => Ok(serde_json::Map::new()),
            _ => Err(ThemeError::NoMap(name.to_owned())),
        };
        let fields = map(theme, "the whole")?;
        let block = |name: &str| -> Result<Block, ThemeError> {
            let properties = map(fields.get(name).unwrap_or(&Json::Null), name)?;
            Ok(properties.iter().map(|(name, json)| (name.clone(), value(json))).collect())
        };
        let attrs = map(fields.get("attrs").unwrap_or(&Json::Null), "attrs")?;
        let classes = attrs.iter().map(|(class, properties)| {
            let properties = map(properties, &format!("attrs.{class}"))?;
            Ok((class.clone(), properties.iter().map(|(name, json)| (name.clone(), value(json))).collect()))
        });
        Ok(Self(Arc::new(Blocks {
            classes: classes.collect::<Result<_, ThemeError>>()?,
            of_glyphs: [
                ("line_alpha", block("line_defaults")?),
                ("fill_alpha", block("fill_defaults")?),
                ("text_alpha", block("text_defaults")?),
            ],
        })))
    }

    /// The properties of a class and their values, those of its bases first.
    fn of_class(&self, class: &'static ClassDef) -> Vec<(Attr, Value)> {
        let mut found: Vec<(Attr, Value)> = Vec::new();
        let mut add = |block: &Block| {
            for (name, value) in block {
                let Some(property) = class.property(name) else { continue };
                found.retain(|(attr, _)| *attr != property.index());
                found.push((property.index(), value.clone()));
            }
        };
        for base in class.mro().iter().rev() {
            if base.mro().iter().any(|base| base.name() == "Glyph") {
                let of_glyphs = self.0.of_glyphs.iter();
                of_glyphs.filter(|(mark, _)| base.property(mark).is_some()).for_each(|(_, block)| add(block));
            }
            self.0.classes.get(base.name()).into_iter().for_each(&mut add);
            // Python's class of figures has a name that models never have.
            if base.name() == "Figure" {
                self.0.classes.get("figure").into_iter().for_each(&mut add);
            }
        }
        found
    }
}

impl Document {
    /// Gives properties that nobody has set other defaults: of the models that are there, and of those that come. A model
    /// keeps what an earlier theme gave it.
    pub fn set_theme(&mut self, theme: impl Into<Theme>) {
        self.theme = Some(Box::new(ThemeState { theme: theme.into(), by_class: HashMap::new() }));
        let mut models: Vec<ModelId> = self.models.keys().map(|index| self.id(*index)).collect();
        models.sort_unstable();
        for model in models {
            let Ok(Class::Known(class)) = self.entry(model).map(|entry| entry.class) else { continue };
            for (property, value) in self.unset_by_theme(model, class) {
                // A value that does not fit was warned of.
                self.set_value(model, property, value).ok();
            }
        }
    }

    /// The theme, if there is one.
    #[must_use]
    pub fn theme(&self) -> Option<&Theme> {
        self.theme.as_ref().map(|state| &state.theme)
    }

    /// Gives a new model what the theme has for it. Nobody was told of it yet.
    pub(crate) fn apply_theme(&mut self, model: ModelId, class: Class) -> Vec<Attr> {
        let Class::Known(class) = class else { return Vec::new() };
        if self.theme.is_none() {
            return Vec::new();
        }
        let mut set = Vec::new();
        for (property, value) in self.unset_by_theme(model, class) {
            if let Some(property) = class.property(property) {
                self.store(model, property.index(), value);
                set.push(property.index());
            }
        }
        set
    }

    /// What the theme has for properties of a model that nobody has set.
    fn unset_by_theme(&mut self, model: ModelId, class: &'static ClassDef) -> Vec<(&'static str, Value)> {
        let themed = self.themed(class);
        let is_unset = |attr: Attr| -> Result<bool, GetError> { Ok(self.entry(model)?.get(attr).is_none()) };
        let unset = themed.iter().filter(|(attr, _)| is_unset(*attr).unwrap_or(false));
        let named =
            unset.filter_map(|(attr, value)| Some((class.properties().get(usize::from(*attr))?.name(), value.clone())));
        named.collect()
    }

    /// What the theme has for a class, of the right kinds.
    fn themed(&mut self, class: &'static ClassDef) -> Arc<[(Attr, Value)]> {
        let Some(state) = &self.theme else { return Arc::default() };
        if let Some(known) = state.by_class.get(class.name()) {
            return known.clone();
        }
        let mut fitting = Vec::new();
        for (attr, value) in state.theme.of_class(class) {
            match self.accept(Class::Known(class), attr, value) {
                Ok(value) => fitting.push((attr, value)),
                Err(error) => self.warnings.push(format!("the theme has a value that does not fit: {error}")),
            }
        }
        let fitting: Arc<[(Attr, Value)]> = fitting.into();
        if let Some(state) = &mut self.theme {
            state.by_class.insert(class.name(), fitting.clone());
        }
        fitting
    }
}

/// A theme and what was found in it.
#[derive(Debug)]
pub(crate) struct ThemeState {
    theme: Theme,
    by_class: HashMap<&'static str, Arc<[(Attr, Value)]>>,
}

/// Properties with their values.
type Block = Vec<(String, Value)>;

#[derive(Debug, PartialEq)]
struct Blocks {
    classes: HashMap<String, Block>,
    /// By the property that marks the glyphs that have such properties.
    of_glyphs: [(&'static str, Block); 3],
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => (*value).into(),
        Json::Number(number) => match number.as_i64() {
            Some(value) => value.into(),
            None => number.as_f64().unwrap_or_default().into(),
        },
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => items.iter().map(value).collect(),
        Json::Object(entries) => {
            Value::Map(entries.iter().map(|(key, json)| (key.as_str(), value(json))).collect::<Map>())
        }
    }
}
