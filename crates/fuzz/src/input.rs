//! How bytes stand for texts and buffers. The separators occur in no UTF-8, so that a text holds none by chance.

use bokeh_protocol::Buffer;
use bytes::Bytes;
use serde_json::Value as Json;

/// Separates messages.
const MESSAGE: u8 = 0xfe;
/// Separates the parts of a message.
const PART: u8 = 0xff;

/// The messages in an input.
pub(crate) fn messages(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|byte| *byte == MESSAGE)
}

/// The parts of a message: a text, and then buffers.
pub(crate) fn parts(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|byte| *byte == PART)
}

/// A message's content and its buffers, whose ids are `b0`, `b1` and so on. `None` when the text is no JSON.
pub(crate) fn content(message: &[u8]) -> Option<(Json, Vec<Buffer>)> {
    let mut parts = parts(message);
    let content = serde_json::from_slice(parts.next()?).ok()?;
    let buffer = |(n, part)| Buffer::new(format!("b{n}"), Bytes::copy_from_slice(part));
    Some((content, parts.enumerate().map(buffer).collect()))
}
