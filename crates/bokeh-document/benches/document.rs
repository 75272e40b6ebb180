//! A slider is moved: the patch is applied, its callback changes the curve, the changes are encoded.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use bokeh_document::{Author, Document, Origin, Publisher};
use bokeh_protocol::{Array, Map, Object, Text, Value};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::json;

fn object<const N: usize>(class: &str, attributes: [(&str, Value); N]) -> Object {
    let attributes = attributes.into_iter().map(|(name, value)| (Text::from(name), value)).collect();
    Object { name: class.into(), id: None, attributes }
}

fn wave(k: f64) -> Map {
    let x: Vec<f64> = (0..200).map(|n| f64::from(n) * 0.0314).collect();
    let y: Vec<f64> = x.iter().map(|x| (k * x).sin()).collect();
    Map::from_iter([("x", Value::from(Array::from(x))), ("y", Value::from(Array::from(y)))])
}

fn slider(c: &mut Criterion) {
    let mut doc = Document::new();
    let slider = doc.add_root(object("Slider", [("start", 0.into()), ("end", 10.into()), ("value", 1.into())]));
    let source = doc.add_root(object("ColumnDataSource", [("data", wave(1.0).into())]));
    doc.on_change(slider, "value", move |doc, change| {
        let data = wave(change.new.as_f64().unwrap_or_default());
        doc.set_value(source, "data", data.into())
    })
    .unwrap();
    let mut publisher = Publisher::default();
    publisher.publish(&mut doc, None);
    publisher.whole(&mut doc, false, true);
    let id = doc.wire_id(slider).unwrap().to_owned();
    let event =
        |new: f64| json!({"events": [{"kind": "ModelChanged", "model": {"id": id}, "attr": "value", "new": new}]});
    let patches = [event(2.0), event(3.0)];

    let mut n = 0;
    c.bench_function("slider patch, callback, 200 points", |b| {
        b.iter(|| {
            n += 1;
            let origin = Origin::Peer(1);
            let models = doc.apply_patch(black_box(&patches[n % 2]), &[], origin).unwrap().defined;
            publisher.publish(&mut doc, Some(Author { origin, models: &models }))
        });
    });
    c.bench_function("whole document to JSON", |b| b.iter(|| publisher.whole(black_box(&mut doc), false, true)));
}

criterion_group!(benches, slider);
criterion_main!(benches);
