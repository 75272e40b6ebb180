use std::fmt;

use crate::close::Close;
use crate::fragment::FragmentKind;
use crate::header::MessageType;

/// Why a fragment could not become part of a message.
///
/// All of them end the connection, unlike a request that was understood and failed, which is answered by ERROR.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// Binary arrived where the grammar wants text, or the reverse.
    #[error("expected a {1} fragment for the {0}")]
    WrongFragment(Part, FragmentKind),
    /// The text of this part does not parse.
    #[error("the {0} is not valid JSON")]
    Json(Part, #[source] serde_json::Error),
    /// The header is no object, or lacks `msgtype`.
    #[error("the header has no msgtype")]
    NoMessageType,
    /// The header's `msgtype` is none of the nine.
    #[error("unknown message type {0:?}")]
    UnknownMessageType(String),
    /// The header lacks `msgid`, or it is not a string.
    #[error("the header has no msgid")]
    NoMessageId,
    /// A client sent what only a server may send.
    #[error("a server takes no {0} message")]
    NotARequest(MessageType),
    /// The header's `reqid` is not a string.
    #[error("the reqid {0} is not a string")]
    RequestId(String),
    /// The header's `num_buffers` is not a count.
    #[error("num_buffers is {0}, which is not a count")]
    BufferCount(String),
    /// A buffer's header is not an object with the string `id` and nothing else.
    #[error("malformed buffer header {0}")]
    BufferHeader(String),
    /// One fragment is longer than [`max_fragment_bytes`](crate::Limits::max_fragment_bytes).
    #[error("a fragment of {n_bytes} bytes exceeds the limit of {limit}")]
    FragmentTooBig {
        /// The fragment's length.
        n_bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The fragments of one message exceed [`max_message_bytes`](crate::Limits::max_message_bytes).
    #[error("a message exceeds the limit of {limit} bytes")]
    MessageTooBig {
        /// The limit.
        limit: usize,
    },
    /// The header announces more than [`max_buffers`](crate::Limits::max_buffers).
    #[error("{count} buffers exceed the limit of {limit}")]
    TooManyBuffers {
        /// The number announced.
        count: u64,
        /// The limit.
        limit: u32,
    },
    /// The content is nested deeper than [`max_depth`](crate::Limits::max_depth).
    #[error("the content is nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
}

impl ReceiveError {
    /// The Close frame that tells the peer.
    ///
    /// Where Bokeh closes too, the reason is Bokeh's, since its users search for it. The code cannot be: Bokeh sends
    /// 10000 and 10001, which RFC 6455 does not allow and many libraries refuse.
    pub fn close(&self) -> Close {
        let code = match self {
            Self::Json(..) => Close::INVALID_PAYLOAD,
            Self::FragmentTooBig { .. }
            | Self::MessageTooBig { .. }
            | Self::TooManyBuffers { .. }
            | Self::TooDeep { .. } => Close::TOO_BIG,
            _ => Close::PROTOCOL_ERROR,
        };
        Close::new(code, self.reason())
    }

    fn reason(&self) -> String {
        match self {
            Self::WrongFragment(part, due) => {
                let received = match due {
                    FragmentKind::Text => FragmentKind::Binary,
                    FragmentKind::Binary => FragmentKind::Text,
                };
                let state = part.state();
                format!("expected {due} fragment but received {received} fragment for {state}")
            }
            Self::Json(part @ (Part::Metadata | Part::Content), _) => {
                format!("{part} could not be decoded")
            }
            Self::Json(..) | Self::UnknownMessageType(_) => "server failed to parse a message".to_owned(),
            Self::NoMessageType => "No 'msgtype' in header".to_owned(),
            Self::NoMessageId => "server failed to handle a message".to_owned(),
            Self::NotARequest(msgtype) => format!("Message '{msgtype}' not expected on server"),
            Self::BufferHeader(text) => format!("Malformed buffer header {text}"),
            Self::FragmentTooBig { .. } => "message too big".to_owned(),
            _ => self.to_string(),
        }
    }
}

/// One of the fragments that make a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The first text.
    Header,
    /// The second text.
    Metadata,
    /// The third text.
    Content,
    /// The text before each payload.
    BufferHeader,
    /// The binary after each buffer header.
    BufferPayload,
}

impl Part {
    /// The name of the state in which Bokeh's receiver waits for this part, as its close reasons have it.
    fn state(self) -> &'static str {
        match self {
            Self::Header => "_HEADER",
            Self::Metadata => "_METADATA",
            Self::Content => "_CONTENT",
            Self::BufferHeader => "_BUFFER_HEADER",
            Self::BufferPayload => "_BUFFER_PAYLOAD",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Metadata => "metadata",
            Self::Content => "content",
            Self::BufferHeader => "buffer header",
            Self::BufferPayload => "buffer payload",
        })
    }
}
