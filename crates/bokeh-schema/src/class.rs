//! Model classes and their properties.

mod resolved;

use std::{fmt, hash, ptr, sync::OnceLock};

use self::resolved::Resolved;
use crate::{Kind, Lit};

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

/// A property as its class declares it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PropertyDef {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Its value until it is set; none for a property that has no value until then.
    pub default: Option<Lit>,
    /// Whether only the browser is to set it.
    pub is_readonly: bool,
    /// Whether it is sent. What is not sent exists in one process only.
    pub is_serialized: bool,
}

/// A property as one class has it: declared here or in a base, with the default that holds here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Property {
    index: u16,
    def: &'static PropertyDef,
    default: Option<Lit>,
    is_always_sent: bool,
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

impl PropertyDef {
    /// A property without a default.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, default: None, is_readonly: false, is_serialized: true }
    }

    /// Gives it a default.
    #[must_use]
    pub const fn with_default(mut self, default: Lit) -> Self {
        self.default = Some(default);
        self
    }

    /// Leaves setting it to the browser.
    #[must_use]
    pub const fn readonly(mut self) -> Self {
        self.is_readonly = true;
        self
    }

    /// Keeps it from being sent.
    #[must_use]
    pub const fn unserialized(mut self) -> Self {
        self.is_serialized = false;
        self
    }
}

impl Property {
    /// Its place among the [properties](ClassDef::properties) of its class: a compact key.
    #[must_use]
    pub fn index(&self) -> u16 {
        self.index
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.def.name
    }

    /// What it may hold.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.def.kind
    }

    /// Its declaration, whose default an inheriting class may have replaced.
    #[must_use]
    pub fn def(&self) -> &'static PropertyDef {
        self.def
    }

    /// Its value in this class until it is set, if any.
    #[must_use]
    pub fn default(&self) -> Option<Lit> {
        self.default
    }

    /// Whether only the browser is to set it.
    #[must_use]
    pub fn is_readonly(&self) -> bool {
        self.def.is_readonly
    }

    /// Whether it is sent.
    #[must_use]
    pub fn is_serialized(&self) -> bool {
        self.def.is_serialized
    }

    /// Whether a model of this class cannot be sent before it is set.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.default.is_none() && self.is_serialized()
    }

    /// Whether it is sent even while it has its default: owned sub-models, whose ids both sides must agree on, and
    /// defaults that Python would not notice being changed in place.
    #[must_use]
    pub fn is_always_sent(&self) -> bool {
        self.is_always_sent
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
