//! Whether a page's copy of the document is the document.

use std::collections::BTreeSet;

use bokeh_document::Document;
use bokeh_protocol::{Buffer, BufferIds, BytesMode, Encoder, Graph, ModelId, Value};

/// The first thing in which a page's copy differs from the server's document; nothing when they are equal.
///
/// Roots are compared as a set, since no message can bring them into another order.
pub(super) fn difference(server: &Document, copy: &Document) -> Option<String> {
    if server.title() != copy.title() {
        return Some(format!("the title is {:?} on the server and {:?} on the page", server.title(), copy.title()));
    }
    let (ours, theirs) = (root_ids(server), root_ids(copy));
    if ours != theirs {
        return Some(format!("the roots are {ours:?} on the server and {theirs:?} on the page"));
    }
    let mut models: Vec<ModelId> = server.models().collect();
    models.sort();
    models.into_iter().find_map(|model| model_difference(server, model, copy))
}

fn root_ids(document: &Document) -> BTreeSet<&str> {
    document.roots().iter().filter_map(|root| document.wire_id(*root)).collect()
}

fn model_difference(server: &Document, model: ModelId, copy: &Document) -> Option<String> {
    let (id, class) = (server.wire_id(model)?, server.class_name(model)?);
    let Some(copied) = copy.model_by_wire_id(id) else {
        return Some(format!("{class}({id}) is not on the page"));
    };
    if copy.class_name(copied) != Some(class) {
        return Some(format!("{class}({id}) is a {} on the page", copy.class_name(copied).unwrap_or("?")));
    }
    let names = attribute_names(server, model).chain(attribute_names(copy, copied));
    let names: BTreeSet<&str> = names.collect();
    names.into_iter().find_map(|name| {
        let (ours, theirs) = (server.value(model, name).ok(), copy.value(copied, name).ok());
        let (ours, theirs) = (ours.map(|value| encode(server, &value)), theirs.map(|value| encode(copy, &value)));
        let text = |encoded: &Option<Encoded>| encoded.as_ref().map_or("not set".to_owned(), Encoded::text);
        (ours != theirs)
            .then(|| format!("{class}({id}).{name} is {} on the server and {} on the page", text(&ours), text(&theirs)))
    })
}

fn attribute_names(document: &Document, model: ModelId) -> impl Iterator<Item = &str> {
    let definition = document.definition(model);
    definition.into_iter().flat_map(|definition| definition.attributes).map(|(name, _)| name)
}

/// A value as it goes over the wire, with references to models.
#[derive(PartialEq)]
struct Encoded {
    json: Vec<u8>,
    buffers: Vec<Buffer>,
}

fn encode(document: &Document, value: &Value) -> Encoded {
    let mut ids = BufferIds::default();
    let mut encoder = Encoder::new(document, &|_| true, BytesMode::Buffers(&mut ids));
    encoder.value(value);
    let (json, buffers) = encoder.finish();
    Encoded { json, buffers }
}

impl Encoded {
    /// As much as fits into a message.
    fn text(&self) -> String {
        const MAX_CHARS: usize = 200;
        let json = String::from_utf8_lossy(&self.json);
        let n_bytes: usize = self.buffers.iter().map(|buffer| buffer.data.len()).sum();
        let rest = if n_bytes > 0 { format!(" with {n_bytes} bytes in buffers") } else { String::new() };
        format!("{}{rest}", json.chars().take(MAX_CHARS).collect::<String>())
    }
}
