use bokeh_protocol::{Array, Slice, Value};

use super::Edit;
use super::app::{list, map, named, set};

/// Values of every kind, as a program can put them into a property that takes any.
pub(super) const EDITS: &[Edit] = &[
    Edit {
        name: "maps with keys of every kind",
        run: |doc| {
            let keys = map([
                (1.into(), "one".into()),
                (2.5.into(), 2.into()),
                (Value::Null, 3.into()),
                ("s".into(), 4.into()),
            ]);
            let nested = map([("a".into(), map([(5.into(), list([6.into()]))]))]);
            set(doc, "keep", "tags", list([keys, map([]), nested, map([(true.into(), "yes".into())])]));
        },
        in_page: "\
            (([keys, empty, nested, flags]) => keys.get(1) == 'one' && keys.get(2.5) == 2 && keys.get(null) == 3 && \
            keys.get('s') == 4 && Object.keys(empty).length == 0 && nested.a.get(5)[0] == 6 && flags.get(true) == 'yes')\
            (model('keep').tags)",
        in_python: "m('keep').tags == [{1: 'one', 2.5: 2, None: 3, 's': 4}, {}, {'a': {5: [6]}}, {True: 'yes'}]",
    },
    Edit {
        name: "sets",
        run: |doc| {
            let set_of = |items: Vec<Value>| Value::Set(items.into());
            let sets = list([set_of(vec![1.into(), 2.5.into(), "three".into()]), set_of(Vec::new())]);
            set(doc, "keep", "tags", list([sets]));
        },
        in_page: "(([one, none]) => one.has(2.5) && one.has('three') && one.size == 3 && none.size == 0)(model('keep').tags[0])",
        in_python: "m('keep').tags == [[{1, 2.5, 'three'}, set()]]",
    },
    Edit {
        name: "numbers at the limits, and beyond",
        run: |doc| {
            let (largest, smallest) = ((1_i64 << 53) - 1, -(1_i64 << 53) + 2);
            let numbers = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, 5e-324, 0.1].map(Value::from);
            set(doc, "keep", "tags", list([list(numbers), list([largest.into(), smallest.into(), 0.into()])]));
        },
        in_page: "\
            (([floats, ints]) => floats.map(String).join() == 'NaN,Infinity,-Infinity,1e+308,5e-324,0.1' && \
            ints[0] === Number.MAX_SAFE_INTEGER && ints[1] === -Number.MAX_SAFE_INTEGER + 1)(model('keep').tags)",
        in_python: "\
            str(m('keep').tags[0]) == '[nan, inf, -inf, 1e+308, 5e-324, 0.1]' and \
            m('keep').tags[1] == [2**53 - 1, -(2**53) + 2, 0]",
    },
    Edit {
        name: "dates",
        run: |doc| {
            set(doc, "date", "value", "2020-02-29");
            set(
                doc,
                "date",
                "disabled_dates",
                list(["2020-02-01".into(), list(["2020-03-01".into(), "2020-03-05".into()])]),
            );
        },
        in_page: "model('date').value == '2020-02-29' && model('date').disabled_dates[1][1] == '2020-03-05'",
        in_python: "str(m('date').value) == '2020-02-29' and len(m('date').disabled_dates) == 2",
    },
    Edit {
        name: "arrays in a property, of one dimension and more, and none",
        run: |doc| {
            let matrix = Array::from(vec![1_i16, 2, 3, 4, 5, 6]).reshape(&[3, 1, 2]).expect("six numbers");
            let typed = Array::from(vec![0.5_f32, f32::NAN]).into_typed_array();
            let empty = Array::from(Vec::<f64>::new());
            let objects = Array::from_values(bokeh_protocol::DType::Object, vec!["text".into(), Value::Null].into());
            let objects = objects.expect("an array of objects takes anything");
            set(doc, "keep", "tags", list([matrix.into(), typed.into(), empty.into(), objects.into()]));
        },
        in_page: "\
            (([matrix, typed, empty, objects]) => matrix.shape.join() == '3,1,2' && matrix.dtype == 'int16' && \
            typed instanceof Float32Array && typed[0] == 0.5 && empty.length == 0 && objects[0] == 'text')(model('keep').tags)",
        in_python: "\
            m('keep').tags[0].shape == (3, 1, 2) and m('keep').tags[1][0] == 0.5 and len(m('keep').tags[2]) == 0 and \
            m('keep').tags[3][0] == 'text'",
    },
    Edit {
        name: "bytes, and a slice",
        run: |doc| {
            let bytes = Value::Bytes(std::sync::Arc::new(vec![0, 255, 128, 10].into()));
            let slice = Slice { start: Some(1), stop: None, step: Some(2) };
            set(doc, "keep", "tags", list([bytes, slice.into()]));
        },
        in_page: "\
            (([bytes, slice]) => new Uint8Array(bytes).join() == '0,255,128,10' && slice.start == 1 && slice.stop == null && \
            slice.step == 2)(model('keep').tags)",
        in_python: "m('keep').tags == [bytes([0, 255, 128, 10]), slice(1, None, 2)]",
    },
    Edit {
        name: "models in maps, lists and sets",
        run: |doc| {
            let (div, slider) = (named(doc, "div"), named(doc, "slider"));
            let models = map([(7.into(), div.into()), ("list".into(), list([slider.into(), div.into()]))]);
            set(doc, "keep", "tags", list([models]));
        },
        in_page: "((map) => map.get(7) == model('div') && map.get('list')[0] == model('slider'))(model('keep').tags[0])",
        in_python: "m('keep').tags[0][7] is m('div') and m('keep').tags[0]['list'][0] is m('slider')",
    },
    Edit {
        name: "texts that look like something else",
        run: |doc| {
            let tagged = map([("type".into(), "looks like a tag".into())]);
            let reference = map([("id".into(), "looks like a reference".into())]);
            set(
                doc,
                "keep",
                "tags",
                list([tagged, reference, "quote \" backslash \\ tab \t \u{0}".into(), "😀".into()]),
            );
        },
        in_page: "\
            (([tagged, reference, text, smiley]) => tagged.type == 'looks like a tag' && smiley == '😀' && \
            reference.id == 'looks like a reference' && text == 'quote \" backslash \\\\ tab \\t \\0')(model('keep').tags)",
        in_python: "\
            m('keep').tags == [{'type': 'looks like a tag'}, {'id': 'looks like a reference'}, \
            'quote \" backslash \\\\ tab \\t \\0', '😀']",
    },
    Edit {
        name: "a long list, and a deep one",
        run: |doc| {
            let long: Value = (0..10_000).map(Value::from).collect();
            let deep = (0..100).fold(Value::Null, |inner, _| list([inner]));
            set(doc, "keep", "tags", list([long, deep]));
        },
        in_page: "model('keep').tags[0].length == 10000 && JSON.stringify(model('keep').tags[1]).length == 204",
        in_python: "m('keep').tags[0] == list(range(10_000)) and len(str(m('keep').tags[1])) == 204",
    },
    Edit {
        name: "nothing",
        run: |doc| set(doc, "keep", "tags", list([])),
        in_page: "model('keep').tags.length == 0",
        in_python: "m('keep').tags == []",
    },
];
