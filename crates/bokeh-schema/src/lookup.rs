//! Finding classes by name.

use std::{collections::HashMap, sync::LazyLock};

use crate::{ClassDef, generated::MODELS, names::NameHash};

static BY_NAME: LazyLock<HashMap<&'static str, &'static ClassDef, NameHash>> =
    LazyLock::new(|| MODELS.iter().map(|class| (class.name(), *class)).collect());

/// The model class of Bokeh with this name on the wire, abstract ones included.
///
/// ```
/// use bokeh_schema::{class, classes};
///
/// assert_eq!(class("bokeh.models.dom.Div"), Some(&classes::DOM_DIV));
/// assert_eq!(class("gauges.Gauge"), None);
/// ```
#[must_use]
pub fn class(name: &str) -> Option<&'static ClassDef> {
    BY_NAME.get(name).copied()
}

/// All model classes of Bokeh, abstract ones included, each after its bases.
///
/// Classes that only contribute properties and are no models themselves (`ButtonLike`, `LineGlyph`) are not among them.
#[must_use]
pub fn models() -> &'static [&'static ClassDef] {
    MODELS
}
