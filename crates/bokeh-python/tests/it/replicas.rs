//! The server's copy of a document and the one in the worker, after whatever has happened.

use std::collections::BTreeMap;
use std::time::Duration;

use bokeh_client::{ClientSession, ConnectOptions};
use bokeh_document::Document;
use bokeh_protocol::{BytesMode, Object, Value};
use serde_json::Value as Json;

use crate::support::{open, pid, serve, set, settings};

#[tokio::test(flavor = "multi_thread")]
async fn the_copy_equals_the_document_after_random_edits_and_failing_callbacks() {
    let served = serve(SCRIPT, settings()).await;
    let options =
        |id: &str| ConnectOptions { session_id: Some(id.to_owned()), ..ConnectOptions::new(served.server.url("/app")) };
    for seed in 1..=4_u32 {
        let id = format!("random-edits-of-two-clients-with-seed-{seed}");
        let peers = [options(&id).pull().await.unwrap(), options(&id).pull().await.unwrap()];
        let mut random = Random(seed);
        for _step in 0..60 {
            let peer = &peers[random.below(2)];
            edit(peer, &mut random).await;
        }
        for peer in &peers {
            peer.force_roundtrip().await.ok();
        }
        let theirs = dump(&peers[0]).await;
        peers[1].pull().await.unwrap();
        let (ours, _) = peers[1].update(|doc| doc.to_json(BytesMode::Inline)).await.unwrap();
        let (ours, theirs) = (models(&serde_json::from_slice(&ours).unwrap()), models(&theirs));
        assert!(theirs.values().any(|model| model["name"] == "ColumnDataSource"), "the random edits came to nothing");
        assert_eq!(ours, theirs, "seed {seed}");
    }
    served.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_nested_too_deep_to_be_copied_ends_its_session_and_no_other() {
    let script = r#"
import os
from bokeh.io import curdoc
from bokeh.models import Slider

def moved(attr, old, new):
    value = {}
    for _ in range(int(new)):
        value = {"a": value}
    slider.tags = [value]

slider = Slider(name="slider", start=0, end=1000, value=1)
slider.on_change("value", moved)
curdoc().add_root(slider)
curdoc().title = str(os.getpid())
"#;
    let served = serve(script, settings()).await;
    let other = open(&served).await;
    // The copy cannot read the first of these, and the server not even what the worker says of the second.
    for depth in [150, 180] {
        let session = open(&served).await;
        set(&session, "slider", "value", Value::from(depth)).await;
        tokio::time::timeout(Duration::from_secs(10), session.closed()).await.expect("the session ends");
    }
    set(&other, "slider", "value", Value::from(2)).await;
    assert_eq!(pid(&other).await, pid(&open(&served).await).await);
    served.server.stop().await;
}

/// One change of a client, which most often has a callback, which often fails.
async fn edit(peer: &ClientSession, random: &mut Random) {
    let (what, number) = (random.below(6), i64::try_from(random.below(30)).unwrap());
    let edit = move |doc: &mut Document| {
        let Some(slider) = doc.model_by_name("slider") else { return };
        match what {
            0 | 1 => drop(doc.set_value(slider, "value", Value::from(number))),
            2 => {
                if let Some(input) = doc.model_by_name("input") {
                    // Long messages go another way.
                    let begin = if number < 20 { "text ".to_owned() } else { "long text ".repeat(10_000) };
                    drop(doc.set_value(input, "value", Value::from(format!("{begin}{number}"))));
                }
            }
            3 => doc.set_title(format!("title {number}")),
            4 => {
                if let Some(source) = doc.model_by_name("source") {
                    let rows = ["x", "y"].map(|name| (Value::from(name), Value::from_iter([Value::from(number)])));
                    drop(doc.stream(source, &rows.into_iter().collect(), Some(20)));
                }
            }
            _ => {
                let attributes = vec![("text".into(), format!("div {number}").into())];
                doc.add_root(Object { name: "Div".into(), id: None, attributes });
            }
        }
    };
    // An error tells of a callback that failed.
    peer.update(edit).await.ok();
    if random.below(3) == 0 {
        peer.force_roundtrip().await.ok();
    }
}

/// The document as Python has it.
async fn dump(peer: &ClientSession) -> Json {
    peer.update(|doc| {
        let ask = doc.model_by_name("ask").unwrap();
        doc.set_value(ask, "value", Value::from("now"))
    })
    .await
    .unwrap()
    .unwrap();
    let is_there = |doc: &mut Document| dumped(doc).is_some();
    peer.wait_until(is_there).await.unwrap();
    let text = peer.update(|doc| dumped(doc)).await.unwrap().unwrap();
    serde_json::from_str(&text).unwrap()
}

fn dumped(doc: &Document) -> Option<String> {
    let text = doc.value(doc.model_by_name("dump")?, "text").ok()?.as_str()?.to_owned();
    (!text.is_empty()).then_some(text)
}

/// Class and attributes of each model of a document by its id, and the rest under no id. What the dump itself changes is left
/// out.
fn models(document: &Json) -> BTreeMap<String, Json> {
    let mut models = BTreeMap::new();
    let mut document = flatten(document.clone(), &mut models);
    document.as_object_mut().unwrap().remove("version");
    models.insert(String::new(), document);
    models.retain(|_, model| !["dump", "ask"].contains(&model["attributes"]["name"].as_str().unwrap_or_default()));
    models
}

/// Replaces definitions by references, as in which place a model is defined does not matter.
fn flatten(value: Json, models: &mut BTreeMap<String, Json>) -> Json {
    match value {
        Json::Array(items) => items.into_iter().map(|item| flatten(item, models)).collect(),
        Json::Object(fields) => {
            let fields: serde_json::Map<_, _> =
                fields.into_iter().map(|(key, value)| (key, flatten(value, models))).collect();
            match fields.get("id").and_then(Json::as_str).map(str::to_owned) {
                Some(id) if fields.contains_key("name") => {
                    let reference = serde_json::json!({ "id": id });
                    models.insert(id, Json::Object(fields));
                    reference
                }
                _ => Json::Object(fields),
            }
        }
        other => other,
    }
}

/// A generator that gives the same numbers in each run.
struct Random(u32);

impl Random {
    fn below(&mut self, end: u32) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((self.0 >> 8) % end) as usize
    }
}

const SCRIPT: &str = r#"
import json
from bokeh.io import curdoc
from bokeh.models import ColumnDataSource, Column, Div, Slider, TextInput

doc = curdoc()
slider = Slider(name="slider", start=0, end=30, value=1)
text = TextInput(name="input", value="")
div = Div(name="div", text="")
source = ColumnDataSource(name="source", data={"x": [1, 2], "y": [3, 4]})
keeper = Div(name="keeper", tags=[source])
box = Column(name="box", children=[div, keeper])
ask, dump = TextInput(name="ask", value=""), Div(name="dump", text="")

def moved(attr, old, new):
    div.text = f"at {new}"
    if new % 3 == 0:
        source.stream({"x": [new], "y": [-new]}, rollover=5)
    if new % 5 == 0:
        box.children = [div, keeper, Div(text=f"new {new}")]
    if new % 4 == 0:
        source.patch({"x": [(0, new)]})
        raise ValueError("a callback that fails")
    if new % 7 == 0:
        doc.hold("collect")
        div.text = "held"
        source.data = {"x": [new] * 3, "y": [0, 1, 2]}
        doc.unhold()
    if new > 25:
        slider.value = 3

def typed(attr, old, new):
    slider.title = new
    extra = [root for root in doc.roots if not root.name]
    if len(extra) > 3:
        doc.remove_root(extra[0])
    doc.add_next_tick_callback(lambda: setattr(div, "width", (div.width or 100) + 1))
    if new.endswith("7"):
        raise ValueError("another one")

def asked(attr, old, new):
    def tell():
        dump.text = json.dumps(doc.to_json(deferred=False))
    # After all that waits for its turn.
    doc.add_timeout_callback(tell, 300)

slider.on_change("value", moved)
text.on_change("value", typed)
ask.on_change("value", asked)
for root in (slider, text, box, ask, dump):
    doc.add_root(root)
"#;
