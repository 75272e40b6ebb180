//! Reading properties.

use bokeh_protocol::Value;

/// A type that a property can be read as.
pub trait FromValue: Sized + 'static {
    /// The value, if it is one of this type.
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl FromValue for f64 {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_f64()
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_i64()
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// Lists, sets and arrays.
impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::List(items) | Value::Set(items) => items.iter().map(T::from_value).collect(),
            Value::Array(array) => array.values().map(|item| T::from_value(&item)).collect(),
            _ => None,
        }
    }
}

macro_rules! tuples {
    ($(($($type:ident $item:ident),+))*) => {$(
        impl<$($type: FromValue),+> FromValue for ($($type,)+) {
            fn from_value(value: &Value) -> Option<Self> {
                let items = Vec::<Value>::from_value(value)?;
                let [$($item),+] = items.as_slice() else { return None };
                Some(($($type::from_value($item)?,)+))
            }
        }
    )*};
}
tuples!((A a, B b) (A a, B b, C c) (A a, B b, C c, D d) (A a, B b, C c, D d, E e));
