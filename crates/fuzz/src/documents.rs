//! Documents to begin with.

use std::sync::OnceLock;

use bokeh_document::{Document, Origin};
use bokeh_protocol::Buffer;
use serde_json::Value as Json;

use crate::input;

/// One of the recorded documents, with callbacks that answer changes by other changes.
pub(crate) fn load(choice: u8) -> Document {
    static PARSED: OnceLock<Vec<(Json, Vec<Buffer>)>> = OnceLock::new();
    let read = |text: &&[u8]| input::content(text).expect("the recorded documents are JSON");
    let parsed = PARSED.get_or_init(|| RECORDED.iter().map(read).collect());
    let (json, buffers) = &parsed[usize::from(choice) % parsed.len()];
    let mut document = Document::new();
    document.replace_with(json, buffers, Origin::Local).expect("the recorded documents can be read");
    for model in document.models().collect::<Vec<_>>() {
        // Not every class has each of these.
        for property in ["value", "active", "text"] {
            document
                .on_change(model, property, |document, change| document.set_title(format!("{:?}", change.new)))
                .ok();
        }
    }
    document.on_message("title", |document, data| document.set_title(format!("{data:?}")));
    document.take_changes();
    document.take_detached();
    document.sweep();
    document
}

const RECORDED: [&[u8]; 4] = [
    include_bytes!("../documents/edits.bin"),
    include_bytes!("../documents/arrays.bin"),
    include_bytes!("../documents/widgets.bin"),
    include_bytes!("../documents/table.bin"),
];
