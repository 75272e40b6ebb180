//! The applications that were recorded, as one would write them with our models.

use std::time::Duration;

use bokeh_models::prelude::*;
use bokeh_models::{FromValue, IntoProp, Prop};
use bokeh_protocol::{Array, ArrayData, DType, Map, Slice, Value};
use bytes::Bytes;

/// An application: it fills the document of a session.
pub type App = fn(&mut Document);

/// The application of a name, as the recordings give it.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn named(name: &str) -> App {
    match name {
        "main" => main,
        "small" => small,
        "arrays" => arrays,
        "events" => plot_events,
        "table" => table,
        "widgets" => widgets,
        "docevents" => document_events,
        "periodic" => periodic,
        _ => panic!("no application is called {name}"),
    }
}

/// Values as a plain list: an array of Rust would be sent as a typed array.
pub fn list<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    items.into_iter().map(Into::into).collect()
}

fn main(doc: &mut Document) {
    let slider = doc.add(Slider::new().name("slider").start(0).end(10).value(1).step(1).title("n"));
    let div = doc.add(Div::new().name("div").text("idle"));
    let button = doc.add(Button::new().name("button").label("go"));
    let text = TextInput::new().name("text").value("abc");
    let data = data! { "x" => list([1, 2, 3]), "y" => [1.0, 2.0, 3.0] };
    let source = doc.add(ColumnDataSource::new().name("src").data(data));
    let plot = figure().name("fig").width(300).height(200).x_range((0, 4)).y_range((0, 4));
    let plot = doc.add(plot.tools("pan,box_select,tap,wheel_zoom,reset"));
    plot.scatter(doc, "x", "y").source(source).size(12).draw();
    slider.on_change(doc, Slider::VALUE, move |doc, change| {
        let old = change.old.unwrap_or_default();
        div.set_text(doc, format!("value: {old} -> {}", change.new));
        if change.new == 9.0 { Err("failed on purpose") } else { Ok(()) }
    });
    button.on_click(doc, move |doc| div.set_text(doc, "clicked"));
    doc.add_root(column((slider, div, button, text, plot)).name("col"));
    doc.set_title("main app");
}

fn small(doc: &mut Document) {
    let slider = doc.add(Slider::new().name("slider").start(0).end(10).value(1).title("n"));
    let data = data! { "x" => list([1, 2, 3]), "y" => list([4.0, 5.0, 6.0]) };
    let source = ColumnDataSource::new().name("src").data(data);
    let div = doc.add(Div::new().name("div").text("idle").tags([IntoProp::<Value>::into_prop(source)]));
    slider.on_change(doc, Slider::VALUE, move |doc, change| {
        div.set_text(doc, format!("{} -> {}", change.old.unwrap_or_default(), change.new));
    });
    doc.add_root(column((slider, div)).name("col"));
}

fn arrays(doc: &mut Document) {
    let nan = f64::NAN;
    let inf = f64::INFINITY;
    let objects = |items: Value| {
        let Value::List(items) = items else { unreachable!("a list was given") };
        Array::from_values(DType::Object, items).expect("anything is an object")
    };
    let shaped = |array: Array, shape: &[usize]| array.reshape(shape).expect("the shape fits");
    let data = data! {
        "f8" => [1.5, nan, inf],
        "f4" => [1_f32, 2.0, 3.0],
        "i8" => [1_i32, -2, 3],
        "i8big" => objects(list([1_i64 << 40, 1, 2])),
        "i4" => [1_i32, 2, 3],
        "i2" => [1_i16, 2, 3],
        "i1" => [1_i8, 2, 3],
        "u8" => [1_u32, 2, 3],
        "u4" => [1_u32, 2, 3],
        "u2" => [1_u16, 2, 3],
        "u1" => [1_u8, 2, 3],
        "b" => Array::new(ArrayData::Bool(vec![1, 0, 1].into())),
        "f2" => objects(list([1.0, 2.0, 3.0])),
        "be" => objects(list([1.0, 2.0, 3.0])),
        "s" => objects(list(["a", "bb", "c"])),
        "o" => objects(list([Value::from("a"), Value::Null, 3.into()])),
        "dt" => [1_577_836_800_000.0, nan, 1_622_548_800_500.0],
        "td" => [1000.0, 2000.0, 3000.0],
        "lst" => list([Value::from(1), 2.5.into(), Value::Null]),
        "lnan" => list([nan, inf, -inf]),
        "big" => list([(1_i64 << 53) - 1, 1 << 53, -(1 << 53)]),
        "nested" => list([Array::from(vec![1.0, 2.0]), Array::from(vec![3.0]), Array::from(Vec::<f64>::new())]),
        "img" => list([
            shaped(Array::from(vec![0_u8, 1, 2, 3, 4, 5]), &[2, 3]),
            shaped(Array::from(vec![0.0, 0.0]), &[1, 2]),
            Array::from(Vec::<f64>::new()),
        ]),
    };
    let source = ColumnDataSource::new().name("src").data(data);
    let tags = [
        IntoProp::<Value>::into_prop(source),
        Value::from(Map::from_iter([(Value::from("k"), list([1, 2])), (3.into(), Value::Set(vec![4.into()].into()))])),
        Value::from(Bytes::from_static(b"\x00\x01")),
        Value::from(Slice { start: Some(1), stop: None, step: Some(2) }),
    ];
    doc.add_root(Div::new().name("div").text("arrays").tags(tags));
}

fn plot_events(doc: &mut Document) {
    let data = data! { "x" => list([1, 2, 3]), "y" => list([1, 2, 3]) };
    let source = doc.add(ColumnDataSource::new().name("src").data(data));
    let plot = figure().name("fig").width(400).height(400).x_range((0, 4)).y_range((0, 4));
    let plot = plot.tools("pan,box_select,tap,wheel_zoom,reset").active_drag("box_select").active_scroll("wheel_zoom");
    let plot = doc.add(plot);
    plot.scatter(doc, "x", "y").source(source).size(30).draw();
    let log = doc.add(Div::new().name("log").text("0"));
    let count = move |doc: &mut Document| {
        let n: u32 = log.text(doc).parse().expect("the callbacks write numbers");
        log.set_text(doc, (n + 1).to_string());
    };
    for name in PLOT_EVENTS {
        doc.on_event(Some(plot.id()), name, move |doc, _| count(doc)).expect("plots have such events");
    }
    let selected = source.selected(doc);
    selected.on_change(doc, Selection::INDICES, move |doc, _| count(doc));
    doc.add_root(plot);
    doc.add_root(log);
}

const PLOT_EVENTS: [&str; 16] = [
    "tap",
    "doubletap",
    "press",
    "pressup",
    "pan",
    "panstart",
    "panend",
    "mouseenter",
    "mouseleave",
    "mousemove",
    "wheel",
    "selectiongeometry",
    "reset",
    "rangesupdate",
    "lodstart",
    "lodend",
];

fn table(doc: &mut Document) {
    let data = data! { "name" => list(["a", "b", "c"]), "val" => [1.0, 2.0, 3.0] };
    let source = doc.add(ColumnDataSource::new().name("src").data(data));
    let column = |name: &str| TableColumn::new().field(name).title(name);
    let columns = [column("name").editor(StringEditor::new()), column("val").editor(NumberEditor::new())];
    let table = DataTable::new().name("tab").source(source).editable(true).width(300).height(200).columns(columns);
    let div = doc.add(Div::new().name("div").text("-"));
    source.on_change(doc, ColumnDataSource::DATA, move |doc, change| {
        let columns = change.new.as_map().entries().iter();
        let shown = columns.map(|(name, column)| format!("{}: {}", python(name), python(column)));
        div.set_text(doc, format!("{{{}}}", shown.collect::<Vec<_>>().join(", ")));
    });
    doc.add_root(table);
    doc.add_root(div);
}

fn widgets(doc: &mut Document) {
    let log = doc.add(Div::new().name("log").text(""));
    let ab = || ["a", "b"];
    let abc = || ["a", "b", "c"];

    let toggle = doc.add(Toggle::new().name("toggle").label("t"));
    watch(doc, log, "toggle", toggle, Toggle::ACTIVE);
    let check = doc.add(CheckboxGroup::new().name("check").labels(ab()).active(Vec::<i64>::new()));
    watch(doc, log, "check", check, CheckboxGroup::ACTIVE);
    let radio = doc.add(RadioButtonGroup::new().name("radio").labels(ab()).active(0));
    watch(doc, log, "radio", radio, RadioButtonGroup::ACTIVE);
    let select = doc.add(Select::new().name("select").options(ab()).value("a"));
    watch(doc, log, "select", select, Select::VALUE);
    let multi = doc.add(MultiSelect::new().name("multi").options(abc()).value(["a"]));
    watch(doc, log, "multi", multi, MultiSelect::VALUE);
    let text = doc.add(TextInput::new().name("text").value(""));
    watch(doc, log, "text", text, TextInput::VALUE);
    let range = doc.add(RangeSlider::new().name("range").start(0).end(10).value((2, 4)));
    watch(doc, log, "range", range, RangeSlider::VALUE);
    let spin = doc.add(Spinner::new().name("spin").value(1).step(1));
    watch(doc, log, "spin", spin, Spinner::VALUE);
    let date = doc.add(DatePicker::new().name("date").value("2024-01-02"));
    watch(doc, log, "date", date, DatePicker::VALUE);
    let color = doc.add(ColorPicker::new().name("color").color("#ff0000"));
    watch(doc, log, "color", color, ColorPicker::COLOR);
    let menu = list([list(["One", "one"]), Value::Null, list(["Two", "two"])]);
    let drop = doc.add(Dropdown::new().name("drop").label("d"));
    doc.set_value(drop.id(), "menu", menu).expect("it is a menu");
    let (start, end) = (1_704_067_200_000.0, 1_735_603_200_000.0);
    let value = (1_706_745_600_000.0, 1_709_251_200_000.0);
    let drange = doc.add(DateRangeSlider::new().name("drange").start(start).end(end).value(value));
    watch(doc, log, "drange", drange, DateRangeSlider::VALUE);
    let choice = doc.add(MultiChoice::new().name("choice").options(abc()).value(["b"]));
    watch(doc, log, "choice", choice, MultiChoice::VALUE);

    text.on::<events::ValueSubmit>(doc, move |doc: &mut Document, event: events::ValueSubmit| {
        log.set_text(doc, format!("submit {}", event.value));
    });
    drop.on_item_click(doc, move |doc, item| log.set_text(doc, format!("menu {item}")));
    let roots = [
        toggle.id(),
        check.id(),
        radio.id(),
        select.id(),
        multi.id(),
        text.id(),
        range.id(),
        spin.id(),
        date.id(),
        color.id(),
        drop.id(),
        drange.id(),
        choice.id(),
        log.id(),
    ];
    for root in roots {
        doc.add_root(root);
    }
}

/// Shows each new value in the log.
fn watch<M: Model, T: FromValue + 'static>(
    doc: &mut Document,
    log: Div,
    name: &'static str,
    model: M,
    prop: Prop<M, T>,
) {
    let shown = move |doc: &mut Document, change: &bokeh_document::PropertyChange| {
        let mut shown = python(&change.new);
        // Python's sliders have tuples.
        if name.ends_with("range") {
            shown = format!("({})", &shown[1..shown.len() - 1]);
        }
        log.set_text(doc, format!("{name} {shown}"));
    };
    doc.on_change(model.id(), prop.name(), shown).expect("it has the property");
}

/// A value as Python shows it.
fn python(value: &Value) -> String {
    match value {
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Str(text) => format!("'{text}'"),
        Value::List(items) => format!("[{}]", items.iter().map(python).collect::<Vec<_>>().join(", ")),
        Value::Array(array) => {
            let items = array.values().map(|item| format!("np.{}({})", array.dtype().name(), python(&item)));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        other => format!("{other:?}"),
    }
}

fn document_events(doc: &mut Document) {
    let div = doc.add(Div::new().name("div").text(""));
    for name in ["document_ready", "client_reconnected", "connection_lost"] {
        let append = move |doc: &mut Document, _: &bokeh_protocol::Event| {
            let text = div.text(doc);
            div.set_text(doc, format!("{text}{name};"));
        };
        doc.on_event(None, name, append).expect("documents have such events");
    }
    doc.add_root(div);
}

fn periodic(doc: &mut Document) {
    let div = doc.add_root(Div::new().name("div").text("0"));
    doc.add_periodic_callback(Duration::from_millis(200), move |doc| {
        let n: u32 = div.text(doc).parse().expect("the callback writes numbers");
        div.set_text(doc, (n + 1).to_string());
    });
}
