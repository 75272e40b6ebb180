//! What a page is told whose session has ended.

mod notice;

use std::time::Duration;

use bokeh_protocol::{Close, ErrorContent, Limits, Message, MessageType, RawMessage, Receiver};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::sessions::Ended;
use crate::socket::{Incoming, Reader, Socket, WriteError, Writer};

/// Why a page comes too late.
#[derive(Debug)]
pub(super) enum Late {
    /// It was connected to a session that has ended since, and shows its document.
    Returning(Ended),
    /// Its token has expired. Nobody knows what it shows.
    Expired,
}

/// A connection of a page that comes too late.
///
/// BokehJS gives up without a word when its connections fail, and shows whatever document it gets. So it is accepted, and
/// told in terms of documents. A page that shows something keeps it, under a notice: it may be all that is left of what
/// the user did. Then BokehJS is stopped from coming back.
pub(super) struct Farewell<S> {
    pub(super) socket: Socket<S>,
    pub(super) late: Late,
    pub(super) limits: Limits,
    pub(super) stop: CancellationToken,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Farewell<S> {
    /// Says goodbye.
    pub(super) async fn say(self) {
        let Self { mut socket, late, limits, stop } = self;
        let (reader, writer) = socket.halves();
        let told = timeout(PATIENCE, tell(reader, writer, &late, Receiver::for_server(limits)));
        tokio::select! {
            // A page that goes away, or is no page, needs no more words.
            _ = told => {}
            () = stop.cancelled() => {}
        }
        socket.close(&Close::new(GOING_AWAY, REASON)).await;
    }
}

/// Answers the page's request for the document.
async fn tell<S: AsyncRead + AsyncWrite + Unpin>(
    reader: &mut Reader<S>,
    writer: &mut Writer<S>,
    late: &Late,
    mut receiver: Receiver,
) -> Result<(), WriteError> {
    send(writer, [Message::ack("e0")]).await?;
    while let Some(message) = next(reader, &mut receiver).await {
        let request = message.header.msgid.clone();
        if message.header.msgtype != MessageType::PullDocReq {
            send(writer, [refusal(request)]).await?;
            continue;
        }
        match late {
            Late::Returning(ended) => {
                let [notice, peace] = notice::patches(ended.config_id());
                return send(writer, [notice, peace, refusal(request)]).await;
            }
            Late::Expired => {
                send(writer, [notice::document(request)]).await?;
                // BokehJS reports that it shows the document, and complains if nobody is there.
                timeout(LINGER, async { while next(reader, &mut receiver).await.is_some() {} }).await.ok();
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The next message, until the peer goes away or sends what is none.
async fn next<S: AsyncRead + AsyncWrite + Unpin>(
    reader: &mut Reader<S>,
    receiver: &mut Receiver,
) -> Option<RawMessage> {
    while let Incoming::Fragment(fragment) = reader.next().await {
        match receiver.push(fragment) {
            Ok(None) => {}
            Ok(Some(message)) => return Some(message),
            Err(_) => return None,
        }
    }
    None
}

async fn send<S: AsyncRead + AsyncWrite + Unpin>(
    writer: &mut Writer<S>,
    messages: impl IntoIterator<Item = Message>,
) -> Result<(), WriteError> {
    for message in messages {
        writer.feed(&message).await?;
    }
    writer.flush().await
}

fn refusal(request: String) -> Message {
    Message::error("e3", request, &ErrorContent { text: REASON.to_owned(), traceback: None })
}

const REASON: &str = "the session has ended";
/// RFC 6455: one side goes down, or the page goes elsewhere.
const GOING_AWAY: u16 = 1001;
/// How long a page may take to ask for its document and to be told.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long BokehJS may take to say that it shows what it got.
const LINGER: Duration = Duration::from_secs(2);
