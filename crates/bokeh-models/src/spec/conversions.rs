//! Constants and strings as data specs.

use bokeh_protocol::Value;
use bokeh_schema::specs;

use super::{
    AnySpec, ColorSpec, DashPatternSpec, Field, FontSizeSpec, FontStyleSpec, HatchPatternSpec, IntSpec, LineCapSpec,
    LineJoinSpec, MarkerSpec, NumberSpec, StringSpec, TextAlignSpec, TextBaselineSpec, field,
};
use crate::attributes::constant;
use crate::{Color, DashPattern, DateValue, IntoProp, enums};

/// Constants, by their conversion into `Value`.
macro_rules! constants {
    ($($from:ty => [$($spec:ty),*]);* $(;)?) => {$($(
        impl IntoProp<$spec> for $from {
            fn into_prop(self) -> Value {
                constant(Value::from(self))
            }
        }
    )*)*};
}
constants! {
    f64 => [NumberSpec, AnySpec];
    f32 => [NumberSpec, AnySpec];
    i8 => [NumberSpec, IntSpec, AnySpec];
    i16 => [NumberSpec, IntSpec, AnySpec];
    i32 => [NumberSpec, IntSpec, AnySpec];
    i64 => [NumberSpec, IntSpec, AnySpec];
    u8 => [NumberSpec, IntSpec, AnySpec];
    u16 => [NumberSpec, IntSpec, AnySpec];
    u32 => [NumberSpec, IntSpec, AnySpec];
    u64 => [NumberSpec, IntSpec, AnySpec];
    usize => [NumberSpec, IntSpec, AnySpec];
    DateValue => [NumberSpec];
    Option<f64> => [NumberSpec];
    Color => [ColorSpec];
    enums::LineJoin => [LineJoinSpec];
    enums::LineCap => [LineCapSpec];
    enums::FontStyle => [FontStyleSpec];
    enums::TextAlign => [TextAlignSpec];
    enums::TextBaseline => [TextBaselineSpec];
    enums::MarkerType => [MarkerSpec];
    enums::HatchPattern => [HatchPatternSpec];
    enums::HatchPatternAbbreviation => [HatchPatternSpec];
}

/// Strings: values where they are valid ones, else columns.
macro_rules! strings {
    ($($spec:ty, $is_value:expr;)*) => {$(
        impl IntoProp<$spec> for &str {
            fn into_prop(self) -> Value {
                let is_value: fn(&str) -> bool = $is_value;
                if is_value(self) { constant(Value::from(self)) } else { Field::into_spec(field(self)) }
            }
        }

        impl IntoProp<$spec> for String {
            fn into_prop(self) -> Value {
                IntoProp::<$spec>::into_prop(self.as_str())
            }
        }

        impl IntoProp<$spec> for &String {
            fn into_prop(self) -> Value {
                IntoProp::<$spec>::into_prop(self.as_str())
            }
        }
    )*};
}
strings! {
    NumberSpec, |_| false;
    IntSpec, |_| false;
    StringSpec, |_| false;
    ColorSpec, |text| specs::COLOR.reads_as_value(text);
    FontSizeSpec, |text| specs::FONT_SIZE.reads_as_value(text);
    DashPatternSpec, |text| specs::DASH_PATTERN.reads_as_value(text);
    HatchPatternSpec, |text| specs::HATCH_PATTERN.reads_as_value(text);
    LineJoinSpec, |text| specs::LINE_JOIN.reads_as_value(text);
    LineCapSpec, |text| specs::LINE_CAP.reads_as_value(text);
    FontStyleSpec, |text| specs::FONT_STYLE.reads_as_value(text);
    TextAlignSpec, |text| specs::TEXT_ALIGN.reads_as_value(text);
    TextBaselineSpec, |text| specs::TEXT_BASELINE.reads_as_value(text);
    MarkerSpec, |text| specs::MARKER.reads_as_value(text);
    AnySpec, |text| specs::TEXT_ANCHOR.reads_as_value(text) || specs::TEXT_OUTLINE_SHAPE.reads_as_value(text);
}

impl IntoProp<ColorSpec> for Option<Color> {
    fn into_prop(self) -> Value {
        constant(self.map_or(Value::Null, Value::from))
    }
}

impl IntoProp<ColorSpec> for (u8, u8, u8) {
    fn into_prop(self) -> Value {
        constant(Value::from_iter([Value::from(self.0), Value::from(self.1), Value::from(self.2)]))
    }
}

impl IntoProp<ColorSpec> for (u8, u8, u8, f64) {
    fn into_prop(self) -> Value {
        constant(Value::from_iter([Value::from(self.0), Value::from(self.1), Value::from(self.2), Value::from(self.3)]))
    }
}

impl IntoProp<HatchPatternSpec> for Option<enums::HatchPattern> {
    fn into_prop(self) -> Value {
        constant(self.map_or(Value::Null, Value::from))
    }
}

/// A pattern with a name keeps it in a spec.
impl IntoProp<DashPatternSpec> for DashPattern {
    fn into_prop(self) -> Value {
        constant(self.name().map_or_else(|| self.to_list(), Value::literal))
    }
}

impl<U: IntoProp<i64>, const N: usize> IntoProp<DashPatternSpec> for [U; N] {
    fn into_prop(self) -> Value {
        constant(self.into_iter().map(IntoProp::<i64>::into_prop).collect())
    }
}

impl<U: IntoProp<i64>> IntoProp<DashPatternSpec> for Vec<U> {
    fn into_prop(self) -> Value {
        constant(self.into_iter().map(IntoProp::<i64>::into_prop).collect())
    }
}
