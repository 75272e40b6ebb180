//! Messages to send.

mod control;
mod ids;
#[cfg(test)]
mod tests;

use std::iter;
use std::sync::{Arc, OnceLock};

use bytes::{BufMut, Bytes, BytesMut};

use crate::fragment::{Buffer, Fragment};
use crate::header::{Header, MessageType};

pub use control::{ContentError, ErrorContent, ServerInfo};
pub use ids::MessageIds;

/// A complete message, ready to be written. Cheap to clone.
///
/// ```
/// use bokeh_protocol::{EncodedEvent, Message, MessageIds};
///
/// let mut ids = MessageIds::new("m");
/// let event = EncodedEvent::new(r#"{"kind":"TitleChanged","title":"x"}"#, []);
/// let message = Message::patch_doc(ids.mint(), [&event]);
/// let fragments: Vec<_> = message.fragments().map(|fragment| fragment.bytes().clone()).collect();
/// assert_eq!(
///     fragments,
///     [
///         r#"{"msgid":"m1","msgtype":"PATCH-DOC","num_buffers":0}"#,
///         "{}",
///         r#"{"events":[{"kind":"TitleChanged","title":"x"}]}"#,
///     ],
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message(Arc<Inner>);

/// One event of a patch as JSON, with the buffers that it refers to. Cheap to clone.
///
/// The events of one patch share a scope of buffer ids, so whoever encodes them must not use an id twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedEvent {
    /// The JSON object.
    pub json: Bytes,
    /// What the JSON refers to by id.
    pub buffers: Arc<[Buffer]>,
}

impl EncodedEvent {
    /// Pairs an event's JSON with its buffers.
    pub fn new(json: impl Into<Bytes>, buffers: impl Into<Arc<[Buffer]>>) -> Self {
        Self { json: json.into(), buffers: buffers.into() }
    }
}

impl Message {
    /// The server's first message: the session exists.
    pub fn ack(msgid: impl Into<String>) -> Self {
        Self::empty(Header::new(msgid, MessageType::Ack))
    }

    /// Asks for the whole document.
    pub fn pull_doc_req(msgid: impl Into<String>) -> Self {
        Self::empty(Header::new(msgid, MessageType::PullDocReq))
    }

    /// Answers the request `reqid` with the whole document: `content` is `{"doc":…}`.
    pub fn pull_doc_reply(
        msgid: impl Into<String>,
        reqid: impl Into<String>,
        content: impl Into<Bytes>,
        buffers: Vec<Buffer>,
    ) -> Self {
        let header = Header::new(msgid, MessageType::PullDocReply).in_reply_to(reqid);
        Self::with_buffers(header, content.into(), buffers)
    }

    /// Replaces the peer's document: `content` is `{"doc":…}`.
    pub fn push_doc(msgid: impl Into<String>, content: impl Into<Bytes>, buffers: Vec<Buffer>) -> Self {
        Self::with_buffers(Header::new(msgid, MessageType::PushDoc), content.into(), buffers)
    }

    /// Reports changes. The events' JSON is copied into the content, their buffers are shared.
    pub fn patch_doc<'a>(
        msgid: impl Into<String>,
        events: impl IntoIterator<Item = &'a EncodedEvent, IntoIter: Clone>,
    ) -> Self {
        const OPEN: &[u8] = br#"{"events":["#;
        const CLOSE: &[u8] = b"]}";
        let events = events.into_iter();
        let n_bytes: usize = events.clone().map(|event| event.json.len() + 1).sum();
        let mut content = BytesMut::with_capacity(OPEN.len() + n_bytes + CLOSE.len());
        let mut buffers = Vec::new();
        content.put_slice(OPEN);
        for (index, event) in events.enumerate() {
            if index > 0 {
                content.put_u8(b',');
            }
            content.put_slice(&event.json);
            buffers.extend_from_slice(&event.buffers);
        }
        content.put_slice(CLOSE);
        Self::with_buffers(Header::new(msgid, MessageType::PatchDoc), content.freeze(), buffers)
    }

    /// Asks for the server's version.
    pub fn server_info_req(msgid: impl Into<String>) -> Self {
        Self::empty(Header::new(msgid, MessageType::ServerInfoReq))
    }

    /// Answers the request `reqid` with the server's version.
    pub fn server_info_reply(msgid: impl Into<String>, reqid: impl Into<String>, info: &ServerInfo) -> Self {
        let header = Header::new(msgid, MessageType::ServerInfoReply).in_reply_to(reqid);
        Self::new(header, info.to_content(), Vec::new())
    }

    /// Answers the request `reqid`: it is done.
    pub fn ok(msgid: impl Into<String>, reqid: impl Into<String>) -> Self {
        Self::empty(Header::new(msgid, MessageType::Ok).in_reply_to(reqid))
    }

    /// Answers the request `reqid`: it failed, and why.
    pub fn error(msgid: impl Into<String>, reqid: impl Into<String>, content: &ErrorContent) -> Self {
        let header = Header::new(msgid, MessageType::Error).in_reply_to(reqid);
        Self::new(header, content.to_content(), Vec::new())
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.0.header
    }

    /// The content, a JSON text.
    pub fn content(&self) -> &Bytes {
        &self.0.content
    }

    /// The content as compressed connections get it, once one of them has put it here for all others that are sent this message.
    /// `None` in it says that compression does not make it shorter.
    pub fn deflated_content(&self) -> &OnceLock<Option<Bytes>> {
        &self.0.deflated
    }

    /// The buffers, in the order in which they are written.
    pub fn buffers(&self) -> &[Buffer] {
        &self.0.buffers
    }

    /// What to write to a socket, in this order and with no other message's fragments in between.
    pub fn fragments(&self) -> impl Iterator<Item = Fragment> {
        let header = Fragment::Text(self.header().to_json().into());
        let metadata = Fragment::Text(EMPTY_OBJECT);
        let content = Fragment::Text(self.content().clone());
        let buffers = self.buffers().iter().flat_map(|buffer| {
            let id = serde_json::to_string(&*buffer.id).expect("a string always serializes");
            let header = Fragment::Text(format!(r#"{{"id":{id}}}"#).into());
            iter::once(header).chain(iter::once(Fragment::Binary(buffer.data.clone())))
        });
        [header, metadata, content].into_iter().chain(buffers)
    }

    fn empty(header: Header) -> Self {
        Self::new(header, EMPTY_OBJECT, Vec::new())
    }

    fn with_buffers(header: Header, content: Bytes, buffers: Vec<Buffer>) -> Self {
        let n_buffers = u32::try_from(buffers.len()).expect("buffers of 4 billion fit no memory");
        Self::new(header.with_buffers(n_buffers), content, buffers)
    }

    fn new(header: Header, content: Bytes, buffers: Vec<Buffer>) -> Self {
        Self(Arc::new(Inner { header, content, buffers, deflated: OnceLock::new() }))
    }
}

#[derive(Debug)]
struct Inner {
    header: Header,
    content: Bytes,
    buffers: Vec<Buffer>,
    deflated: OnceLock<Option<Bytes>>,
}

impl PartialEq for Inner {
    /// Whether the content has been compressed makes no difference.
    fn eq(&self, other: &Self) -> bool {
        (&self.header, &self.content, &self.buffers) == (&other.header, &other.content, &other.buffers)
    }
}

impl Eq for Inner {}

const EMPTY_OBJECT: Bytes = Bytes::from_static(b"{}");
