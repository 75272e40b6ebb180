//! The document that the edits are about.

use bokeh_document::Document;
use bokeh_models::prelude::*;
use bokeh_models::{Map, Value, row};
use bokeh_protocol::{Event, ModelId};

/// A plot with its source, a source that nothing draws, widgets, and a model that no root leads to.
pub(crate) fn app(doc: &mut Document) {
    let source =
        doc.add(ColumnDataSource::new().name("source").data(data! { "x" => [1.0, 2.0, 3.0], "y" => [3.0, 1.0, 2.0] }));
    // Ranges that fit themselves to the data would be written by all pages at once.
    let plot = figure().name("plot").title("plot").width(300).height(200).x_range((0.0, 10.0)).y_range((0.0, 10.0));
    let plot = doc.add(plot);
    plot.scatter(doc, "x", "y").source(source).size(9).name("dots").legend_label("dots").draw();
    let table = doc.add(ColumnDataSource::new().name("table"));
    let file = doc.add(FileInput::new().name("file"));
    let date = doc.add(DatePicker::new().name("date"));
    let slider = doc.add(Slider::new().name("slider").start(0).end(10).value(1));
    let div = doc.add(Div::new().name("div").text("a div"));
    let keep = doc.add(Div::new().name("keep").text("what is in the tags"));
    let holder = doc.add(Div::new().name("holder").text("what nothing draws"));
    let group = doc.add(bokeh_models::column((Div::new().text("in the group"),)).name("group"));
    let guest = doc.add(Div::new().name("guest").text("a guest"));
    doc.add_root(row((bokeh_models::column((slider, div, keep, holder, date, file)), plot)));
    doc.add_root(group);
    set(doc, "holder", "tags", list([ModelId::from(table).into()]));
    let guest = doc.wire_id(guest.into()).unwrap_or_default().to_owned();
    set(doc, "div", "tags", list([guest.into()]));
}

/// The same, where the tags of `keep` hold the last event of the plot, of whatever kind: its name and its values.
pub(crate) fn app_that_keeps_events(doc: &mut Document) {
    app(doc);
    for event in bokeh_schema::events().iter().filter(|event| event.is_model_event) {
        let plot = named(doc, "plot");
        let keep = |doc: &mut Document, event: &Event| {
            set(doc, "keep", "tags", list([event.name.clone().into(), event.values.clone().into()]));
        };
        doc.on_event(Some(plot), event.name, keep).expect("a model can have all events");
    }
}

/// The model of this name.
#[track_caller]
pub(crate) fn named(doc: &Document, name: &str) -> ModelId {
    doc.model_by_name(name).unwrap_or_else(|| panic!("there is no model named {name}"))
}

/// The model that no root leads to at first.
#[track_caller]
pub(crate) fn guest(doc: &Document) -> ModelId {
    let tags = get(doc, "div", "tags");
    let id = tags.as_list().and_then(|tags| tags.first()?.as_str());
    id.and_then(|id| doc.model_by_wire_id(id)).expect("the guest stays in the document")
}

#[track_caller]
pub(crate) fn get(doc: &Document, name: &str, property: &str) -> Value {
    doc.value(named(doc, name), property).expect("the property has a value")
}

#[track_caller]
pub(crate) fn set(doc: &mut Document, name: &str, property: &str, value: impl Into<Value>) {
    let model = named(doc, name);
    doc.set_value(model, property, value.into()).expect("the value is of the property's kind");
}

pub(crate) fn list<const N: usize>(items: [Value; N]) -> Value {
    Value::from(Vec::from(items))
}

pub(crate) fn map<const N: usize>(entries: [(Value, Value); N]) -> Value {
    Map::from_iter(entries).into()
}

pub(crate) fn columns<const N: usize>(columns: [(&'static str, Value); N]) -> Map {
    Map::from_iter(columns)
}

pub(crate) fn floats<const N: usize>(items: [f64; N]) -> Value {
    Array::from(items.to_vec()).into()
}
