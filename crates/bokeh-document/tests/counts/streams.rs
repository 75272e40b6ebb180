//! A hundred rows, appended to short and to long columns.

use allocation_counter::{AllocationInfo, measure};
use bokeh_document::{Document, Origin, Publisher};
use bokeh_protocol::{Array, ArrayData, Buffer, Map, ModelId, Object, PatchIndex, Value};
use serde_json::json;

const N_ROWS: usize = 100;

/// A source of a document that a browser has.
struct Bench {
    doc: Document,
    publisher: Publisher,
    source: ModelId,
    len: usize,
    n: u32,
}

fn rows(n: u32, len: usize) -> Map {
    let columns = ["x", "y"].map(|name| (name, Value::from(Array::from(vec![f64::from(n); len]))));
    columns.into_iter().collect()
}

/// The last value of the column `x`.
fn last(data: &Value) -> f64 {
    match data.as_map().unwrap().get("x").unwrap().as_array().unwrap().data() {
        ArrayData::Float64(items) => *items.last().unwrap(),
        other => panic!("no floats: {other:?}"),
    }
}

impl Bench {
    fn new(len: usize) -> Self {
        let mut doc = Document::new();
        let attributes = vec![("data".into(), Value::Map(rows(0, len)))];
        let source = doc.add_root(Object { name: "ColumnDataSource".into(), id: None, attributes });
        let mut publisher = Publisher::default();
        publisher.publish(&mut doc, None);
        drop(publisher.whole(&mut doc, false, true));
        Bench { doc, publisher, source, len, n: 0 }
    }

    fn with_callback(len: usize) -> Self {
        let mut bench = Self::new(len);
        let see = move |_: &mut Document, change: &bokeh_document::PropertyChange| {
            assert!(last(&change.old) < last(&change.new), "a callback sees what was and what is");
        };
        bench.doc.on_change(bench.source, "data", see).unwrap();
        bench
    }

    fn stream(&mut self) {
        self.n += 1;
        self.doc.stream(self.source, &rows(self.n, N_ROWS), Some(self.len)).unwrap();
    }

    /// A stream as a browser or a client sends it.
    fn take_stream(&mut self) {
        self.n += 1;
        let bytes = f64::from(self.n).to_le_bytes().repeat(N_ROWS);
        let column = |id: &str| {
            json!({"type": "ndarray", "array": {"type": "bytes", "data": {"id": id}}, "shape": [N_ROWS],
                "dtype": "float64", "order": "little"})
        };
        let data = json!({"type": "map", "entries": [["x", column("1")], ["y", column("2")]]});
        let model = json!({"id": self.doc.wire_id(self.source).unwrap()});
        let event =
            json!({"kind": "ColumnsStreamed", "model": model, "attr": "data", "data": data, "rollover": self.len});
        let buffers = [Buffer::new("1", bytes.clone()), Buffer::new("2", bytes)];
        self.doc.apply_patch(&json!({ "events": [event] }), &buffers, Origin::Peer(1)).unwrap();
    }

    fn patch(&mut self) {
        self.n += 1;
        let edit = vec![(PatchIndex::Row(5), Value::from(f64::from(self.n)))];
        self.doc.patch(self.source, vec![("x".into(), edit)]).unwrap();
    }

    /// Tells the peers.
    fn publish(&mut self) {
        let patches = self.publisher.publish(&mut self.doc, None).for_peer(Origin::Peer(2));
        assert_eq!(patches[0].len(), 1);
        let n_bytes: usize = patches[0][0].buffers.iter().map(|buffer| buffer.data.len()).sum();
        assert!(n_bytes <= 2 * 8 * N_ROWS, "only the new rows are sent, not {n_bytes} bytes");
    }
}

/// What fifty changes cost, each told at once, when there have been some before.
fn cost(mut bench: Bench, change: fn(&mut Bench)) -> AllocationInfo {
    let mut run = |n: usize| {
        for _ in 0..n {
            change(&mut bench);
            bench.publish();
        }
    };
    // Columns get their head room, and drop what has rolled over for the first times.
    run(100);
    measure(|| run(50))
}

#[test]
fn changing_some_rows_costs_the_same_whatever_the_length() {
    type Case = (&'static str, fn(usize) -> Bench, fn(&mut Bench));
    let cases: [Case; 4] = [
        ("a stream", Bench::new, Bench::stream),
        ("a stream that a callback sees", Bench::with_callback, Bench::stream),
        ("a stream from a peer", Bench::new, Bench::take_stream),
        ("a patch", Bench::new, Bench::patch),
    ];
    for (what, bench, change) in cases {
        let (short, long) = (cost(bench(1_000), change), cost(bench(1_000_000), change));
        assert_eq!(
            (short.count_total, short.bytes_total),
            (long.count_total, long.bytes_total),
            "{what}: allocations and bytes, short and long"
        );
    }
}
