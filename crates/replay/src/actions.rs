//! What the recorded server did by itself, on the application's models by their names.

use bokeh_document::{Document, HoldPolicy};
use bokeh_protocol::{Array, Event, Map, ModelId, Object, PatchIndex, Slice, Text, Value};
use bytes::Bytes;

use crate::apps::list;

/// Something that a server does to the document of a session.
pub type Action = fn(&mut Document);

/// The action of a name, as the notes of the recordings give it.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn named(name: &str) -> Action {
    match name {
        "model" => |doc| set(doc, "div", "text", "from server"),
        "multi" => multi,
        "title" => |doc| doc.set_title("new title"),
        "root_add" => |doc| {
            doc.add_root(div("extra", "extra root"));
        },
        "root_remove" => |doc| assert!(doc.remove_root(get(doc, "extra"))),
        "root_again" => root_again,
        "stream" => |doc| stream(doc, [("x", list([4, 5])), ("y", list([7.0, 8.0]))], Some(4)),
        "stream_np" => |doc| {
            stream(doc, [("x", Array::from(vec![6]).into()), ("y", Array::from(vec![9.5]).into())], None);
        },
        "patch" => patch,
        "data" => |doc| {
            let (x, y) = (Array::from(vec![0, 1, 2]), Array::from(vec![0.0, 0.5, 1.0]));
            let data = Map::from_iter([("x", x.into()), ("y", y.into()), ("z", list(["a", "b", "c"]))]);
            set(doc, "src", "data", data);
        },
        "col" => |doc| columns(doc, [("x", list([9, 8, 7]))]),
        "cols" => |doc| columns(doc, [("x", list([1, 1, 1])), ("w", list([2, 2, 2]))]),
        "delcol" => delete_column,
        "selected" => select,
        "newref" => new_reference,
        "dropref" => |doc| {
            let children = children(doc).into_iter().take(2);
            set(doc, "col", "children", children.collect::<Value>());
        },
        "append" => append,
        "message" => |doc| {
            let data = Map::from_iter([("a", list([1, 2])), ("b", Bytes::from_static(b"bytes").into())]);
            doc.send_message("custom", data);
        },
        "event" => |doc| {
            let values = Map::from_iter([("model", Value::from(get(doc, "button")))]);
            doc.send_message("bokeh_event", Value::from(Event { name: "button_click".into(), values }));
        },
        "hold_combine" => hold_combine,
        "hold_collect" => hold_collect,
        "same" => |doc| {
            let value = doc.value(get(doc, "slider"), "value").unwrap();
            set(doc, "slider", "value", value);
        },
        "js" => js,
        // The session is to end when its connections are gone, which no connection sees.
        "expire" => |_| {},
        "clear" => Document::clear,
        _ => panic!("no action is called {name}"),
    }
}

/// The model of a name.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn get(doc: &Document, name: &str) -> ModelId {
    doc.model_by_name(name).unwrap_or_else(|| panic!("no model is called {name}"))
}

/// Sets a property of the model of a name.
///
/// # Panics
/// When it cannot be set.
pub fn set(doc: &mut Document, name: &str, property: &str, value: impl Into<Value>) {
    doc.set_value(get(doc, name), property, value.into()).unwrap();
}

/// Appends rows to the source of the application.
///
/// # Panics
/// When they do not fit.
pub fn stream<const N: usize>(doc: &mut Document, rows: [(&str, Value); N], rollover: Option<usize>) {
    doc.stream(get(doc, "src"), &Map::from_iter(rows), rollover).unwrap();
}

/// A `Div` with a name and a text.
#[must_use]
pub fn div(name: &str, text: &str) -> Object {
    let attributes = vec![(Text::from("name"), name.into()), (Text::from("text"), text.into())];
    Object { name: "Div".into(), id: None, attributes }
}

/// The children of the application's layout.
///
/// # Panics
/// When it has none.
#[must_use]
pub fn children(doc: &Document) -> Vec<Value> {
    doc.value(get(doc, "col"), "children").unwrap().as_list().unwrap().to_vec()
}

fn columns<const N: usize>(doc: &mut Document, columns: [(&str, Value); N]) {
    doc.set_columns(get(doc, "src"), &Map::from_iter(columns)).unwrap();
}

fn multi(doc: &mut Document) {
    set(doc, "slider", "start", -1);
    set(doc, "slider", "value", 2);
    set(doc, "slider", "title", "changed");
}

/// Its definition is sent anew.
fn root_again(doc: &mut Document) {
    let root = doc.add(div("again", "x"));
    doc.add_root(root);
    doc.remove_root(root);
    doc.add_root(root);
}

fn patch(doc: &mut Document) {
    let slice = Slice { start: Some(1), stop: Some(3), step: None };
    let x = vec![(PatchIndex::Row(0), 100.into()), (PatchIndex::Slice(slice), list([200, 300]))];
    doc.patch(get(doc, "src"), vec![("x".into(), x)]).unwrap();
}

fn delete_column(doc: &mut Document) {
    let data = doc.data(get(doc, "src")).unwrap();
    let kept = data.entries().iter().filter(|(name, _)| name.as_str() != Some("y")).cloned();
    set(doc, "src", "data", kept.collect::<Map>());
}

fn select(doc: &mut Document) {
    let selected = doc.value(get(doc, "src"), "selected").unwrap().as_model().unwrap();
    doc.set_value(selected, "indices", list([0, 2])).unwrap();
}

/// A model is new to the peers, then it is only referred to, then it changes.
fn new_reference(doc: &mut Document) {
    let new = doc.add(div("inner", "new child"));
    let children = children(doc).into_iter().chain([new.into()]);
    set(doc, "col", "children", children.collect::<Value>());
    set(doc, "div", "tags", list([new]));
    doc.set_value(new, "text", "child changed".into()).unwrap();
}

fn append(doc: &mut Document) {
    let tags = doc.value(get(doc, "div"), "tags").unwrap();
    let tags = tags.as_list().unwrap().iter().cloned().chain(["t1".into()]);
    set(doc, "div", "tags", tags.collect::<Value>());
}

fn hold_combine(doc: &mut Document) {
    let doc = &mut *doc.held(HoldPolicy::Combine);
    set(doc, "slider", "value", 3);
    set(doc, "slider", "value", 4);
    set(doc, "div", "text", "a");
    set(doc, "slider", "value", 5);
    doc.set_title("t1");
    doc.set_title("t2");
    for row in [1, 2] {
        let source = get(doc, "src");
        let data = doc.data(source).unwrap();
        let rows: Map = data.keys().map(|name| (name, list([row]))).collect();
        doc.stream(source, &rows, None).unwrap();
    }
    set(doc, "src", "data", Map::from_iter([("x", list([0])), ("y", list([0]))]));
}

fn hold_collect(doc: &mut Document) {
    let doc = &mut *doc.held(HoldPolicy::Collect);
    set(doc, "slider", "value", 6);
    set(doc, "slider", "value", 7);
    doc.set_title("t3");
    doc.set_title("t4");
}

fn js(doc: &mut Document) {
    let args = Map::from_iter([("d", Value::from(get(doc, "div")))]);
    let attributes = vec![(Text::from("args"), args.into()), (Text::from("code"), "d.text = 'js'".into())];
    let callback = Object { name: "CustomJS".into(), id: None, attributes };
    let callbacks = Map::from_iter([("button_click", list([callback]))]);
    set(doc, "button", "js_event_callbacks", callbacks);
}
