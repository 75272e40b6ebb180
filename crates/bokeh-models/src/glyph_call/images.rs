//! Images given as rows of pixels.

use bokeh_protocol::{Array, Value};

/// The column `image` as BokehJS takes it: a list of arrays with two dimensions. Rows of pixels become such an array, so
/// that `Vec<Vec<f64>>` is one image and `Vec<Vec<Vec<f64>>>` are several.
///
/// # Panics
/// When the rows of an image are of unequal lengths.
#[track_caller]
pub(super) fn images(column: Value) -> Value {
    let Some(items) = column.as_list() else { return column };
    if items.iter().all(is_row) {
        return Value::from_iter(image(items));
    }
    let one = |item: &Value| match item.as_list() {
        Some(rows) if rows.iter().all(is_row) => image(rows).unwrap_or_else(|| item.clone()),
        _ => item.clone(),
    };
    items.iter().map(one).collect()
}

fn is_row(value: &Value) -> bool {
    value.as_array().is_some_and(|row| row.n_dims() == 1)
}

#[track_caller]
fn image(rows: &[Value]) -> Option<Value> {
    let arrays = || rows.iter().filter_map(Value::as_array);
    let first = arrays().next()?;
    let n_columns = first.len();
    assert!(arrays().all(|row| row.len() == n_columns), "the rows of an image must be of equal lengths");
    let pixels = arrays().flat_map(Array::values).collect();
    let image = Array::from_values(first.dtype(), pixels)?.reshape(&[rows.len(), n_columns]).ok()?;
    Some(Value::from(image))
}
