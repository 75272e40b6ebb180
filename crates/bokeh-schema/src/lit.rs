//! Default values as constants.

use crate::ClassDef;

/// A property's default, written down as a constant.
///
/// Every model gets its own copy: a default that is a model ([`Lit::Model`]) stands for a new model per owner.
///
/// ```
/// use bokeh_schema::{Lit, classes};
///
/// assert_eq!(classes::SLIDER.property("step").unwrap().default(), Some(Lit::Int(1)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lit {
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float, which may be infinite or NaN.
    Float(f64),
    /// A string.
    Str(&'static str),
    /// A list.
    List(&'static [Lit]),
    /// A map with its entries in order.
    Map(&'static [(Lit, Lit)]),
    /// A set.
    Set(&'static [Lit]),
    /// A new model of this class with these attributes set.
    Model(&'static ClassDef, &'static [(&'static str, Lit)]),
    /// A data spec that is the same value for all rows.
    SpecValue(&'static Lit),
    /// A data spec that reads a column.
    SpecField(&'static str),
}
