use bokeh_document::Document;
use bokeh_protocol::{Array, Map, PatchIndex, Slice, Value};

use super::Edit;
use super::app::{columns, floats, get, list, named, set};

/// Columns: replaced, merged, streamed and patched.
pub(super) const EDITS: &[Edit] = &[
    Edit {
        name: "columns replaced",
        run: |doc| set(doc, "source", "data", columns([("x", floats([1.0, 2.0])), ("y", floats([5.0, 6.0]))])),
        in_page: "column('source', 'x') == '1,2' && column('source', 'y') == '5,6'",
        in_python: "column('source', 'x') == [1, 2] and column('source', 'y') == [5, 6]",
    },
    Edit {
        name: "one column replaced, and one added",
        run: |doc| merge(doc, &columns([("y", floats([7.0, 8.0])), ("z", list(["a".into(), "b".into()]))])),
        in_page: "column('source', 'x') == '1,2' && column('source', 'y') == '7,8' && column('source', 'z') == 'a,b'",
        in_python: "column('source', 'x') == [1, 2] and column('source', 'y') == [7, 8] and column('source', 'z') == ['a', 'b']",
    },
    Edit {
        name: "rows streamed",
        run: |doc| stream(doc, [floats([3.0]), floats([9.0]), list(["c".into()])], None),
        in_page: "column('source', 'x') == '1,2,3' && column('source', 'z') == 'a,b,c'",
        in_python: "column('source', 'x') == [1, 2, 3] and column('source', 'z') == ['a', 'b', 'c']",
    },
    Edit {
        name: "rows streamed, and as many rolled out",
        run: |doc| stream(doc, [floats([4.0]), floats([f64::NAN]), list(["d".into()])], Some(3)),
        in_page: "column('source', 'x') == '2,3,4' && column('source', 'y') == '8,9,NaN'",
        in_python: "column('source', 'x') == [2, 3, 4] and column('source', 'z') == ['b', 'c', 'd']",
    },
    Edit {
        name: "rows streamed of which fewer stay than there were",
        run: |doc| stream(doc, [floats([5.0]), floats([10.0]), list(["e".into()])], Some(2)),
        in_page: "column('source', 'x') == '4,5' && column('source', 'z') == 'd,e'",
        in_python: "column('source', 'x') == [4, 5] and column('source', 'z') == ['d', 'e']",
    },
    Edit {
        name: "more rows streamed than stay",
        run: |doc| {
            stream(
                doc,
                [floats([6.0, 7.0, 8.0]), floats([1.0, 2.0, 3.0]), list(["f", "g", "h"].map(Value::from))],
                Some(2),
            )
        },
        in_page: "column('source', 'x') == '7,8' && column('source', 'z') == 'g,h'",
        in_python: "column('source', 'x') == [7, 8] and column('source', 'z') == ['g', 'h']",
    },
    Edit {
        name: "many streams in a row",
        run: |doc| {
            for n in 0..20_u32 {
                stream(doc, [floats([f64::from(n)]), floats([0.5]), list([n.into()])], Some(10));
            }
        },
        in_page: "column('source', 'x') == '10,11,12,13,14,15,16,17,18,19'",
        in_python: "column('source', 'z') == list(range(10, 20))",
    },
    Edit {
        name: "an entry, and several",
        run: |doc| {
            patch(doc, "source", "x", [(PatchIndex::Row(0), 0.25.into())]);
            patch(doc, "source", "y", [(PatchIndex::Row(9), f64::INFINITY.into()), (PatchIndex::Row(0), 0.5.into())]);
            patch(doc, "source", "z", [(PatchIndex::Row(1), "text".into()), (PatchIndex::Row(2), Value::Null)]);
        },
        in_page: "model('source').data.x[0] == 0.25 && model('source').data.y[9] == Infinity && model('source').data.z[1] == 'text'",
        in_python: "column('source', 'x')[0] == 0.25 and column('source', 'z')[1:3] == ['text', None]",
    },
    Edit {
        name: "slices with and without steps and ends",
        run: |doc| {
            let slice = |start, stop, step| PatchIndex::Slice(Slice { start, stop, step });
            patch(doc, "source", "x", [(slice(Some(1), Some(3), None), list([21.into(), 22.into()]))]);
            patch(doc, "source", "x", [(slice(None, Some(10), Some(5)), list([30.into(), 35.into()]))]);
            patch(doc, "source", "y", [(slice(Some(8), None, None), list([1.5.into(), 2.5.into()]))]);
            patch(doc, "source", "z", [(slice(Some(0), Some(2), Some(1)), list(["p".into(), "q".into()]))]);
        },
        in_page: "column('source', 'x') == '30,21,22,13,14,35,16,17,18,19' && model('source').data.y[9] == 2.5 && model('source').data.z[1] == 'q'",
        in_python: "column('source', 'x') == [30, 21, 22, 13, 14, 35, 16, 17, 18, 19] and column('source', 'z')[:2] == ['p', 'q']",
    },
    Edit {
        name: "a column less",
        run: |doc| set(doc, "source", "data", columns([("x", floats([1.0, 2.0])), ("y", floats([2.0, 1.0]))])),
        in_page: "Object.keys(model('source').data).join() == 'x,y'",
        in_python: "list(m('source').data) == ['x', 'y']",
    },
    Edit {
        name: "columns of every type",
        run: |doc| set(doc, "table", "data", every_type()),
        in_page: "\
            Object.entries(model('table').data).every(([name, column]) => column.dtype == name || !DTYPES.includes(name)) && \
            column('table', 'int8') == '-128,0,127' && column('table', 'uint32') == '0,1,4294967295' && \
            column('table', 'bool') == '1,0,1' && model('table').data.float64[2] == 5e-324",
        in_python: "\
            all(name == str(column.dtype) for name, column in m('table').data.items() if name in DTYPES) and \
            column('table', 'int8') == [-128, 0, 127] and column('table', 'uint32') == [0, 1, 2**32 - 1] and \
            column('table', 'bool') == [True, False, True] and column('table', 'float64')[2] == 5e-324",
    },
    Edit {
        name: "rows streamed to columns of every type, with values that they can hold",
        run: |doc| {
            let table = named(doc, "table");
            doc.stream(table, &every_type(), Some(5)).expect("all columns");
        },
        in_page: "column('table', 'int16') == '0,32767,-32768,0,32767' && column('table', 'text') == 'b,,a,b,'",
        in_python: "column('table', 'int16') == [0, 32767, -32768, 0, 32767] and column('table', 'text') == ['b', '', 'a', 'b', '']",
    },
    Edit {
        name: "rows streamed that change the type of columns",
        run: |doc| {
            let table = named(doc, "table");
            let names: Vec<String> = every_type().keys().map(str::to_owned).collect();
            let rows: Map = names.into_iter().map(|name| (name, floats([0.5]))).collect();
            doc.stream(table, &rows, None).expect("all columns");
        },
        in_page: "model('table').data.int16.dtype == 'float64' && model('table').data.int16[5] == 0.5",
        in_python: "m('table').data['int16'][5] == 0.5 and str(m('table').data['uint8'].dtype) == 'float64'",
    },
    Edit {
        name: "entries of columns of every type",
        run: |doc| {
            set(doc, "table", "data", every_type());
            for name in ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"] {
                let slice = PatchIndex::Slice(Slice { start: Some(1), stop: Some(3), step: None });
                patch(doc, "table", name, [(PatchIndex::Row(0), 7.into()), (slice, list([8.into(), 9.into()]))]);
            }
        },
        in_page: "['uint8', 'int16', 'float32', 'float64'].every((name) => column('table', name) == '7,8,9')",
        in_python: "all(column('table', name) == [7, 8, 9] for name in ['uint8', 'int16', 'float32', 'float64'])",
    },
    Edit {
        name: "images, and places in them",
        run: |doc| {
            let image = Array::from(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).reshape(&[2, 3]).expect("six pixels");
            let bytes = Array::from(vec![1_u32, 2, 3, 4]).reshape(&[2, 2]).expect("four pixels");
            let row = Array::from(vec![1.0, 2.0, 3.0]);
            set(doc, "table", "data", columns([("images", list([image.into(), bytes.into(), row.into()]))]));
            let all = || PatchIndex::Slice(Slice { start: Some(0), stop: Some(3), step: None });
            let place = |at: Vec<PatchIndex>| PatchIndex::Multi(at);
            let (zero, one, two) = (|| PatchIndex::Row(0), || PatchIndex::Row(1), || PatchIndex::Row(2));
            patch(
                doc,
                "table",
                "images",
                [
                    (place(vec![zero(), one(), all()]), list([7.into(), 8.into(), 9.into()])),
                    (place(vec![zero(), zero(), zero()]), list([0.5.into()])),
                    (place(vec![one(), zero(), one()]), list([77.into()])),
                    (place(vec![two(), two()]), list([f64::NAN.into()])),
                ],
            );
        },
        in_page: "\
            model('table').data.images[0].join() == '0.5,1,2,7,8,9' && model('table').data.images[0].shape.join() == '2,3' && \
            model('table').data.images[1].join() == '1,77,3,4' && Number.isNaN(model('table').data.images[2][2])",
        in_python: "\
            m('table').data['images'][0].tolist() == [[0.5, 1, 2], [7, 8, 9]] and \
            m('table').data['images'][1].tolist() == [[1, 77], [3, 4]]",
    },
];

/// A column of each type that travels as bytes, and some lists.
fn every_type() -> Map {
    columns([
        ("bool", Array::from(vec![true, false, true]).into()),
        ("uint8", Array::from(vec![0_u8, 1, 255]).into()),
        ("int8", Array::from(vec![-128_i8, 0, 127]).into()),
        ("uint16", Array::from(vec![0_u16, 1, 65535]).into()),
        ("int16", Array::from(vec![-32768_i16, 0, 32767]).into()),
        ("uint32", Array::from(vec![0_u32, 1, u32::MAX]).into()),
        ("int32", Array::from(vec![i32::MIN, 0, i32::MAX]).into()),
        ("float32", Array::from(vec![f32::NAN, f32::NEG_INFINITY, 0.5]).into()),
        ("float64", Array::from(vec![f64::NAN, f64::INFINITY, 5e-324]).into()),
        ("text", list(["a", "b", ""].map(Value::from))),
        ("mixed", list([1.into(), Value::Null, list(["nested".into(), f64::NAN.into()])])),
    ])
}

fn merge(doc: &mut Document, columns: &Map) {
    let source = named(doc, "source");
    doc.set_columns(source, columns).expect("columns");
}

/// Streams to the columns x, y and z.
fn stream(doc: &mut Document, [x, y, z]: [Value; 3], rollover: Option<usize>) {
    let source = named(doc, "source");
    doc.stream(source, &columns([("x", x), ("y", y), ("z", z)]), rollover).expect("all columns");
}

fn patch<const N: usize>(doc: &mut Document, source: &str, column: &'static str, patches: [(PatchIndex, Value); N]) {
    let data = get(doc, source, "data");
    assert!(data.as_map().is_some_and(|data| data.get(column).is_some()), "{source} has no column {column}");
    let source = named(doc, source);
    doc.patch(source, vec![(column.into(), patches.into())]).expect("the places are there");
}
