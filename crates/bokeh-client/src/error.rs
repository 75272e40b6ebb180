//! What can go wrong between a client and its server.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bokeh_document::ReadError;
use bokeh_protocol::{ContentError, MessageType, RandomError, ReceiveError};

use crate::{TlsError, UrlError};

/// Why a session was not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// There is no connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// There was a connection, but the document was not pulled or pushed.
    #[error(transparent)]
    Request(#[from] RequestError),
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The address is not a server's.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// The address has no host that can be connected to.
    #[error("the address {0:?} names no host")]
    Host(String),
    /// The connection cannot be encrypted, or the server is not trusted.
    #[error("no encrypted connection to {url}")]
    Tls {
        /// The address of the WebSocket.
        url: String,
        /// Why.
        source: TlsError,
    },
    /// A header's name or value, or the session id, cannot stand in an HTTP request.
    #[error("the header {0:?} cannot be sent")]
    Header(String),
    /// There is no random session id.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// Nobody answers at the address.
    #[error("no connection to {url}; is the server running?")]
    Network {
        /// The address of the WebSocket.
        url: String,
        /// What the system says.
        source: io::Error,
    },
    /// The server has no application at the path (status 404).
    #[error("the server has no application at {0}")]
    NotFound(String),
    /// The server refused the connection: an origin, a signature or an expired token that it does not accept, for example.
    #[error("the server refused the connection: {status} {reason}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The answer's first line, or what the standard calls the status.
        reason: String,
    },
    /// What answers is not a WebSocket server.
    #[error("the server does not speak WebSocket at {url}")]
    Handshake {
        /// The address of the WebSocket.
        url: String,
        /// What is wrong with the answer.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The connection ended before the server had acknowledged it. Python's server does this when it does not accept the
    /// token: it signs sessions and the client does not, or with another secret.
    #[error("the server did not accept the session")]
    NotAcknowledged(#[source] Disconnect),
    /// The [time](crate::ConnectOptions::connect_timeout) has run out.
    #[error("no connection within {0:?}")]
    Timeout(Duration),
}

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The server's ERROR, in its words.
    #[error("the server refused the {request}: {text}")]
    Refused {
        /// What was asked.
        request: MessageType,
        /// The server's words.
        text: String,
    },
    /// The server answered an earlier change of the document with an ERROR: it has not applied the change, or one of its
    /// callbacks failed. A pull shows what the server has.
    #[error("the server answered a change with an error: {0}")]
    Change(String),
    /// The server's document cannot be read.
    #[error("the server's document cannot be read")]
    Document(#[from] ReadError),
    /// The answer has another form than it should.
    #[error("the server's answer cannot be read")]
    Content(#[from] ContentError),
    /// The answer is of a type that does not answer the request.
    #[error("the server answered {request} by {answer}")]
    Answer {
        /// What was asked.
        request: MessageType,
        /// What was answered.
        answer: MessageType,
    },
    /// There is no connection any more, or none until the session [is back](crate::Reconnect). The server may have carried
    /// out the request or not.
    #[error("the connection has ended")]
    Lost(#[source] Disconnect),
    /// The [time](crate::ConnectOptions::reply_timeout) has run out. The request may still be carried out.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// The session's task is gone.
    #[error(transparent)]
    Ended(#[from] SessionEnded),
}

/// Why waiting for the document came to nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WaitError {
    /// There is no connection any more that could bring what was waited for.
    #[error("the connection has ended")]
    Lost(#[source] Disconnect),
    /// The time that was given has run out.
    #[error("the document did not become what was waited for within {0:?}")]
    Timeout(Duration),
    /// The session's task is gone.
    #[error(transparent)]
    Ended(#[from] SessionEnded),
}

/// Why a connection ended.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Disconnect {
    /// This side closed it.
    #[error("closed by this side")]
    Closed,
    /// The server closed it: it stops, or the session has expired.
    #[error("closed by the server{}", describe(*code, reason))]
    ByServer {
        /// The code of its Close frame, if it had one.
        code: Option<u16>,
        /// The reason, possibly empty.
        reason: String,
    },
    /// The network failed, or the server vanished.
    #[error("the connection was lost")]
    Network(#[source] Arc<dyn Error + Send + Sync>),
    /// The server has said nothing for this long, not even when it was asked for a
    /// [sign of life](crate::ConnectOptions::keep_alive).
    #[error("the server has been silent for {0:?}")]
    Silent(Duration),
    /// The server does not let this side come back: the session has ended, for example.
    #[error("the server refused to go on with the session")]
    Refused(#[source] Arc<ConnectError>),
    /// All attempts to come back have failed.
    #[error("the connection was lost, and {n_attempts} attempts to come back failed")]
    NotBack {
        /// How many there were.
        n_attempts: u32,
        /// Why the last one failed.
        source: Arc<ConnectError>,
    },
    /// There is a connection again, but the document was not pulled or pushed.
    #[error("the session could not be resumed")]
    NotResumed(#[source] Arc<RequestError>),
    /// What the server sent is no message.
    #[error("the server sent something that is no message")]
    Receive(#[source] Arc<ReceiveError>),
    /// The first message of a server must be ACK.
    #[error("the server began with {0} instead of ACK")]
    NoAck(MessageType),
}

impl Disconnect {
    /// Whether it was neither the user's doing nor something that would happen again.
    pub(crate) fn is_accident(&self) -> bool {
        matches!(self, Self::ByServer { .. } | Self::Network(_) | Self::Silent(_))
    }
}

/// The session's task is gone, and the document with it: its runtime was shut down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the session's task has ended")]
pub struct SessionEnded;

fn describe(code: Option<u16>, reason: &str) -> String {
    match (code, reason) {
        (None, _) => String::new(),
        (Some(code), "") => format!(" (code {code})"),
        (Some(code), reason) => format!(" (code {code}: {reason})"),
    }
}
