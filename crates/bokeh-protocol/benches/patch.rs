//! Encoding and decoding patches of 10 kB and 1 MB, as JSON lists and as typed arrays.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use bokeh_protocol::{
    Array, Begun, Buffer, BufferIds, BytesMode, Decoder, Definition, Encoder, Graph, Map, ModelId, ModelReader,
    PatchEvent, Text, Value,
};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const SOURCE: ModelId = ModelId { document: 0, index: 1 };

/// A document of one data source that everybody knows.
struct OneSource;

impl Graph for OneSource {
    fn wire_id(&self, _: ModelId) -> Option<&str> {
        Some("p1001")
    }
    fn definition(&self, _: ModelId) -> Option<Definition<'_>> {
        None
    }
}

impl ModelReader for OneSource {
    fn reference(&mut self, _: &str) -> Option<ModelId> {
        Some(SOURCE)
    }
    fn begin(&mut self, _: &str, _: &str) -> Result<Begun, String> {
        Err("nothing is defined here".into())
    }
    fn finish(&mut self, _: ModelId, _: Vec<(Text, Value)>) -> Result<(), String> {
        Ok(())
    }
}

fn event(n_bytes: usize, as_array: bool) -> PatchEvent {
    let numbers = (0..n_bytes as u32 / 8).map(|n| f64::from(n) * 0.37);
    let column = if as_array {
        Value::from(Array::from(numbers.collect::<Vec<_>>()))
    } else {
        numbers.map(Value::from).collect()
    };
    let data = Map::from_iter([("y", column)]);
    PatchEvent::ColumnDataChanged { model: SOURCE, attr: "data".into(), data, cols: None }
}

fn encode(event: &PatchEvent) -> (Vec<u8>, Vec<Buffer>) {
    let mut ids = BufferIds::default();
    let mut encoder = Encoder::new(&OneSource, &|_| true, BytesMode::Buffers(&mut ids));
    encoder.raw("{\"events\":[");
    event.encode(&mut encoder);
    encoder.raw("]}");
    encoder.finish()
}

fn patches(c: &mut Criterion) {
    let mut group = c.benchmark_group("patch");
    for (size, n_bytes) in [("10 kB", 10_000), ("1 MB", 1_000_000)] {
        for (form, as_array) in [("list", false), ("array", true)] {
            let event = event(n_bytes, as_array);
            let (json, buffers) = encode(&event);
            group.throughput(Throughput::Bytes(n_bytes as u64));
            group.bench_function(BenchmarkId::new(format!("encode {form}"), size), |b| {
                b.iter(|| encode(black_box(&event)));
            });
            group.bench_function(BenchmarkId::new(format!("decode {form}"), size), |b| {
                b.iter(|| {
                    let content = serde_json::from_slice(black_box(&json)).unwrap();
                    Decoder::new(&mut OneSource, &buffers).patch(&content).unwrap()
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, patches);
criterion_main!(benches);
