//! From fragments to messages.

mod error;
#[cfg(test)]
mod tests;

use std::mem;

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::fragment::{Buffer, Fragment, FragmentKind};
use crate::header::{Header, MessageType};
use crate::json::{ParseJsonError, parse_json};

pub use error::{Part, ReceiveError};

/// Puts the fragments of one connection together to messages.
///
/// A message is a header, metadata and content, each a text, and then for each buffer that the header announces
/// a text with its id and a binary payload.
///
/// ```
/// use bokeh_protocol::{Fragment, Limits, MessageType, Receiver};
///
/// let mut receiver = Receiver::for_server(Limits::default());
/// let text = |text: &'static str| Fragment::Text(text.into());
/// assert_eq!(receiver.push(text(r#"{"msgid":"1","msgtype":"PULL-DOC-REQ"}"#))?, None);
/// assert_eq!(receiver.push(text("{}"))?, None);
/// let message = receiver.push(text("{}"))?.expect("the third fragment completes it");
/// assert_eq!(message.header.msgtype, MessageType::PullDocReq);
/// # Ok::<(), bokeh_protocol::ReceiveError>(())
/// ```
#[derive(Debug)]
pub struct Receiver {
    limits: Limits,
    requests_only: bool,
    n_bytes: usize,
    state: State,
}

/// A message as it arrived: put together and parsed, its content not yet understood.
#[derive(Clone, Debug, PartialEq)]
pub struct RawMessage {
    /// The parsed header.
    pub header: Header,
    /// The content, any JSON value.
    pub content: Value,
    /// The buffers, in the order of arrival.
    pub buffers: Vec<Buffer>,
}

/// What a peer may make a [`Receiver`] hold. Everything beyond is a [`ReceiveError`].
///
/// ```
/// use bokeh_protocol::Limits;
///
/// let limits = Limits { max_message_bytes: 1 << 20, ..Limits::default() };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one fragment. The default is 20 MiB, like Bokeh's `--websocket-max-message-size`.
    pub max_fragment_bytes: usize,
    /// Bytes of all fragments of one message. The default is 128 MiB; Bokeh has no such limit.
    pub max_message_bytes: usize,
    /// Buffers of one message. The default is 65536; Bokeh has no such limit.
    pub max_buffers: u32,
    /// Levels of arrays and objects inside each other in the content. The default is 512, which suffices
    /// for chains of about 170 models; Python stops where its stack ends.
    pub max_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_fragment_bytes: 20 << 20, max_message_bytes: 128 << 20, max_buffers: 1 << 16, max_depth: 512 }
    }
}

impl Receiver {
    /// A receiver that refuses all but requests: what a client must not send ends the connection.
    pub fn for_server(limits: Limits) -> Self {
        Self { limits, requests_only: true, n_bytes: 0, state: State::default() }
    }

    /// A receiver that takes messages of every type.
    pub fn for_client(limits: Limits) -> Self {
        Self { limits, requests_only: false, n_bytes: 0, state: State::default() }
    }

    /// Takes one fragment and returns the message that it completes, if any.
    ///
    /// # Errors
    /// When the fragment cannot be part of a message or exceeds a limit. The connection is to be closed with
    /// [`ReceiveError::close`], since nobody can tell where the next message begins.
    pub fn push(&mut self, fragment: Fragment) -> Result<Option<RawMessage>, ReceiveError> {
        let state = mem::take(&mut self.state);
        self.count(&fragment)?;
        let message = match state {
            State::Header => {
                self.state = State::Metadata(self.header(&fragment)?);
                return Ok(None);
            }
            State::Metadata(header) => {
                metadata(&fragment)?;
                self.state = State::Content(header);
                return Ok(None);
            }
            State::Content(header) => {
                let content = self.content(&fragment)?;
                RawMessage { header, content, buffers: Vec::new() }
            }
            State::BufferHeader(message) => {
                self.state = State::Payload(message, buffer_id(&fragment)?);
                return Ok(None);
            }
            State::Payload(mut message, id) => {
                message.buffers.push(Buffer::new(id, payload(fragment)?));
                message
            }
        };
        if message.buffers.len() < message.header.n_buffers() as usize {
            self.state = State::BufferHeader(message);
            return Ok(None);
        }
        self.n_bytes = 0;
        Ok(Some(message))
    }

    /// Whether a message has begun and not ended.
    pub fn is_mid_message(&self) -> bool {
        !matches!(self.state, State::Header)
    }

    fn count(&mut self, fragment: &Fragment) -> Result<(), ReceiveError> {
        let n_bytes = fragment.bytes().len();
        self.n_bytes = self.n_bytes.saturating_add(n_bytes);
        if n_bytes > self.limits.max_fragment_bytes {
            let limit = self.limits.max_fragment_bytes;
            return Err(ReceiveError::FragmentTooBig { n_bytes, limit });
        }
        if self.n_bytes > self.limits.max_message_bytes {
            return Err(ReceiveError::MessageTooBig { limit: self.limits.max_message_bytes });
        }
        Ok(())
    }

    fn header(&self, fragment: &Fragment) -> Result<Header, ReceiveError> {
        let text = text(Part::Header, fragment)?;
        let value = serde_json::from_slice(text).map_err(|e| ReceiveError::Json(Part::Header, e))?;
        // What is no object has no `msgtype` either: Bokeh says the same of both.
        let Value::Object(mut fields) = value else { return Err(ReceiveError::NoMessageType) };
        let msgtype = match fields.remove("msgtype") {
            Some(Value::String(name)) => {
                name.parse().map_err(|_unknown| ReceiveError::UnknownMessageType(excerpt(&name)))?
            }
            Some(other) => return Err(ReceiveError::UnknownMessageType(excerpt(&other.to_string()))),
            None => return Err(ReceiveError::NoMessageType),
        };
        let Some(Value::String(msgid)) = fields.remove("msgid") else {
            return Err(ReceiveError::NoMessageId);
        };
        if self.requests_only && !MessageType::is_request(msgtype) {
            return Err(ReceiveError::NotARequest(msgtype));
        }
        let reqid = match fields.remove("reqid") {
            None | Some(Value::Null) => None,
            Some(Value::String(reqid)) => Some(reqid),
            Some(other) => return Err(ReceiveError::RequestId(excerpt(&other.to_string()))),
        };
        Ok(Header { msgid, msgtype, reqid, num_buffers: self.num_buffers(&mut fields)? })
    }

    fn num_buffers(&self, fields: &mut Map<String, Value>) -> Result<Option<u32>, ReceiveError> {
        let value = match fields.remove("num_buffers") {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value,
        };
        // Bokeh waits for ever when the count is negative or not a whole number.
        let Some(count) = value.as_u64() else {
            return Err(ReceiveError::BufferCount(excerpt(&value.to_string())));
        };
        match u32::try_from(count) {
            Ok(count) if count <= self.limits.max_buffers => Ok(Some(count)),
            _ => Err(ReceiveError::TooManyBuffers { count, limit: self.limits.max_buffers }),
        }
    }

    fn content(&self, fragment: &Fragment) -> Result<Value, ReceiveError> {
        let text = text(Part::Content, fragment)?;
        parse_json(text, self.limits.max_depth).map_err(|error| match error {
            ParseJsonError::Syntax(source) => ReceiveError::Json(Part::Content, source),
            ParseJsonError::TooDeep { limit } => ReceiveError::TooDeep { limit },
        })
    }
}

/// What is complete so far. An error leaves the start behind.
#[derive(Debug, Default)]
enum State {
    #[default]
    Header,
    Metadata(Header),
    Content(Header),
    BufferHeader(RawMessage),
    Payload(RawMessage, String),
}

/// Bokeh always sends `{}`, and ignores whatever parses.
fn metadata(fragment: &Fragment) -> Result<(), ReceiveError> {
    let text = text(Part::Metadata, fragment)?;
    serde_json::from_slice::<IgnoredAny>(text).map(drop).map_err(|e| ReceiveError::Json(Part::Metadata, e))
}

/// The one field of a buffer's header.
fn buffer_id(fragment: &Fragment) -> Result<String, ReceiveError> {
    let text = text(Part::BufferHeader, fragment)?;
    let value: Value = serde_json::from_slice(text).map_err(|e| ReceiveError::Json(Part::BufferHeader, e))?;
    match &value {
        Value::Object(fields) if fields.len() == 1 => fields.get("id").and_then(Value::as_str),
        _ => None,
    }
    .map(str::to_owned)
    .ok_or_else(|| ReceiveError::BufferHeader(excerpt(&value.to_string())))
}

fn payload(fragment: Fragment) -> Result<bytes::Bytes, ReceiveError> {
    match fragment {
        Fragment::Binary(bytes) => Ok(bytes),
        Fragment::Text(_) => Err(ReceiveError::WrongFragment(Part::BufferPayload, FragmentKind::Binary)),
    }
}

fn text(part: Part, fragment: &Fragment) -> Result<&[u8], ReceiveError> {
    match fragment {
        Fragment::Text(bytes) => Ok(bytes),
        Fragment::Binary(_) => Err(ReceiveError::WrongFragment(part, FragmentKind::Text)),
    }
}

/// The beginning of what a peer sent: enough to recognise it, and no more than a line of a log can bear.
fn excerpt(text: &str) -> String {
    text.chars().take(MAX_EXCERPT_CHARS).collect()
}

const MAX_EXCERPT_CHARS: usize = 200;
