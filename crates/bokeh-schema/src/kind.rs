//! What a property may hold.

mod display;
mod spec;
mod text;

use crate::{Bounds, ClassDef, EnumDef};

pub use spec::{Spec, Units};

/// The values that a property may hold, as a peer may send them.
///
/// Bokeh's own property types come down to these variants. Three kinds of facts are left out, since they concern
/// Python's constructors and never the wire: values that Python converts when they are assigned (a string for a
/// plot's title), conditions on the attributes of a model, and keys that a dict must not have.
///
/// ```
/// use bokeh_schema::{Bounds, Kind, classes};
///
/// let alpha = classes::BOX_ANNOTATION.property("fill_alpha").unwrap();
/// assert_eq!(alpha.kind(), Kind::Float(Bounds::UNIT));
/// assert_eq!(alpha.kind().to_string(), "a number from 0 to 1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Anything, models included.
    Any,
    /// Null.
    Null,
    /// A boolean.
    Bool,
    /// An integer. JavaScript has one type for numbers, so that an integral float means the same.
    Int(Bounds),
    /// A number: a float or an integer.
    Float(Bounds),
    /// A string.
    Str,
    /// A string with this beginning.
    Prefixed(&'static str),
    /// A CSS length, such as a font size: digits and a unit, as in `"12px"` or `"1.5em"`.
    CssLength,
    /// A string that holds JSON text.
    Json,
    /// Bytes.
    Bytes,
    /// A member of an enumeration.
    Enum(&'static EnumDef),
    /// A model of this class or of one below it.
    Instance(&'static ClassDef),
    /// Null or a value of this kind.
    Nullable(&'static Kind),
    /// A list whose items are of this kind.
    List(&'static Kind),
    /// A list or an array whose items are of this kind.
    Seq(&'static Kind),
    /// A list or an array of this kind that is not empty.
    NonEmpty(&'static Kind),
    /// A set whose items are of this kind.
    Set(&'static Kind),
    /// A map from the first kind to the second.
    Dict(&'static Kind, &'static Kind),
    /// A list with one item of each kind.
    Tuple(&'static [Kind]),
    /// A map with these string keys and no other.
    Struct(&'static [Field]),
    /// A value of any of these kinds. The first that fits is meant.
    Either(&'static [Kind]),
    /// A colour: a CSS string, an integer `0xRRGGBBAA`, or a list of red, green, blue (0 to 255) and perhaps alpha (0 to 1).
    /// [`is_color`](crate::is_color) knows the strings.
    Color,
    /// Line dashes: a name ([`enums::DASH_PATTERN`](crate::enums::DASH_PATTERN)), integers in a string (`"4 2"`) or in a list.
    DashPattern,
    /// A hatch pattern: a name, its one letter, or the name of an extra texture, so that any string will do.
    HatchPattern,
    /// A date: an ISO string, as in `"2024-01-02"`.
    Date,
    /// An instant: milliseconds since the epoch in UTC, or an ISO string.
    Datetime,
    /// A time of day: milliseconds since midnight, or an ISO string. Python sends the former and reads only the latter.
    Time,
    /// A duration in milliseconds.
    TimeDelta,
    /// The columns of a data source: a map from names to lists or arrays.
    ColumnData,
    /// A value for all rows, the name of a column, or an expression.
    Spec(&'static Spec),
}

/// A key of a [`Kind::Struct`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// Whether the key may be missing.
    pub is_optional: bool,
}

impl Kind {
    /// Any integer.
    pub const INT: Self = Self::Int(Bounds::NONE);
    /// Any number.
    pub const FLOAT: Self = Self::Float(Bounds::NONE);
    /// A number from 0 to 1.
    pub const PERCENT: Self = Self::Float(Bounds::UNIT);
    /// An integer of at least 0: pixels, counts.
    pub const COUNT: Self = Self::Int(Bounds::NON_NEGATIVE);
}
