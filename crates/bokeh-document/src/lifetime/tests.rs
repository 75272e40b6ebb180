use bokeh_protocol::{Object, Value};
use serde_json::json;

use super::*;

const N: usize = 300;

#[test]
fn what_is_added_is_looked_at_once() {
    let mut doc = Document::new();
    let mut inner = doc.add_root(row());
    for _ in 0..N {
        let new = doc.add(row());
        doc.set_value(inner, "children", Value::from_iter([Value::Model(new)])).unwrap();
        assert!(doc.is_attached(new));
        inner = new;
        let root = doc.add_root(row());
        assert!(doc.is_attached(root));
    }
    assert!(doc.graph.n_visited < 10 * N, "{} models were looked at", doc.graph.n_visited);
    assert_eq!(doc.take_detached(), []);
    assert_eq!(doc.models().count(), 2 * N + 1);
}

#[test]
fn a_patch_that_adds_many_models_looks_at_each_a_few_times() {
    let mut doc = Document::new();
    let root = doc.add_root(row());
    let mut last = doc.wire_id(root).unwrap().to_owned();
    let mut events = Vec::new();
    for n in 0..N {
        let id = format!("j{n}");
        let new = json!([{"type": "object", "name": "Row", "id": id}]);
        events.push(json!({"kind": "ModelChanged", "model": {"id": last}, "attr": "children", "new": new}));
        last = id;
    }
    doc.apply_patch(&json!({ "events": events }), &[], Origin::Peer(1)).unwrap();
    assert_eq!(doc.models().count(), N + 1);
    assert!(doc.graph.n_visited < 10 * N, "{} models were looked at", doc.graph.n_visited);
}

#[test]
fn what_is_reachable_is_known_after_any_change() {
    let mut doc = Document::new();
    let models: Vec<ModelId> = (0..6).map(|_| doc.add(row())).collect();
    // A generator of its own, so that each run does the same.
    let mut state = 1_u64;
    let mut random = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    for _ in 0..2000 {
        let model = models[random(models.len())];
        match random(4) {
            0 => doc.add_root_from(model, Origin::Local),
            1 => drop(doc.remove_root(model)),
            2 => {
                let children = (0..random(3)).map(|_| Value::Model(models[random(models.len())])).collect();
                doc.set_value(model, "tags", children).unwrap();
            }
            _ => {
                let Ok(Value::List(mut tags)) = doc.value(model, "tags") else { continue };
                tags.push(Value::Model(models[random(models.len())]));
                doc.set_value(model, "tags", Value::List(tags)).unwrap();
            }
        }
        let reachable: FxHashSet<ModelId> = doc.models().collect();
        for model in &models {
            assert_eq!(doc.is_attached(*model), reachable.contains(model));
        }
        assert_eq!(doc.graph.n_reached, reachable.len());
    }
}

fn row() -> Object {
    Object { name: "Row".into(), id: None, attributes: Vec::new() }
}
