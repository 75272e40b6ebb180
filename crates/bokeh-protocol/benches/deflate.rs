//! Compressing the texts of messages, and inflating what a client has compressed.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::fmt::Write;
use std::hint::black_box;

use bokeh_protocol::{DeflateTerms, Deflater, Inflater};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// A patch that streams `n_columns` columns of one number, or with enough of them something as long as a document.
fn text(n_columns: usize) -> String {
    let mut text =
        r#"{"events":[{"kind":"ColumnsStreamed","model":{"id":"m1003"},"attr":"data","data":{"type":"map","entries":["#
            .to_owned();
    for n in 0..n_columns {
        let comma = if n == 0 { "" } else { "," };
        write!(
            text,
            r#"{comma}["column {n}",{{"type":"ndarray","array":{{"type":"bytes","data":{{"id":"b{n}"}}}},"shape":[1],"dtype":"float64","order":"little"}}]"#
        )
        .unwrap();
    }
    text.push_str(r#"]},"rollover":300}]}"#);
    text
}

fn terms() -> DeflateTerms {
    DeflateTerms::accept(["permessage-deflate"]).unwrap()
}

fn deflate(deflater: &mut Deflater, text: &str) -> Vec<u8> {
    deflater.push(text.as_bytes(), terms());
    deflater.finish()
}

/// A frame of a client, masked with zeros.
fn frame(payload: &[u8]) -> Vec<u8> {
    [&[0xc1, 0xff][..], &(payload.len() as u64).to_be_bytes(), &[0; 4], payload].concat()
}

fn messages(c: &mut Criterion) {
    let mut group = c.benchmark_group("deflate");
    for n_columns in [3, 50, 5000] {
        let text = text(n_columns);
        group.throughput(Throughput::Bytes(text.len() as u64));
        for level in [1, 6, 9] {
            let mut deflater = Deflater::new(level);
            let n_bytes = deflate(&mut deflater, &text).len();
            let name = format!("deflate at level {level} to {n_bytes}");
            group.bench_function(BenchmarkId::new(name, text.len()), |b| {
                b.iter(|| black_box(deflate(&mut deflater, black_box(&text))));
            });
        }
        let frame = frame(&deflate(&mut Deflater::new(6), &text));
        group.bench_function(BenchmarkId::new("inflate", text.len()), |b| {
            b.iter(|| {
                let mut inflater = Inflater::new(terms(), 1 << 24);
                let mut input = &frame[..];
                let mut output = Vec::new();
                while inflater.push(&mut input, &mut output).unwrap() {}
                black_box(output)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, messages);
criterion_main!(benches);
