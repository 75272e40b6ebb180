//! Colours.

use std::fmt;

use bokeh_protocol::{Text, Value};

use crate::{FromValue, IntoProp};

/// A colour as CSS writes it: a name, `#rrggbb` or `rgb(r, g, b)`.
///
/// ```
/// use bokeh_models::Color;
///
/// assert_eq!(Color::NAVY.to_string(), "navy");
/// assert_eq!(Color::rgb(255, 99, 71).to_string(), "rgb(255, 99, 71)");
/// assert_eq!(Color::rgba(255, 99, 71, 0.5).to_string(), "rgba(255, 99, 71, 0.5)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Color(Text);

impl Color {
    pub(crate) const fn named(name: &'static str) -> Self {
        Color(Text::from_static(name))
    }

    /// A colour from its channels, 0 to 255.
    #[must_use]
    pub fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Color(format!("rgb({red}, {green}, {blue})").into())
    }

    /// A colour from its channels, 0 to 255, and its opacity, 0 to 1.
    #[must_use]
    pub fn rgba(red: u8, green: u8, blue: u8, alpha: f64) -> Self {
        Color(format!("rgba({red}, {green}, {blue}, {alpha})").into())
    }

    /// The colour in CSS.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A colour in CSS. Whether it is one is checked when it is assigned.
impl From<&str> for Color {
    fn from(css: &str) -> Self {
        Color(css.into())
    }
}

impl From<Color> for Value {
    fn from(color: Color) -> Self {
        Value::Str(color.0)
    }
}

/// Peers send strings, integers `0xRRGGBBAA`, and lists of channels.
impl FromValue for Color {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Str(text) = value {
            return Some(Color(text.clone()));
        }
        if let Some(number) = value.as_i64() {
            return Some(Color(format!("#{:08x}", u32::try_from(number).ok()?).into()));
        }
        let channels = Vec::<f64>::from_value(value)?;
        match channels.as_slice() {
            [r, g, b] => Some(Color(format!("rgb({r}, {g}, {b})").into())),
            [r, g, b, a] => Some(Color(format!("rgba({r}, {g}, {b}, {a})").into())),
            _ => None,
        }
    }
}

macro_rules! colors {
    ($($from:ty, $color:ident => $value:expr;)*) => {$(
        impl IntoProp<Color> for $from {
            fn into_prop(self) -> Value {
                let $color = self;
                Value::from($value)
            }
        }

        impl IntoProp<Option<Color>> for $from {
            fn into_prop(self) -> Value {
                let $color = self;
                Value::from($value)
            }
        }
    )*};
}
colors! {
    Color, color => color;
    &str, color => color;
    String, color => color;
    &String, color => color.as_str();
    (u8, u8, u8), color => Color::rgb(color.0, color.1, color.2);
    (u8, u8, u8, f64), color => Color::rgba(color.0, color.1, color.2, color.3);
}

impl IntoProp<Value> for Color {
    fn into_prop(self) -> Value {
        self.into()
    }
}
