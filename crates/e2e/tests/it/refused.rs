//! Requests that can be read and not be done. Their author gets ERROR, and the connection goes on.

use std::io::Write;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bokeh_protocol::{MessageType, RawMessage};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value as Json, json};

use crate::bystander::Bystander;
use crate::client::{Client, message};
use crate::log;
use crate::server::{settings, start};

#[tokio::test]
async fn a_bad_patch_is_refused_whole() {
    let server = start("/app", settings()).await;
    let mut bystander = Bystander::join(server.port(), "/app", "patch").await;
    let mut author = Client::open(server.port(), "/app", "patch").await;
    author.pull().await;
    let [slider, div] = ["slider", "div"].map(|name| json!({"id": bystander.id(name)}));
    let good = set(&slider, "value", json!(7));
    // Each comes after a good one, which is refused with it.
    for (bad, expected) in bad_events(&bystander) {
        let reply = answer(&mut author, &json!({"events": [good, bad]})).await;
        assert_eq!(reply.header.msgtype, MessageType::Error, "{bad}");
        assert_eq!(reply.header.reqid.as_deref(), Some("q"));
        assert_refused(&reply.content, expected);
        bystander.assert_undisturbed().await;
        log::assert_warned("patch", expected);
    }
    // The author has been told what still holds, after each refusal.
    author.send(message("SERVER-INFO-REQ", &json!({}))).await;
    let mut told = Vec::new();
    loop {
        let message = author.message().await;
        if message.header.msgtype == MessageType::ServerInfoReply {
            break;
        }
        told.extend(message.content["events"].as_array().cloned().unwrap_or_default());
    }
    assert!(told.contains(&set(&slider, "value", json!(1))), "{told:?}");
    // The next patch is taken as if nothing had happened: the author hears of what the callback did, the bystander
    // of both.
    let caused = set(&div, "text", json!("Int(7)"));
    author.send(message("PATCH-DOC", &json!({"events": [good]}))).await;
    assert_eq!(author.message().await.content["events"], json!([caused]));
    assert_eq!(author.message().await.header.msgtype, MessageType::Ok);
    assert_eq!(bystander.told().await, json!([good, caused]));
    log::assert_no_panic();
}

/// The answer to a patch, past what the author is told besides.
async fn answer(author: &mut Client, patch: &Json) -> RawMessage {
    let mut message = author.request("PATCH-DOC", patch).await;
    while message.header.msgtype == MessageType::PatchDoc {
        message = author.message().await;
    }
    message
}

#[tokio::test]
async fn a_patch_that_unfolds_to_too_much_is_refused() {
    // Each is harmless; the limit of 64 MiB is on all of them together.
    let tag = json!({"type": "bytes", "data": a_mebibyte_of_nothing()});
    let server = start("/app", settings()).await;
    let mut bystander = Bystander::join(server.port(), "/app", "bomb").await;
    let mut author = Client::open(server.port(), "/app", "bomb").await;
    let event = set(&json!({"id": bystander.id("div")}), "tags", json!(vec![tag; 65]));
    let reply = author.request("PATCH-DOC", &json!({"events": [event]})).await;
    assert_refused(&reply.content, "inline bytes of one message unfold to more than");
    bystander.assert_undisturbed().await;
    log::assert_no_panic();
}

#[tokio::test]
async fn a_bad_push_is_refused_whole() {
    let server = start("/app", settings()).await;
    let mut bystander = Bystander::join(server.port(), "/app", "push").await;
    let mut author = Client::open(server.port(), "/app", "push").await;
    for (content, expected) in [
        (json!({}), "the content has no 'doc'"),
        (json!([]), "the content has no 'doc'"),
        (json!({"doc": 5}), "the document's field"),
        (json!({"doc": {"config": null, "roots": []}}), "the document's field 'title'"),
        (json!({"doc": {"config": null, "title": 5, "roots": []}}), "the document's field 'title'"),
        (json!({"doc": {"config": null, "title": "x"}}), "the document's field 'roots'"),
        (json!({"doc": {"config": null, "title": "x", "roots": {}}}), "the document's field 'roots'"),
        (json!({"doc": {"title": "x", "roots": []}}), "the document's field 'config'"),
        (json!({"doc": {"config": null, "title": "x", "roots": [5]}}), "the document's field 'roots'"),
        (json!({"doc": {"config": null, "title": "x", "roots": [{"id": "zzz"}]}}), "can't resolve reference 'zzz'"),
        // The models of the document that is to be replaced do not count.
        (
            json!({"doc": {"config": null, "title": "x", "roots": [{"id": bystander.id("slider")}]}}),
            "can't resolve reference",
        ),
        (
            json!({"doc": {"config": null, "title": "x", "roots": [
                {"type": "object", "name": "Div", "id": "one"},
                {"type": "object", "name": "Nonesuch", "id": "two"},
            ]}}),
            "there is no model class 'Nonesuch'",
        ),
        (
            json!({"doc": {"config": null, "title": "x", "roots": [
                {"type": "object", "name": "Div", "id": "one", "attributes": {"text": 5}},
            ]}}),
            "Div.text: expected",
        ),
    ] {
        let reply = author.request("PUSH-DOC", &content).await;
        assert_eq!(reply.header.msgtype, MessageType::Error, "{content}");
        assert_refused(&reply.content, expected);
        bystander.assert_undisturbed().await;
        log::assert_warned("push", expected);
    }
    log::assert_no_panic();
}

/// Events that cannot be applied to the document of [`app`](crate::server::app), and what is said about each.
fn bad_events(bystander: &Bystander) -> Vec<(Json, &'static str)> {
    let [slider, div, source] = ["slider", "div", "source"].map(|name| json!({ "id": bystander.id(name) }));
    let columns =
        |kind: &str, key: &str, value: &Json| json!({"kind": kind, "model": source, "attr": "data", key: map(value)});
    let stream = |data: Json, rollover: Json| {
        let mut event = columns("ColumnsStreamed", "data", &data);
        event["rollover"] = rollover;
        event
    };
    let patch = |patches: Json| columns("ColumnsPatched", "patches", &patches);
    let event = |name: &str, values: Json| {
        let event = json!({"type": "event", "name": name, "values": map(&values)});
        json!({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event})
    };
    let object = |class: &str, attributes: Json| {
        add(json!({"type": "object", "name": class, "id": "new", "attributes": attributes}))
    };
    let bytes = |data: Json| json!({"type": "bytes", "data": data});
    vec![
        // Events that are none.
        (json!(1), "expected an event"),
        (json!({}), "the field 'kind' is missing"),
        (json!({"kind": "Exploded"}), "unknown event kind 'Exploded'"),
        (json!({"kind": "TitleChanged"}), "the field 'title' is missing"),
        (json!({"kind": "TitleChanged", "title": 7}), "title: expected a string"),
        (json!({"kind": "TitleChanged", "title": "x", "more": 1}), "there is no field 'more' here"),
        (json!({"kind": "ModelChanged", "model": slider, "attr": "value"}), "the field 'new' is missing"),
        (json!({"kind": "ModelChanged", "model": "slider", "attr": "value", "new": 1}), "model: expected"),
        // Models that are none.
        (set(&json!({"id": "zzz"}), "value", json!(1)), "can't resolve reference 'zzz'"),
        (set(&slider, "tags", json!([{"id": "zzz"}])), "can't resolve reference 'zzz'"),
        (add(json!({"id": "zzz"})), "can't resolve reference 'zzz'"),
        (object("Nonesuch", json!({})), "there is no model class 'Nonesuch'"),
        (object("Slider", json!({"start": "low"})), "Slider.start: expected"),
        (object("Row", json!({"children": [{"id": "zzz"}]})), "can't resolve reference 'zzz'"),
        (add(json!({"type": "object", "name": "Div", "id": ""})), "a model needs an id"),
        (add(json!({"type": "object", "name": "Div", "id": 5})), "expected"),
        // Values that are none, or not of the property's kind.
        (set(&slider, "value", json!("high")), "Slider.value: expected"),
        (set(&slider, "value", json!(null)), "Slider.value: expected"),
        (set(&slider, "step", json!([1])), "Slider.step: expected"),
        (set(&div, "text", json!(5)), "Div.text: expected"),
        (set(&div, "align", json!("sideways")), "Div.align: expected"),
        (set(&div, "stylesheets", json!([5])), "Div.stylesheets: at [0]: expected"),
        (set(&source, "selected", slider.clone()), "ColumnDataSource.selected: expected"),
        (set(&div, "tags", json!([{"type": "enigma"}])), "unable to decode an object of type 'enigma'"),
        (set(&div, "tags", json!([{"type": "map", "entries": [["key"]]}])), "expected a pair of key and value"),
        (set(&div, "tags", json!([{"type": "map", "entries": 5}])), "expected"),
        (set(&div, "tags", json!([{"type": "number", "value": "much"}])), "expected"),
        (set(&div, "tags", json!([{"type": "slice", "start": "a", "stop": 1, "step": 1}])), "expected"),
        // Bytes that are not there, or not what they say.
        (set(&div, "tags", json!([bytes(json!({"id": "b1"}))])), "the message has no buffer 'b1'"),
        (set(&div, "tags", json!([bytes(json!("not base64!"))])), "inline bytes are not base64 of gzip"),
        (set(&div, "tags", json!([bytes(json!("AAAA"))])), "inline bytes are not base64 of gzip"),
        (set(&div, "tags", json!([ndarray(json!([1, 2]), "float64", json!([3]))])), "shape"),
        (set(&div, "tags", json!([ndarray(json!([1, 2]), "float64", json!([-2]))])), "shape"),
        (set(&div, "tags", json!([ndarray(json!([1, 2]), "quaternion", json!([2]))])), "dtype"),
        (set(&div, "tags", json!([ndarray(json!([]), "float64", json!([1_u64 << 32, 1_u64 << 32, 2]))])), "shape"),
        // Columns that do not fit.
        (stream(json!({"x": [3]}), json!(null)), "missing: y"),
        (stream(json!({"x": [3], "y": [3], "z": [3]}), json!(null)), "unknown: z"),
        (stream(json!({"x": [3], "y": [3, 4]}), json!(null)), "fill all columns alike"),
        (stream(json!({"x": [3], "y": [3]}), json!(0)), "rollover"),
        (stream(json!({"x": [3], "y": [3]}), json!(-1)), "rollover"),
        (stream(json!({"x": [3], "y": [3]}), json!("all")), "rollover: expected"),
        (patch(json!({"z": [[0, 1]]})), "unknown: z"),
        (patch(json!({"x": [[2, 1]]})), "there is none at 2"),
        (patch(json!({"x": [[-1, 1]]})), "there is none at -1"),
        (patch(json!({"x": [["first", 1]]})), "expected"),
        (
            patch(json!({"x": [[{"type": "slice", "start": 0, "stop": 9, "step": 1}, [1]]]})),
            "no slice of the 2 entries",
        ),
        (
            json!({"kind": "ColumnDataChanged", "model": source, "attr": "data", "data": [3], "cols": null}),
            "data: expected a map",
        ),
        (json!({"kind": "ColumnsPatched", "model": div, "attr": "text", "patches": map(&json!({}))}), "no columns"),
        // Events that Bokeh does not have.
        (event("explosion", json!({})), "unknown event 'explosion'"),
        (event("button_click", json!({"model": slider, "loud": true})), "button_click"),
        (event("button_click", json!({})), "button_click"),
    ]
}

fn set(model: &Json, attr: &str, new: impl Into<Json>) -> Json {
    json!({"kind": "ModelChanged", "model": model, "attr": attr, "new": new.into()})
}

fn add(model: impl Into<Json>) -> Json {
    json!({"kind": "RootAdded", "model": model.into()})
}

fn ndarray(array: impl Into<Json>, dtype: &str, shape: impl Into<Json>) -> Json {
    json!({"type": "ndarray", "array": array.into(), "dtype": dtype, "shape": shape.into(), "order": "little"})
}

/// Fails unless the content of an ERROR says this.
fn assert_refused(content: &Json, expected: &str) {
    let text = content["text"].as_str().unwrap_or_default();
    assert!(text.contains(expected), "{text:?} does not say {expected:?}");
    assert_eq!(content["traceback"], Json::Null);
}

/// An object as the wire writes maps.
fn map(object: &Json) -> Json {
    let entries: Vec<Json> = object.as_object().unwrap().iter().map(|(key, value)| json!([key, value])).collect();
    json!({"type": "map", "entries": entries})
}

/// Inline bytes: a kilobyte that unfolds to a thousand.
fn a_mebibyte_of_nothing() -> String {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![0; 1 << 20]).unwrap();
    BASE64_STANDARD.encode(encoder.finish().unwrap())
}
