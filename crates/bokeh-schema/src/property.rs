//! Properties of model classes.

use crate::{Kind, Lit};

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
    pub(crate) index: u16,
    pub(crate) def: &'static PropertyDef,
    pub(crate) default: Option<Lit>,
    pub(crate) is_always_sent: bool,
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
    /// Its place among the [properties](crate::ClassDef::properties) of its class: a compact key.
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
