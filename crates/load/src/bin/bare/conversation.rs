//! One socket, from the acknowledgement to its end.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use crate::script::Script;

/// The connections of each session.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Vec<mpsc::Sender<Frames>>>>);

type Frames = Arc<[Message]>;
type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Answers until the peer goes.
pub(crate) async fn converse(upgraded: Upgraded, script: &Script, sessions: &Sessions, session: &str, is_stream: bool) {
    // As in bokeh-server.
    let config = WebSocketConfig::default().read_buffer_size(4 << 10).write_buffer_size(16 << 10);
    let mut socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    let (outbox, mut outgoing) = mpsc::channel(256);
    sessions.0.lock().entry(session.to_owned()).or_default().push(outbox.clone());
    // An error means that the peer has gone.
    answer_all(&mut socket, script, sessions, session, &outbox, &mut outgoing, is_stream).await.ok();
    let mut sessions = sessions.0.lock();
    if let Some(connections) = sessions.get_mut(session) {
        connections.retain(|other| !other.same_channel(&outbox));
        if connections.is_empty() {
            sessions.remove(session);
        }
    }
}

async fn answer_all(
    socket: &mut Socket,
    script: &Script,
    sessions: &Sessions,
    session: &str,
    outbox: &mpsc::Sender<Frames>,
    outgoing: &mut mpsc::Receiver<Frames>,
    is_stream: bool,
) -> Result<(), Error> {
    send(socket, script.ack.fill("", 0.0)).await?;
    let mut request = Vec::with_capacity(3);
    let mut ticks: Option<Interval> = None;
    let mut n_ticks = 0.0;
    loop {
        let tick = async {
            match &mut ticks {
                Some(ticks) => ticks.tick().await,
                None => pending().await,
            }
        };
        tokio::select! {
            frame = socket.next() => match frame {
                Some(Ok(Message::Text(text))) => request.push(text),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(()),
                Some(Ok(_)) => {}
            },
            Some(frames) = outgoing.recv() => send(socket, frames.iter().cloned()).await?,
            _ = tick => {
                n_ticks += 1.0;
                send(socket, script.stream.fill("", n_ticks)).await?;
            }
        }
        let [header, _metadata, content] = &request[..] else { continue };
        let reqid = after(header, "\"msgid\":\"").and_then(|rest| rest.split('"').next()).unwrap_or_default();
        if header.contains("PULL-DOC-REQ") {
            send(socket, script.pull.fill(reqid, 0.0)).await?;
            ticks = is_stream.then(every_50_ms);
        } else {
            let number = number(content);
            tell_others(sessions, session, outbox, || script.viewer.fill("", number));
            send(socket, script.author.fill(reqid, number)).await?;
        }
        request.clear();
    }
}

async fn send(socket: &mut Socket, frames: impl IntoIterator<Item = Message>) -> Result<(), Error> {
    for frame in frames {
        socket.feed(frame).await?;
    }
    socket.flush().await
}

fn tell_others(
    sessions: &Sessions,
    session: &str,
    author: &mpsc::Sender<Frames>,
    frames: impl FnOnce() -> Vec<Message>,
) {
    let sessions = sessions.0.lock();
    let Some(connections) = sessions.get(session).filter(|connections| connections.len() > 1) else { return };
    let frames: Frames = frames().into();
    for other in connections.iter().filter(|other| !other.same_channel(author)) {
        // A viewer that misses something is counted as an error where it waits.
        other.try_send(frames.clone()).ok();
    }
}

fn every_50_ms() -> Interval {
    let mut ticks = interval(Duration::from_millis(50));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// The number that a patch sets a property to.
fn number(content: &Utf8Bytes) -> f64 {
    let number = after(content, "\"new\":").and_then(|rest| rest.split('}').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(f64::NAN)
}

fn after<'text>(text: &'text Utf8Bytes, key: &str) -> Option<&'text str> {
    text.as_str().split_once(key).map(|(_, rest)| rest)
}
