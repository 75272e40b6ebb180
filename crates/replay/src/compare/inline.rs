//! Buffers in the place of the references to them.

use std::collections::BTreeMap;
use std::io::Read as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bokeh_protocol::RawMessage;
use flate2::read::GzDecoder;
use serde_json::Value as Json;

/// The content of a message with all bytes in it, as base64.
pub(super) fn content(message: &RawMessage) -> Json {
    let encode = |buffer: &bokeh_protocol::Buffer| (buffer.id.to_string(), BASE64_STANDARD.encode(&buffer.data));
    let mut content = message.content.clone();
    inline(&mut content, &message.buffers.iter().map(encode).collect());
    content
}

fn inline(json: &mut Json, buffers: &BTreeMap<String, String>) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| inline(item, buffers)),
        Json::Object(fields) if fields.get("type").is_some_and(|tag| tag == "bytes") => {
            let data = match &fields["data"] {
                Json::String(text) => BASE64_STANDARD.encode(unzip(text)),
                reference => buffers[reference["id"].as_str().unwrap()].clone(),
            };
            fields.insert("data".to_owned(), data.into());
        }
        Json::Object(fields) => fields.values_mut().for_each(|value| inline(value, buffers)),
        _ => {}
    }
}

fn unzip(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    GzDecoder::new(&BASE64_STANDARD.decode(text).unwrap()[..]).read_to_end(&mut bytes).unwrap();
    bytes
}
