//! What stays in the document, and what goes.

use bokeh_document::{Document, GetError};
use bokeh_protocol::Value;

use crate::support::{changes, div, object};

#[test]
fn a_model_stays_while_a_root_or_the_user_holds_it() {
    let mut doc = Document::new();
    let kept = doc.add(div("kept"));
    let inline = object("Row", [("children", Value::from_iter([Value::from(div("inline"))]))]);
    let row = doc.add_root(inline);
    doc.sweep();
    let n_all = doc.n_models();

    doc.remove_root(row);
    doc.sweep();
    assert!(!doc.contains(row));
    assert!(doc.contains(kept));
    assert_eq!(doc.n_models(), n_all - 2, "the row and its child are gone");

    doc.remove(kept);
    doc.sweep();
    assert!(!doc.contains(kept));
    assert_eq!(doc.value(kept, "text"), Err(GetError::NoModel));
}

#[test]
fn a_model_of_another_document_is_never_a_hit() {
    let mut one = Document::new();
    let mut other = Document::new();
    let model = one.add(div(""));
    other.add(div(""));
    assert_eq!(other.value(model, "text"), Err(GetError::NoModel));
    let row = other.add(object("Row", []));
    let error = other.set_value(row, "children", Value::from_iter([Value::Model(model)])).unwrap_err();
    assert_eq!(error.to_string(), "Row.children refers to a model that is not in this document");
}

#[test]
fn the_same_application_gets_the_same_ids() {
    let build = || {
        let mut doc = Document::new();
        let root = doc.add_root(object("Row", [("children", Value::from_iter([Value::from(div("a"))]))]));
        doc.wire_id(root).unwrap().to_owned()
    };
    assert_eq!(build(), build());
}

#[test]
fn changes_of_detached_models_are_not_told() {
    let mut doc = Document::new();
    let loose = doc.add(div("loose"));
    doc.set_value(loose, "text", "changed".into()).unwrap();
    assert_eq!(changes(&mut doc), [""; 0]);
    doc.add_root(loose);
    doc.set_value(loose, "text", "seen".into()).unwrap();
    assert_eq!(changes(&mut doc), ["local +Div", "local Div.text"]);
}

#[test]
fn owned_sub_models_exist_from_the_beginning() {
    let mut doc = Document::new();
    let source = doc.add(object("ColumnDataSource", []));
    let selected = doc.value(source, "selected").unwrap().as_model().expect("a source has a selection");
    assert_eq!(doc.class_name(selected), Some("Selection"));
    assert_eq!(doc.value(source, "selected").unwrap().as_model(), Some(selected), "and always the same");

    let ticker = doc.add(object("DatetimeTicker", []));
    let tickers = doc.value(ticker, "tickers").unwrap();
    assert!(tickers.as_list().unwrap().iter().all(|ticker| ticker.as_model().is_some()), "{tickers:?}");
}

#[test]
fn what_does_not_fit_is_named() {
    let mut doc = Document::new();
    let slider = doc.add(crate::support::slider(1));
    for (property, value, expected) in [
        ("vlaue", Value::from(1), "Slider has no property 'vlaue'"),
        ("value", Value::from("one"), "Slider.value: "),
        ("title", Value::from(div("")), "Slider.title: "),
        ("width", Value::from(-5), "Slider.width: "),
        ("tags", Value::from(object("Sldier", [])), "there is no model class 'Sldier'"),
    ] {
        let error = doc.set_value(slider, property, value).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{property}: {error}");
    }
    assert_eq!(doc.value(slider, "value").unwrap(), Value::from(1));
}
