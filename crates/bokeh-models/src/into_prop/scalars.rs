//! Numbers, booleans and strings.

use std::borrow::Cow;

use bokeh_protocol::{Array, Text, Value};

use super::IntoProp;

/// Implements `IntoProp` for the given types of properties by the conversion into `Value`.
macro_rules! as_is {
    ($($from:ty => [$($prop:ty),*]);* $(;)?) => {$($(
        impl IntoProp<$prop> for $from {
            fn into_prop(self) -> Value {
                Value::from(self)
            }
        }
    )*)*};
}

as_is! {
    bool => [bool, Option<bool>, Value];
    f64 => [f64, Option<f64>, Value];
    f32 => [f64, Option<f64>, Value];
    i8 => [i64, Option<i64>, f64, Option<f64>, Value];
    i16 => [i64, Option<i64>, f64, Option<f64>, Value];
    i32 => [i64, Option<i64>, f64, Option<f64>, Value];
    i64 => [i64, Option<i64>, f64, Option<f64>, Value];
    u8 => [i64, Option<i64>, f64, Option<f64>, Value];
    u16 => [i64, Option<i64>, f64, Option<f64>, Value];
    u32 => [i64, Option<i64>, f64, Option<f64>, Value];
    u64 => [i64, Option<i64>, f64, Option<f64>, Value];
    usize => [i64, Option<i64>, f64, Option<f64>, Value];
    &str => [String, Value];
    String => [String, Value];
    Text => [String, Option<String>, Value];
    Array => [Value];
}

macro_rules! strings {
    ($($from:ty => [$($prop:ty),*]);* $(;)?) => {$($(
        impl IntoProp<$prop> for $from {
            fn into_prop(self) -> Value {
                Value::from(AsRef::<str>::as_ref(&self))
            }
        }
    )*)*};
}

strings! {
    &String => [String, Option<String>, Value];
    Cow<'_, str> => [String, Option<String>, Value];
    &str => [Option<String>];
    String => [Option<String>];
}
