//! Data specs.

use crate::{Text, Value};

/// A data spec: where a visual property gets its value for each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// The source of the values.
    pub kind: SpecKind,
    /// A transform applied to each value: a model.
    pub transform: Option<Value>,
    /// The unit of the values (`deg`, `screen`, ...), when it is not the property's default.
    pub units: Option<Text>,
}

/// The source of a [`Spec`]'s values.
#[derive(Clone, Debug, PartialEq)]
pub enum SpecKind {
    /// The same value for all rows.
    Value(Value),
    /// The column of that name.
    Field(Text),
    /// An expression model.
    Expr(Value),
}

impl Spec {
    /// A spec without transform and units.
    #[must_use]
    pub fn new(kind: SpecKind) -> Self {
        Spec { kind, transform: None, units: None }
    }
}
