//! Model classes.

mod resolved;

use std::{fmt, hash, ptr, sync::OnceLock};

use self::resolved::Resolved;
use crate::{Lit, Property, PropertyDef};

/// A model class: its bases, its own properties, and the defaults that it replaces.
///
/// The classes of Bokeh are the statics in [`classes`](crate::classes). A crate that adds a class declares one more:
///
/// ```
/// use bokeh_schema::{ClassDef, Kind, Lit, PropertyDef, classes};
///
/// static GAUGE: ClassDef = ClassDef::new("gauges.Gauge", "gauges", &[&classes::LAYOUT_DOM])
///     .with_properties(&[
///         PropertyDef::new("value", Kind::FLOAT),
///         PropertyDef::new("label", Kind::Str).with_default(Lit::Str("")),
///     ])
///     .with_overrides(&[("width", Lit::Int(120))]);
///
/// assert!(GAUGE.is_a(&classes::MODEL));
/// assert_eq!(GAUGE.property("width").unwrap().default(), Some(Lit::Int(120)));
/// assert!(GAUGE.property("value").unwrap().is_required());
/// ```
///
/// Classes are compared by identity.
pub struct ClassDef {
    name: &'static str,
    module: &'static str,
    is_abstract: bool,
    bases: &'static [&'static ClassDef],
    own_properties: &'static [PropertyDef],
    aliases: &'static [(&'static str, &'static str)],
    overrides: &'static [(&'static str, Lit)],
    always_sent: &'static [&'static str],
    resolved: OnceLock<Resolved>,
}

impl ClassDef {
    /// A class with the name that it has on the wire, the Python module or other place that defines it, and its bases
    /// in order.
    #[must_use]
    pub const fn new(name: &'static str, module: &'static str, bases: &'static [&'static ClassDef]) -> Self {
        Self {
            name,
            module,
            is_abstract: false,
            bases,
            own_properties: &[],
            aliases: &[],
            overrides: &[],
            always_sent: &[],
            resolved: OnceLock::new(),
        }
    }

    /// Marks a class that only serves as a base.
    #[must_use]
    pub const fn as_abstract(mut self) -> Self {
        self.is_abstract = true;
        self
    }

    /// Declares the class's own properties.
    #[must_use]
    pub const fn with_properties(mut self, properties: &'static [PropertyDef]) -> Self {
        self.own_properties = properties;
        self
    }

    /// Gives properties a second name: pairs of the other name and the property's.
    #[must_use]
    pub const fn with_aliases(mut self, aliases: &'static [(&'static str, &'static str)]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Replaces defaults of inherited properties.
    #[must_use]
    pub const fn with_overrides(mut self, overrides: &'static [(&'static str, Lit)]) -> Self {
        self.overrides = overrides;
        self
    }

    /// Names the properties that are sent even while they have their default, in addition to those of the bases.
    #[must_use]
    pub const fn with_always_sent(mut self, names: &'static [&'static str]) -> Self {
        self.always_sent = names;
        self
    }

    /// The name on the wire: `"Slider"`, `"bokeh.models.dom.Div"`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The place that defines it: `"bokeh.models.widgets.sliders"`.
    #[must_use]
    pub fn module(&self) -> &'static str {
        self.module
    }

    /// Whether it only serves as a base.
    #[must_use]
    pub fn is_abstract(&self) -> bool {
        self.is_abstract
    }

    /// Its direct bases in order.
    #[must_use]
    pub fn bases(&self) -> &'static [&'static ClassDef] {
        self.bases
    }

    /// The properties that it declares itself.
    #[must_use]
    pub fn own_properties(&self) -> &'static [PropertyDef] {
        self.own_properties
    }

    /// The defaults that it replaces.
    #[must_use]
    pub fn overrides(&self) -> &'static [(&'static str, Lit)] {
        self.overrides
    }

    /// The class itself and all its bases, in Python's method resolution order.
    #[must_use]
    pub fn mro(&'static self) -> &'static [&'static ClassDef] {
        &self.resolved().mro
    }

    /// Whether the class is `other` or below it.
    #[must_use]
    pub fn is_a(&'static self, other: &ClassDef) -> bool {
        self.mro().contains(&other)
    }

    /// All properties, inherited ones included, in the order of attributes on the wire: bases first.
    #[must_use]
    pub fn properties(&'static self) -> &'static [Property] {
        &self.resolved().properties
    }

    /// The property of this name, or of which it is an alias.
    #[must_use]
    pub fn property(&'static self, name: &str) -> Option<&'static Property> {
        let resolved = self.resolved();
        let index = *resolved.index_by_name.get(name)?;
        resolved.properties.get(usize::from(index))
    }

    /// The properties that must be set before a model can be sent.
    pub fn required(&'static self) -> impl Iterator<Item = &'static Property> {
        self.properties().iter().filter(|property| property.is_required())
    }

    /// The properties that are sent even while they have their default.
    pub fn always_sent(&'static self) -> impl Iterator<Item = &'static Property> {
        self.properties().iter().filter(|property| property.is_always_sent())
    }

    fn resolved(&'static self) -> &'static Resolved {
        self.resolved.get_or_init(|| Resolved::new(self))
    }
}

impl PartialEq for ClassDef {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self, other)
    }
}

impl Eq for ClassDef {}

impl hash::Hash for ClassDef {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        ptr::hash(self, state);
    }
}

impl fmt::Debug for ClassDef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClassDef").field(&self.name).finish()
    }
}
