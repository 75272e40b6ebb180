//! The applications that the client is tested with, for either server.

use bokeh_document::Document;
use bokeh_protocol::{Array, Map, Object, Text, Value};

/// The same application for both servers.
#[derive(Clone, Copy)]
pub(crate) struct App {
    pub(crate) python: &'static str,
    pub(crate) rust: fn(&mut Document),
}

/// A slider `factor`, whose callback changes the columns of `source` and the text of `output`.
pub(crate) const FACTOR: App = App { python: include_str!("../../reference/app.py"), rust: factor };

/// Clients push their documents.
pub(crate) const EMPTY: App = App { python: "", rust: |_| {} };

/// A slider `slider`, whose callback fails.
pub(crate) const FAILING: App = App {
    python: r#"
from bokeh.models import Slider
from bokeh.plotting import curdoc

def fail(attr, old, new):
    raise ValueError("as wanted")

slider = Slider(name="slider", start=0, end=10, value=1)
slider.on_change("value", fail)
curdoc().add_root(slider)
"#,
    rust: |doc| {
        let slider = doc.add_root(slider("slider"));
        doc.on_change(slider, "value", |_, _| Err("as wanted")).expect("a slider has a value");
    },
};

/// A slider `slider`, which makes a root for each value.
pub(crate) const GROWING: App = App {
    python: r#"
from bokeh.models import Div, Slider
from bokeh.plotting import curdoc

doc = curdoc()

def grow(attr, old, new):
    doc.add_root(Div(name=f"div {new}", text="new"))

slider = Slider(name="slider", start=0, end=10, value=1)
slider.on_change("value", grow)
doc.add_root(slider)
"#,
    rust: |doc| {
        let slider = doc.add_root(slider("slider"));
        let grow = |doc: &mut Document, new: &Value| {
            doc.add_root(div(format!("div {}", number(new)), "new"));
        };
        doc.on_change(slider, "value", move |doc, change| grow(doc, &change.new)).expect("a slider has a value");
    },
};

/// A slider `slider` and a div `panel`, which is a root at even values, and has the value as its text.
pub(crate) const BLINKING: App = App {
    python: r#"
from bokeh.models import Div, Slider
from bokeh.plotting import curdoc

doc = curdoc()
panel = Div(name="panel", text="0")

def blink(attr, old, new):
    if new % 2:
        doc.remove_root(panel)
    else:
        panel.text = str(new)
        doc.add_root(panel)

slider = Slider(name="slider", start=0, end=10, value=1)
slider.on_change("value", blink)
doc.add_root(slider)
doc.add_root(panel)
"#,
    rust: |doc| {
        let slider = doc.add_root(slider("slider"));
        let panel = doc.add(div("panel", "0"));
        doc.add_root(panel);
        doc.on_change(slider, "value", move |doc, change| {
            let value = number(&change.new);
            if value % 2 == 1 {
                doc.remove_root(panel);
            } else {
                doc.set_value(panel, "text", value.to_string().into())?;
                doc.add_root(panel);
            }
            Ok::<(), bokeh_document::SetError>(())
        })
        .expect("a slider has a value");
    },
};

fn factor(doc: &mut Document) {
    let slider = doc.add_root(slider("factor"));
    let source = object("ColumnDataSource", vec![("name", "source".into()), ("data", multiples(1))]);
    let source = doc.add_root(source);
    let output = doc.add_root(div("output", "factor 1"));
    doc.on_change(slider, "value", move |doc, change| {
        let value = number(&change.new);
        doc.set_value(source, "data", multiples(value))?;
        doc.set_value(output, "text", format!("factor {value}").into())
    })
    .expect("a slider has a value");
}

pub(crate) fn div(name: impl Into<Text>, text: impl Into<Text>) -> Object {
    object("Div", vec![("name", name.into().into()), ("text", text.into().into())])
}

fn slider(name: &'static str) -> Object {
    let range = [("start", 0.into()), ("end", 10.into()), ("value", 1.into())];
    object("Slider", [("name", name.into())].into_iter().chain(range).collect())
}

fn object(class: &'static str, attributes: Vec<(&'static str, Value)>) -> Object {
    let attributes = attributes.into_iter().map(|(name, value)| (Text::from_static(name), value)).collect();
    Object { name: class.into(), id: None, attributes }
}

fn multiples(factor: i64) -> Value {
    let column = |values: [i64; 4]| Value::from(Array::from(values.map(|value| value as f64).to_vec()));
    Map::from_iter([("x", column([0, 1, 2, 3])), ("y", column([0, 1, 4, 9].map(|y| y * factor)))]).into()
}

fn number(value: &Value) -> i64 {
    value.as_f64().unwrap_or_default() as i64
}
