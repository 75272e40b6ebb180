//! What workers say of a document, as its replica takes it.

#[cfg(test)]
mod tests;

use bokeh_document::{Content, News, Segment};
use bytes::Bytes;
use serde_json::{Map, Value};

use crate::channel::Reply;
use crate::error::CallError;
use crate::frame::named;

/// What a worker says by itself.
pub(crate) fn of_changes(fields: Map<String, Value>, buffers: Vec<Bytes>) -> News {
    News { segments: segments(fields, buffers, None), answers: None, error: None }
}

/// What a worker answers to a peer's submission.
pub(crate) fn of_answer(reply: Result<Reply, CallError>, peer: u64) -> News {
    match reply {
        Ok(Reply { mut fields, buffers }) => {
            let error = fields.remove("error").filter(|error| !error.is_null()).map(|error| error_text(&error));
            News { segments: segments(fields, buffers, Some(peer)), answers: Some(peer), error }
        }
        Err(CallError::Refused { text, .. }) => News { error: Some(text), answers: Some(peer), ..News::default() },
        Err(error) => News { error: Some(error.to_string()), answers: Some(peer), ..News::default() },
    }
}

/// The whole document, as a worker answers with it.
pub(crate) fn of_whole(mut reply: Reply) -> Option<News> {
    let buffers = reply.take_buffers();
    let content = Content::Whole(reply.fields.remove("doc")?);
    Some(News { segments: vec![Segment { peer: None, content, buffers }], ..News::default() })
}

/// The bytes that news keep in memory, roughly.
pub(crate) fn n_bytes(news: &News) -> usize {
    let buffers = news.segments.iter().flat_map(|segment| &segment.buffers);
    let json = news.segments.iter().map(|segment| match &segment.content {
        Content::Patch(json) | Content::Whole(json) => json_bytes(json),
        Content::Submitted(_) => 0,
    });
    size_of_val(&*news.segments) + json.sum::<usize>() + buffers.map(|buffer| buffer.data.len()).sum::<usize>()
}

fn segments(mut fields: Map<String, Value>, buffers: Vec<Bytes>, author: Option<u64>) -> Vec<Segment> {
    let Some(Value::Array(segments)) = fields.remove("segments") else { return Vec::new() };
    let mut buffers = buffers.into_iter();
    segments.into_iter().filter_map(|segment| self::segment(segment, &mut buffers, author)).collect()
}

/// A part of a message. Its buffers are those that follow after the ones of the part before.
fn segment(mut segment: Value, buffers: &mut impl Iterator<Item = Bytes>, author: Option<u64>) -> Option<Segment> {
    let fields = segment.as_object_mut()?;
    let peer = author.filter(|_| fields.get("own").and_then(Value::as_bool) == Some(true));
    let buffers = named(fields.get("buffers"), buffers);
    let content = match (fields.get("submitted").and_then(Value::as_u64), fields.remove("content")) {
        (Some(index), _) => Content::Submitted(usize::try_from(index).ok()?),
        (None, Some(content)) => Content::Patch(content),
        (None, None) => Content::Whole(fields.remove("doc")?),
    };
    Some(Segment { peer, content, buffers })
}

fn error_text(error: &Value) -> String {
    let text = error.get("text").unwrap_or(error);
    text.as_str().map_or_else(|| text.to_string(), str::to_owned)
}

/// What a value has in memory, without walking through all of it twice.
fn json_bytes(json: &Value) -> usize {
    size_of::<Value>()
        + match json {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(json_bytes).sum(),
            Value::Object(fields) => fields.iter().map(|(key, value)| key.len() + json_bytes(value)).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
}
