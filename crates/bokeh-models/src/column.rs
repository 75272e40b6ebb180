//! Columns of data sources.

use bokeh_protocol::{Array, Value};

use crate::{Color, DateValue, Factor};

/// What can be a column: vectors, slices and arrays of [`ColumnItem`]s.
///
/// Numbers become typed arrays; a `Vec<f64>` is taken over without a copy. Integers of 64 bits become 32-bit ones where
/// all fit, since browsers have no others. Strings become lists.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be a column", label = "not a column")]
pub trait IntoColumn {
    /// The list or array.
    fn into_column(self) -> Value;
}

/// What a column can consist of.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be an item of a column", label = "not an item of a column")]
pub trait ColumnItem: Sized + Clone {
    /// The list or array of the items.
    fn column(items: Vec<Self>) -> Value;
}

impl<T: ColumnItem> IntoColumn for Vec<T> {
    fn into_column(self) -> Value {
        T::column(self)
    }
}

impl<T: ColumnItem> IntoColumn for &Vec<T> {
    fn into_column(self) -> Value {
        T::column(self.clone())
    }
}

impl<T: ColumnItem> IntoColumn for &[T] {
    fn into_column(self) -> Value {
        T::column(self.to_vec())
    }
}

impl<T: ColumnItem, const N: usize> IntoColumn for [T; N] {
    fn into_column(self) -> Value {
        T::column(self.into())
    }
}

impl<T: ColumnItem, const N: usize> IntoColumn for &[T; N] {
    fn into_column(self) -> Value {
        T::column(self.to_vec())
    }
}

/// An array is a column; each row of one with two dimensions is an item.
impl IntoColumn for Array {
    fn into_column(self) -> Value {
        Value::from(self)
    }
}

/// A list or an array, such as a column of another source.
impl IntoColumn for Value {
    fn into_column(self) -> Value {
        self
    }
}

macro_rules! arrays {
    ($($item:ty),*) => {$(
        impl ColumnItem for $item {
            fn column(items: Vec<Self>) -> Value {
                Value::from(Array::from(items))
            }
        }
    )*};
}
arrays!(f64, f32, i8, i16, i32, i64, u8, u16, u32, u64, bool);

impl ColumnItem for usize {
    fn column(items: Vec<Self>) -> Value {
        u64::column(items.into_iter().map(|item| item as u64).collect())
    }
}

/// What is missing is NaN.
impl ColumnItem for Option<f64> {
    fn column(items: Vec<Self>) -> Value {
        f64::column(items.into_iter().map(|item| item.unwrap_or(f64::NAN)).collect())
    }
}

macro_rules! lists {
    ($($item:ty),*) => {$(
        impl ColumnItem for $item {
            fn column(items: Vec<Self>) -> Value {
                items.into_iter().map(Value::from).collect()
            }
        }
    )*};
}
lists!(&str, String, Value, Color, Factor, DateValue, Array, Option<String>, Option<&str>);

/// Columns of columns: the `xs` and `ys` of patches and multi-lines.
impl<T: ColumnItem> ColumnItem for Vec<T> {
    fn column(items: Vec<Self>) -> Value {
        items.into_iter().map(T::column).collect()
    }
}

impl<T: ColumnItem, const N: usize> ColumnItem for [T; N] {
    fn column(items: Vec<Self>) -> Value {
        items.into_iter().map(|items| T::column(items.into())).collect()
    }
}

/// Categories of two levels.
impl<A: Into<Value> + Clone, B: Into<Value> + Clone> ColumnItem for (A, B) {
    fn column(items: Vec<Self>) -> Value {
        items.into_iter().map(|(a, b)| Value::from_iter([a.into(), b.into()])).collect()
    }
}
