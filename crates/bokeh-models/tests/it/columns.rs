//! Columns of data sources.

use bokeh_document::Document;
use bokeh_models::prelude::*;
use bokeh_models::{ColumnItem, IntoColumn};
use bokeh_protocol::{Array, DType, Value as Wire};

#[test]
fn numbers_become_arrays_and_strings_lists() {
    for (column, dtype) in [
        (vec![1.0].into_column(), DType::Float64),
        (vec![1.0_f32].into_column(), DType::Float32),
        (vec![true].into_column(), DType::Bool),
        ([1, 2].into_column(), DType::Int32),
        ([1_i64, 2].into_column(), DType::Int32),
        ([1_u64, 2].into_column(), DType::Uint32),
        ([1_usize, 2].into_column(), DType::Uint32),
        ([1_u8, 2].into_column(), DType::Uint8),
        ([i64::MAX].into_column(), DType::Object),
    ] {
        assert_eq!(column.as_array().map(Array::dtype), Some(dtype));
    }
    assert_eq!(["a", "b"].into_column(), Wire::from_iter([Wire::from("a"), Wire::from("b")]));
    assert_eq!(vec![("a", 1)].into_column(), Wire::from_iter([Wire::from_iter([Wire::from("a"), Wire::from(1)])]));
}

#[test]
fn what_is_missing_is_nan() {
    let column = Option::<f64>::column(vec![Some(1.0), None]);
    let items = column.as_array().and_then(Array::as_f64).unwrap_or_default();
    assert!(matches!(items, [1.0, nan] if nan.is_nan()), "{items:?}");
}

#[test]
fn a_vector_of_floats_is_taken_over() {
    let floats = vec![1.0, 2.0, 3.0];
    let place = floats.as_ptr();
    let column = floats.into_column();
    assert_eq!(column.as_array().and_then(Array::as_f64).map(<[f64]>::as_ptr), Some(place));
}

#[test]
fn columns_are_streamed_and_patched() -> Result<(), Box<dyn std::error::Error>> {
    let mut doc = Document::new();
    let source = doc.add(ColumnDataSource::new().data(data! { "x" => [1.0, 2.0], "name" => ["a", "b"] }));
    source.stream(&mut doc, data! { "x" => [3.0], "name" => ["c"] }, 2)?;
    source.patch(&mut doc, "x", [(0, 20.0)])?;
    source.patch_from(&mut doc, "name", 0, ["B", "C"])?;
    assert_eq!(source.data(&doc).floats("x"), Some(vec![20.0, 3.0]));
    assert_eq!(source.try_data(&doc)?.strings("name"), Some(vec!["B".to_owned(), "C".to_owned()]));
    source.set_columns(&mut doc, data! { "y" => [0, 1] })?;
    assert_eq!(source.data(&doc).names().collect::<Vec<_>>(), ["x", "name", "y"]);
    Ok(())
}

#[test]
fn columns_that_do_not_fit_are_refused() {
    let mut doc = Document::new();
    let source = doc.add(ColumnDataSource::new().data(data! { "x" => [1.0, 2.0] }));
    for (error, expected) in [
        (
            source.replace(&mut doc, data! { "x" => [1.0], "y" => [1, 2] }).map_err(|error| error.to_string()),
            "columns must be of equal length: \"x\" has 1 rows, but \"y\" has 2",
        ),
        (
            source.stream(&mut doc, data! { "y" => [1.0] }, None).map_err(|error| error.to_string()),
            "new rows must fill the columns of the source and no others",
        ),
        (
            source.patch(&mut doc, "x", [(9, 1.0)]).map_err(|error| error.to_string()),
            "the column \"x\" has 2 rows, there is none at 9",
        ),
        (
            source.replace(&mut Document::new(), data! { "x" => [1.0] }).map_err(|error| error.to_string()),
            "the model is not in this document",
        ),
    ] {
        let error = error.expect_err(expected);
        assert!(error.starts_with(expected), "{error}");
    }
    assert_eq!(source.data(&doc).floats("x"), Some(vec![1.0, 2.0]));
}
