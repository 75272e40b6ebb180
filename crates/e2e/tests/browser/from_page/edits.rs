use bokeh_document::Document;
use bokeh_protocol::Value;
use serde_json::json;

use crate::edits::{get, named};
use crate::replica;

/// A name, a script, and what then holds in the server. Some go on with what others have left.
type Edit = (&'static str, &'static str, fn(&Document) -> bool);

pub(super) const EDITS: &[Edit] = &[
    ("a property", "model('slider').value = 3.5", |doc| get(doc, "slider", "value") == 3.5.into()),
    (
        "two properties at once",
        "model('slider').setv({start: -5, title: 'ünïcödé </script> \\u2028 😀'})",
        |doc| {
            get(doc, "slider", "start").as_i64() == Some(-5)
                && get(doc, "slider", "title").as_str() == Some("ünïcödé </script> \u{2028} 😀")
        },
    ),
    ("a property of a model that another one owns", "model('plot').title.text = 'by the page'", |doc| {
        let title = get(doc, "plot", "title").as_model();
        title.is_some_and(|title| doc.value(title, "text") == Ok("by the page".into()))
    }),
    (
        "a data spec",
        "model('dots').glyph.size = {field: 'y'}; model('dots').glyph.fill_color = {value: 'red'}",
        |doc| {
            let glyph = get(doc, "dots", "glyph").as_model();
            glyph.is_some_and(|glyph| matches!(doc.value(glyph, "size"), Ok(Value::Spec(_))))
        },
    ),
    ("the title", "doc().set_title('by the page & more')", |doc| doc.title() == "by the page & more"),
    ("columns of lists", "model('source').data = {x: [1, 2, 3], y: [4.5, NaN, -Infinity]}", |doc| {
        column(doc, "source", "y") == json!([4.5, { "number": "NaN" }, { "number": "-Infinity" }])
    }),
    (
        "columns of arrays of every type",
        "model('table').data = {\
            uint8: new Uint8Array([0, 1, 255]), int8: new Int8Array([-128, 0, 127]), \
            uint16: new Uint16Array([0, 1, 65535]), int16: new Int16Array([-32768, 0, 32767]), \
            uint32: new Uint32Array([0, 1, 4294967295]), int32: new Int32Array([-2147483648, 0, 2147483647]), \
            float32: new Float32Array([NaN, -Infinity, 0.5]), float64: new Float64Array([NaN, Infinity, 5e-324]), \
            bool: ndarray([1, 0, 1], {dtype: 'bool', shape: [3]}), object: ndarray(['a', null, [1]], {dtype: 'object', shape: [3]}), \
            image: [ndarray([1, 2, 3, 4, 5, 6], {dtype: 'float32', shape: [2, 3]}), new Uint8Array([1]), []]}",
        |doc| {
            column(doc, "table", "uint32") == array("uint32", 3, &json!([0, 1, u32::MAX]))
                && column(doc, "table", "bool") == array("bool", 3, &json!([true, false, true]))
        },
    ),
    ("rows streamed", "model('source').stream({x: [4], y: [5]})", |doc| {
        column(doc, "source", "x") == replica::normal(json!([1, 2, 3, 4]))
    }),
    ("rows streamed, and as many rolled out", "model('source').stream({x: [5], y: [6]}, 4)", |doc| {
        column(doc, "source", "x") == replica::normal(json!([2, 3, 4, 5]))
    }),
    ("many streams in a row", "for (let n = 0; n < 20; n++) model('source').stream({x: [n], y: [n / 2]}, 10)", |doc| {
        column(doc, "source", "x") == replica::normal(json!([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]))
    }),
    ("rows streamed of which fewer stay than there were", "model('source').stream({x: [20], y: [20]}, 3)", |doc| {
        column(doc, "source", "x") == replica::normal(json!([18, 19, 20]))
    }),
    (
        "rows streamed to typed columns",
        "model('table').data = {a: new Float64Array([1, 2]), b: new Int32Array([3, 4])}; \
         model('table').stream({a: new Float64Array([3]), b: new Int32Array([5])}); \
         model('table').stream({a: [4.5], b: [6]}, 3)",
        |doc| column(doc, "table", "b") == array("int32", 3, &json!([4, 5, 6])),
    ),
    (
        "rows streamed where BokehJS keeps what it should drop",
        "model('table').data = {a: new Float64Array([1, 2, 3, 4, 5, 6])}; \
         model('table').stream({a: new Float64Array([7])}, 3)",
        |doc| column(doc, "table", "a") == array("float64", 3, &json!([5, 6, 7])),
    ),
    (
        "rows streamed that BokehJS would round",
        "model('table').data = {a: new Int32Array([1, 2])}; model('table').stream({a: new Float64Array([2.5])})",
        |doc| column(doc, "table", "a") == array("float64", 3, &json!([1, 2, 2.5])),
    ),
    (
        "an entry, a slice and a slice with steps",
        "model('source').data = {x: [0, 1, 2, 3, 4, 5], y: [0, 0, 0, 0, 0, 0]}; \
         model('source').patch({x: [[0, 10]]}); \
         model('source').patch({x: [[new Slice({start: 1, stop: 3}), [11, 12]]], y: [[5, NaN], [0, 'text']]}); \
         model('source').patch({x: [[new Slice({start: 3, stop: 6, step: 2}), [13, 15]]]})",
        |doc| column(doc, "source", "x") == replica::normal(json!([10, 11, 12, 13, 4, 15])),
    ),
    (
        "entries of typed columns",
        "model('table').data = {a: new Float64Array([1, 2, 3]), b: new Uint8Array([1, 2, 3])}; \
         model('table').patch({a: [[0, 0.5], [new Slice({start: 1, stop: 3}), [NaN, 2.5]]], b: [[2, 255]]})",
        |doc| column(doc, "table", "b") == array("uint8", 3, &json!([1, 2, 255])),
    ),
    (
        "places in images",
        "model('table').data = {image: [ndarray([1, 2, 3, 4, 5, 6], {dtype: 'float64', shape: [2, 3]})]}; \
         model('table').patch({image: [[[0, 1, new Slice({start: 0, stop: 3})], [7, 8, 9]], [[0, 0, 0], [0.5]]]})",
        |doc| column(doc, "table", "image")[0]["items"] == replica::normal(json!([0.5, 2, 3, 7, 8, 9])),
    ),
    ("a new root", "doc().add_root(make('Div', {name: 'root', text: 'new', tags: [1]}))", |doc| {
        doc.roots().len() == 3 && get(doc, "root", "text") == "new".into()
    }),
    (
        "a new root, changed at once",
        "const fresh = make('Slider', {name: 'fresh', start: 0, end: 1, value: 0}); doc().add_root(fresh); fresh.value = 1",
        |doc| get(doc, "fresh", "value").as_i64() == Some(1),
    ),
    ("a root less", "doc().remove_root(model('fresh'))", |doc| doc.roots().len() == 3),
    (
        "a root that leaves, is changed, and comes back",
        "const root = model('root'); doc().remove_root(root); root.text = 'changed while away'; doc().add_root(root)",
        |doc| get(doc, "root", "text") == "changed while away".into(),
    ),
    (
        "new models in a list, inside each other",
        "const inner = make('Div', {name: 'inner', text: 'before'}); \
         const outer = make('Row', {children: [inner, make('Toggle', {name: 'toggle', active: true})]}); \
         inner.text = 'after'; model('group').children = [...model('group').children, outer]; outer.width = 150",
        |doc| get(doc, "inner", "text") == "after".into() && get(doc, "toggle", "active") == true.into(),
    ),
    (
        "models in another order, and one less",
        "model('group').children = model('group').children.slice(1); \
         model('group').children[0].children = [...model('group').children[0].children].reverse()",
        |doc| get(doc, "group", "children").as_list().map(<[Value]>::len) == Some(1),
    ),
    (
        "a new source, to which rows are streamed",
        "const fresh = make('ColumnDataSource', {name: 'fresh source', data: {x: [1], y: [2]}}); \
         model('holder').tags = [fresh]; \
         fresh.stream({x: [2], y: [3]}); fresh.patch({x: [[0, 0.5]]})",
        |doc| column(doc, "fresh source", "x") == replica::normal(json!([0.5, 2])),
    ),
    ("what the server made for a new model", "model('fresh source').selected.indices = [1]", |doc| {
        let selected = get(doc, "fresh source", "selected").as_model();
        selected.is_some_and(|selected| doc.value(selected, "indices") == Ok(Value::from(vec![1.into()])))
    }),
    (
        "a new renderer in a plot",
        "const plot = model('plot'); const data_source = model('fresh source'); \
         const glyph = make('Line', {x: {field: 'x'}, y: {field: 'y'}}); \
         plot.renderers = [...plot.renderers, make('GlyphRenderer', {name: 'line', data_source, glyph})]",
        |doc| {
            doc.class_name(get(doc, "line", "glyph").as_model().unwrap_or_else(|| named(doc, "line"))) == Some("Line")
        },
    ),
    (
        "maps with keys of every kind, and sets",
        "model('keep').tags = [new Map([[1, 'one'], [2.5, 'x'], [null, 'nothing'], [true, 'yes']]), \
            new Set([1, 'two', null]), {}, {a: {b: new Map([[3, []]])}}, new Map(), new Set()]",
        |doc| {
            get(doc, "keep", "tags").as_list().is_some_and(|tags| tags.len() == 6 && matches!(tags[1], Value::Set(_)))
        },
    ),
    (
        "numbers at the limits, and beyond",
        "model('keep').tags = [NaN, Infinity, -Infinity, 1e308, 5e-324, -0, Number.MAX_SAFE_INTEGER, 0.1]",
        |doc| get(doc, "keep", "tags").as_list().is_some_and(|tags| tags[6] == ((1_i64 << 53) - 1).into()),
    ),
    (
        "bytes, arrays, slices and models",
        "model('keep').tags = [new Uint8Array([0, 255, 10]).buffer, new Float64Array([0.5]), new Slice({start: 1, step: 2}), \
            {model: model('div'), list: [model('slider'), model('div')]}]",
        |doc| get(doc, "keep", "tags").as_list().is_some_and(|tags| matches!(tags[0], Value::Bytes(_))),
    ),
    (
        "dates",
        "model('date').value = '2020-02-29'; model('keep').tags = [new Date(Date.UTC(2020, 1, 29, 12))]",
        |doc| get(doc, "keep", "tags").as_list().is_some_and(|tags| tags[0].as_f64() == Some(1_582_977_600_000.0)),
    ),
    ("a message", "send('keep', [{a: NaN}, new Uint8Array([1, 2]), 'text'])", |doc| {
        get(doc, "keep", "tags").as_list().is_some_and(|tags| tags[2] == "text".into())
    }),
    (
        "a hundred changes in a row",
        "for (let n = 0; n < 100; n++) { model('div').text = `change ${n}`; doc().set_title(`title ${n}`) }",
        |doc| get(doc, "div", "text") == "change 99".into() && doc.title() == "title 99",
    ),
];

/// A column of a source, as plain JSON.
fn column(doc: &Document, source: &str, name: &str) -> serde_json::Value {
    let data = get(doc, source, "data");
    let column = data.as_map().and_then(|data| data.get(name)).cloned().unwrap_or_default();
    replica::normal(replica::flat(doc, &column))
}

fn array(dtype: &str, n: usize, items: &serde_json::Value) -> serde_json::Value {
    replica::normal(json!({ "array": dtype, "shape": [n], "items": items }))
}
