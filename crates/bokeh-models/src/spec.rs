//! Data specs: properties that may vary from row to row.

mod conversions;

use bokeh_protocol::{Spec, SpecKind, Text, Value};

use crate::{FromValue, IntoModel, IntoProp};

/// The column of that name, where a bare string would be read as a value.
///
/// ```
/// use bokeh_models::prelude::*;
///
/// let circle = Scatter::new().x(field("x")).fill_color(linear_cmap("y", palettes::VIRIDIS.of(256), 0, 1));
/// # let _ = circle;
/// ```
pub fn field(name: impl Into<Text>) -> Field {
    Field { name: name.into(), transform: None, units: None }
}

/// The same value for all rows, where a bare string would be read as the name of a column.
pub fn value<T>(value: T) -> Constant<T> {
    Constant { value, transform: None, units: None }
}

/// What an expression model computes, such as [`Stack`](crate::models::Stack).
pub fn expr(expression: impl IntoProp<crate::models::Expression>) -> Expr {
    Expr { expression: expression.into_prop(), transform: None }
}

/// A column of a data source. Made by [`field`].
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    name: Text,
    transform: Option<Value>,
    units: Option<Text>,
}

/// A value for all rows. Made by [`value`].
#[derive(Clone, Debug, PartialEq)]
pub struct Constant<T> {
    value: T,
    transform: Option<Value>,
    units: Option<Text>,
}

/// An expression. Made by [`expr`].
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    expression: Value,
    transform: Option<Value>,
}

impl Field {
    /// Applies a transform, such as a colour mapper, to each value.
    #[must_use]
    pub fn transform(mut self, transform: impl IntoModel) -> Self {
        self.transform = Some(transform.into_model_value());
        self
    }

    /// Gives the unit of the values, such as `"deg"` or `"screen"`.
    #[must_use]
    pub fn units(mut self, units: impl Into<Text>) -> Self {
        self.units = Some(units.into());
        self
    }

    pub(crate) fn into_spec(self) -> Value {
        Value::from(Spec { kind: SpecKind::Field(self.name), transform: self.transform, units: self.units })
    }
}

impl<T> Constant<T> {
    /// Applies a transform to the value.
    #[must_use]
    pub fn transform(mut self, transform: impl IntoModel) -> Self {
        self.transform = Some(transform.into_model_value());
        self
    }

    /// Gives the unit of the value, such as `"deg"` or `"screen"`.
    #[must_use]
    pub fn units(mut self, units: impl Into<Text>) -> Self {
        self.units = Some(units.into());
        self
    }

    fn into_spec(self, convert: impl FnOnce(T) -> Value) -> Value {
        Value::from(Spec { kind: SpecKind::Value(convert(self.value)), transform: self.transform, units: self.units })
    }
}

impl Expr {
    /// Applies a transform to what is computed.
    #[must_use]
    pub fn transform(mut self, transform: impl IntoModel) -> Self {
        self.transform = Some(transform.into_model_value());
        self
    }

    fn into_spec(self) -> Value {
        Value::from(Spec { kind: SpecKind::Expr(self.expression), transform: self.transform, units: None })
    }
}

macro_rules! specs {
    ($($(#[$doc:meta])* $name:ident of $value:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name(Value);

        impl $name {
            /// The value that is the same for all rows, if there is one.
            #[must_use]
            pub fn as_constant(&self) -> Option<$value> {
                match &self.0 {
                    Value::Spec(spec) => match &spec.kind {
                        SpecKind::Value(value) => FromValue::from_value(value),
                        SpecKind::Field(_) | SpecKind::Expr(_) => None,
                    },
                    bare => FromValue::from_value(bare),
                }
            }

            /// The name of the column, if the values come from one.
            #[must_use]
            pub fn as_field(&self) -> Option<&str> {
                match &self.0 {
                    Value::Spec(spec) => match &spec.kind {
                        SpecKind::Field(name) => Some(name),
                        SpecKind::Value(_) | SpecKind::Expr(_) => None,
                    },
                    _ => None,
                }
            }

            /// The value as it is stored.
            #[must_use]
            pub fn as_value(&self) -> &Value {
                &self.0
            }
        }

        impl FromValue for $name {
            fn from_value(value: &Value) -> Option<Self> {
                Some($name(value.clone()))
            }
        }

        impl IntoProp<$name> for $name {
            fn into_prop(self) -> Value {
                self.0
            }
        }

        impl IntoProp<$name> for Field {
            fn into_prop(self) -> Value {
                self.into_spec()
            }
        }

        impl IntoProp<$name> for Expr {
            fn into_prop(self) -> Value {
                self.into_spec()
            }
        }

        impl<T: IntoProp<$value>> IntoProp<$name> for Constant<T> {
            fn into_prop(self) -> Value {
                self.into_spec(IntoProp::<$value>::into_prop)
            }
        }
    )*};
}

specs! {
    /// Numbers: coordinates, sizes, angles, alphas. Strings name columns.
    NumberSpec of Option<f64>;
    /// Integers. Strings name columns.
    IntSpec of i64;
    /// Strings. Bare strings name columns; [`value`] gives a text for all rows.
    StringSpec of Option<String>;
    /// Colours. Strings that are no colour in CSS name columns.
    ColorSpec of Option<Color>;
    /// Font sizes. Strings that are no CSS length name columns.
    FontSizeSpec of String;
    /// Dash patterns. Strings that are none name columns.
    DashPatternSpec of Value;
    /// Hatch patterns. Strings that are none name columns.
    HatchPatternSpec of Option<String>;
    /// Joints of lines. Strings that are no member name columns.
    LineJoinSpec of enums::LineJoin;
    /// Ends of lines. Strings that are no member name columns.
    LineCapSpec of enums::LineCap;
    /// Font styles. Strings that are no member name columns.
    FontStyleSpec of enums::FontStyle;
    /// Alignments of text. Strings that are no member name columns.
    TextAlignSpec of enums::TextAlign;
    /// Baselines of text. Strings that are no member name columns.
    TextBaselineSpec of enums::TextBaseline;
    /// Markers. Strings that are no member name columns.
    MarkerSpec of Value;
    /// Data of other kinds. Strings name columns unless the document finds them to be values.
    AnySpec of Value;
}

use crate::{Color, enums};
