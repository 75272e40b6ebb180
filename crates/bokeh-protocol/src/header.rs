//! The first fragment of every message.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// What a message is, whom it answers and how many buffers follow it.
///
/// ```
/// use bokeh_protocol::{Header, MessageType};
///
/// let header = Header::new("m1", MessageType::Ok).in_reply_to("4676043E");
/// assert_eq!(header.to_json(), r#"{"msgid":"m1","msgtype":"OK","reqid":"4676043E"}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Header {
    /// The sender's name for this message. Opaque: Python counts (`p1001`), BokehJS sends 32 hexadecimal digits.
    pub msgid: String,
    /// The kind of message, which decides the form of the content.
    pub msgtype: MessageType,
    /// The `msgid` of the request that this message answers; only replies have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reqid: Option<String>,
    /// How many pairs of buffer header and payload follow the content. Absent means none.
    ///
    /// Python writes it, even when zero, on the three message types that can have buffers; BokehJS only when there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub num_buffers: Option<u32>,
}

impl Header {
    /// A header that answers nothing and announces no buffers.
    pub fn new(msgid: impl Into<String>, msgtype: MessageType) -> Self {
        Self { msgid: msgid.into(), msgtype, reqid: None, num_buffers: None }
    }

    /// Marks the message as the answer to the request `reqid`.
    #[must_use]
    pub fn in_reply_to(mut self, reqid: impl Into<String>) -> Self {
        self.reqid = Some(reqid.into());
        self
    }

    /// Announces `n_buffers` buffers.
    #[must_use]
    pub fn with_buffers(mut self, n_buffers: u32) -> Self {
        self.num_buffers = Some(n_buffers);
        self
    }

    /// How many buffers belong to the message.
    pub fn n_buffers(&self) -> u32 {
        self.num_buffers.unwrap_or(0)
    }

    /// The text of the header fragment.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings and numbers always serialize")
    }
}

/// The nine kinds of message of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageType {
    /// The server's first message, once the session exists.
    Ack,
    /// A client asks for the whole document.
    PullDocReq,
    /// The whole document, in answer to [`PullDocReq`](Self::PullDocReq).
    PullDocReply,
    /// A client replaces the whole document.
    PushDoc,
    /// Changes to the document, in either direction.
    PatchDoc,
    /// A client asks for the server's version.
    ServerInfoReq,
    /// The server's version, in answer to [`ServerInfoReq`](Self::ServerInfoReq).
    ServerInfoReply,
    /// A request succeeded that has no other answer.
    Ok,
    /// A request was understood and failed; the connection stays open.
    Error,
}

impl MessageType {
    /// All types, in the order of the enum.
    pub const ALL: [Self; 9] = [
        Self::Ack,
        Self::PullDocReq,
        Self::PullDocReply,
        Self::PushDoc,
        Self::PatchDoc,
        Self::ServerInfoReq,
        Self::ServerInfoReply,
        Self::Ok,
        Self::Error,
    ];

    /// The name on the wire, such as `PATCH-DOC`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ack => "ACK",
            Self::PullDocReq => "PULL-DOC-REQ",
            Self::PullDocReply => "PULL-DOC-REPLY",
            Self::PushDoc => "PUSH-DOC",
            Self::PatchDoc => "PATCH-DOC",
            Self::ServerInfoReq => "SERVER-INFO-REQ",
            Self::ServerInfoReply => "SERVER-INFO-REPLY",
            Self::Ok => "OK",
            Self::Error => "ERROR",
        }
    }

    /// Whether a client may send this type. Clients never answer the server's messages.
    pub fn is_request(self) -> bool {
        matches!(self, Self::PullDocReq | Self::PushDoc | Self::PatchDoc | Self::ServerInfoReq)
    }
}

impl fmt::Display for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for MessageType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl FromStr for MessageType {
    type Err = UnknownMessageType;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|known| known.as_str() == name).ok_or(UnknownMessageType)
    }
}

/// The text is not the name of a message type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such message type")]
pub struct UnknownMessageType;
