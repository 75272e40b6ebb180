//! The document of the sliders example: building it, writing it for a browser, and moving a slider in it.

#![allow(dead_code, reason = "the example has a main function of its own")]
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

#[path = "../sliders.rs"]
mod sliders;

use std::hint::black_box;

use bokeh::Document;
use bokeh::document::{Author, Origin, Publisher};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::json;

fn build() -> Document {
    let mut doc = Document::new();
    sliders::app(&mut doc);
    doc
}

fn benches(c: &mut Criterion) {
    c.bench_function("build the sliders document", |b| b.iter(build));

    let mut doc = build();
    let mut publisher = Publisher::default();
    c.bench_function("encode the sliders document", |b| b.iter(|| publisher.whole(black_box(&mut doc), false, true)));

    let slider = doc.model_by_name("amplitude").unwrap();
    let id = doc.wire_id(slider).unwrap().to_owned();
    let patch =
        |value: f64| json!({"events": [{"kind": "ModelChanged", "model": {"id": id}, "attr": "value", "new": value}]});
    let patches = [patch(1.5), patch(2.5)];
    let mut n = 0;
    c.bench_function("apply and answer a slider patch", |b| {
        b.iter(|| {
            n += 1;
            let origin = Origin::Peer(1);
            let models = doc.apply_patch(black_box(&patches[n % 2]), &[], origin).unwrap().defined;
            publisher.publish(&mut doc, Some(Author { origin, models: &models }))
        });
    });
}

criterion_group!(sliders_document, benches);
criterion_main!(sliders_document);
