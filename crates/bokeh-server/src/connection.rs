//! One WebSocket and its session.

use std::future::pending;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use bokeh_protocol::{Close, Limits, Receiver};
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use crate::log_id::log_id;
use crate::metrics::AppMetrics;
use crate::session::{ConnectionId, Outgoing, Outlet, outbox};
use crate::sessions::{Departure, Session, Visit};
use crate::socket::{Incoming, Reader, Socket, WriteError, Writer};

/// A connection that has been accepted.
pub(crate) struct Connection<S> {
    pub(crate) socket: Socket<S>,
    pub(crate) session: Arc<Session>,
    pub(crate) visit: Visit,
    /// The token that the page showed.
    pub(crate) token: String,
    /// The page was made by another server, and may have been connected to that.
    pub(crate) is_from_elsewhere: bool,
    pub(crate) limits: Limits,
    pub(crate) keep_alive: Option<Duration>,
    pub(crate) metrics: Arc<AppMetrics>,
    pub(crate) stop: CancellationToken,
}

/// How a connection comes to its end.
#[derive(Debug)]
enum End {
    /// The peer has closed it.
    Goodbye,
    /// It broke.
    Lost,
    /// It is for this side to close it.
    Close(Close),
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// Carries messages between the socket and the session until one of them ends.
    pub(crate) async fn serve(self) {
        let Self { mut socket, session, visit, token, is_from_elsewhere, limits, keep_alive, metrics, stop } = self;
        let (outbox, outlet) = outbox(metrics.clone());
        let _is_open = Open::count(&metrics);
        let Ok(id) = session.handle.attach(&token, is_from_elsewhere, outbox).await else {
            socket.close(&Close::new(GOING_AWAY, "the session has ended")).await;
            return;
        };
        let (reader, writer) = socket.halves();
        let pings = Pings::default();
        let end = tokio::select! {
            // Before its sessions end, the server says why.
            biased;
            () = stop.cancelled() => End::Close(Close::new(SERVICE_RESTART, "the server is shutting down")),
            end = read(reader, &session, id, &outlet, &pings, Receiver::for_server(limits), &metrics) => end,
            close = write(writer, &session, id, &outlet, &pings, keep_alive, &metrics) => End::Close(close),
        };
        session.handle.detach(id).await;
        tracing::debug!(session = log_id(session.context.id()), ?end, "connection closed");
        // A page comes back after every end but its own.
        match end {
            End::Goodbye => {
                visit.leave(Departure::Goodbye);
                socket.finish().await;
            }
            End::Lost => visit.leave(Departure::Lost),
            End::Close(close) => {
                visit.leave(Departure::Lost);
                socket.close(&close).await;
            }
        }
    }
}

/// Hands messages to the session, one after the other: while it is busy, the socket is not read.
async fn read<S: AsyncRead + AsyncWrite + Unpin>(
    reader: &mut Reader<S>,
    session: &Session,
    id: ConnectionId,
    outlet: &Outlet,
    pings: &Pings,
    mut receiver: Receiver,
    metrics: &AppMetrics,
) -> End {
    let mut n_bytes = 0;
    loop {
        let fragment = match reader.next().await {
            Incoming::Fragment(fragment) => fragment,
            Incoming::Pong(payload) => {
                if pings.is_awaited(&payload) {
                    session.handle.answered(id).await;
                }
                continue;
            }
            Incoming::Goodbye => return End::Goodbye,
            Incoming::Lost => return End::Lost,
            Incoming::Broken(close) => {
                tracing::warn!(
                    session = log_id(session.context.id()),
                    reason = close.reason(),
                    "a peer broke the rules"
                );
                return End::Close(close);
            }
        };
        metrics.bytes_received.add(fragment.bytes().len());
        n_bytes += fragment.bytes().len();
        match receiver.push(fragment) {
            Ok(None) => {}
            Ok(Some(message)) => {
                metrics.messages_received.add(1);
                outlet.has_room().await;
                if session.handle.receive(id, message, mem::take(&mut n_bytes)).await.is_err() {
                    return End::Close(Close::new(GOING_AWAY, "the session has ended"));
                }
            }
            Err(error) => {
                let source = &error as &dyn std::error::Error;
                tracing::warn!(session = log_id(session.context.id()), error = source, "a message cannot be read");
                return End::Close(error.close());
            }
        }
    }
}

/// Writes what the session sends, and a ping now and then. Returns when the session lets the connection go.
async fn write<S: AsyncRead + AsyncWrite + Unpin>(
    writer: &mut Writer<S>,
    session: &Session,
    id: ConnectionId,
    outlet: &Outlet,
    pings: &Pings,
    keep_alive: Option<Duration>,
    metrics: &AppMetrics,
) -> Close {
    match try_write(writer, session, id, outlet, pings, keep_alive, metrics).await {
        Ok(close) => close,
        // The reader sees it, too, and knows more: the peer's last message may be its goodbye.
        Err(WriteError) => {
            outlet.abandon();
            pending().await
        }
    }
}

async fn try_write<S: AsyncRead + AsyncWrite + Unpin>(
    writer: &mut Writer<S>,
    session: &Session,
    id: ConnectionId,
    outlet: &Outlet,
    pings: &Pings,
    keep_alive: Option<Duration>,
    metrics: &AppMetrics,
) -> Result<Close, WriteError> {
    // A period that never comes stands for none.
    let period = keep_alive.unwrap_or(Duration::from_secs(1 << 32));
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            first = outlet.next() => {
                // What waits goes out together.
                let mut next = first;
                loop {
                    match next {
                        Some(Outgoing::Message(message)) => {
                            metrics.messages_sent.add(1);
                            metrics.bytes_sent.add(writer.feed(&message).await?);
                        }
                        Some(Outgoing::Ping) => writer.feed_ping(pings.next(true)).await?,
                        Some(Outgoing::Close { code, reason }) => return Ok(Close::new(code, reason)),
                        None => return Ok(Close::new(GOING_AWAY, "the session does not keep this connection")),
                    }
                    match outlet.try_next() {
                        Some(outgoing) => next = Some(outgoing),
                        None => break,
                    }
                }
                writer.flush().await?;
                if outlet.is_written() {
                    session.handle.drained(id).await;
                }
            }
            _ = ticks.tick() => {
                writer.feed_ping(pings.next(false)).await?;
                writer.flush().await?;
            }
        }
    }
}

/// The pings of a connection. They count from 0, as Bokeh's do.
#[derive(Debug, Default)]
struct Pings(Mutex<PingState>);

#[derive(Debug, Default)]
struct PingState {
    n_sent: u64,
    /// The one of whose answer the session wants to know.
    awaited: Option<u64>,
}

impl Pings {
    /// What the next ping says.
    fn next(&self, is_awaited: bool) -> String {
        let mut state = self.0.lock();
        let number = state.n_sent;
        state.n_sent += 1;
        if is_awaited {
            state.awaited = Some(number);
        }
        number.to_string()
    }

    /// Whether this answers the awaited ping, or a later one.
    fn is_awaited(&self, payload: &[u8]) -> bool {
        let number = std::str::from_utf8(payload).ok().and_then(|text| text.parse::<u64>().ok());
        let mut state = self.0.lock();
        let is_sent = number.filter(|number| *number < state.n_sent);
        let is_it = is_sent.zip(state.awaited).is_some_and(|(number, awaited)| number >= awaited);
        if is_it {
            state.awaited = None;
        }
        is_it
    }
}

/// A connection that counts as open.
struct Open<'a>(&'a AppMetrics);

impl<'a> Open<'a> {
    fn count(metrics: &'a AppMetrics) -> Self {
        metrics.connections.rise(1);
        metrics.connections_made.add(1);
        Self(metrics)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.connections.fall(1);
    }
}

/// The registry of close codes: the service restarts, and whoever comes back may find another server.
const SERVICE_RESTART: u16 = 1012;
/// RFC 6455: one side goes down, or the page goes elsewhere.
const GOING_AWAY: u16 = 1001;
