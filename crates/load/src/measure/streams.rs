//! Periodic callbacks that stream: nobody asks, and everything comes.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use bokeh_load::Recording;
use futures_util::future::{join_all, try_join_all};
use tokio::time::timeout_at;

use super::{Cost, new_session};
use crate::client::{Client, token};
use crate::figures::{Figures, Metric, percentile};
use crate::server::Server;

const RATE: Metric = Metric::gain("messages/s");
const PART: Metric = Metric::gain("% of due");
const LATE: Metric = Metric::cost("p99 µs off beat");
const ROUTE: &str = "/streaming";
const PERIOD: Duration = Duration::from_millis(50);

pub(super) async fn run(server: &Server, n_sessions: usize, window: Duration) -> Result<Figures> {
    let join = || async { Client::join(server.port, ROUTE, &new_session()).await.map(|(client, _)| client) };
    let mut viewers = try_join_all((0..n_sessions).map(|_| join())).await?;
    let end = Instant::now() + window;
    let cost = Cost::begin(server)?;
    let results = join_all(viewers.iter_mut().map(|viewer| watch(viewer, end))).await;
    let mut figures = Figures::default();
    let mut off_beat: Vec<Duration> = Vec::new();
    let mut n_messages = 0;
    for (arrivals, result) in results {
        n_messages += arrivals.len();
        off_beat.extend(arrivals.windows(2).map(|pair| (pair[1] - pair[0]).abs_diff(PERIOD)));
        figures.keep(result);
    }
    cost.end(server, n_messages, RATE, &mut figures)?;
    let n_due = window.as_secs_f64() / PERIOD.as_secs_f64() * n_sessions as f64;
    figures.push(PART, 100.0 * n_messages as f64 / n_due);
    figures.push(LATE, percentile(&mut off_beat, 0.99));
    join_all(viewers.into_iter().map(Client::leave)).await;
    Ok(figures)
}

/// Notes when each message came. None may be missing, and none come twice.
async fn watch(viewer: &mut Client, end: Instant) -> (Vec<Instant>, Result<()>) {
    let mut arrivals = Vec::with_capacity(256);
    let mut last: Option<f64> = None;
    loop {
        let message = match timeout_at(end.into(), viewer.next()).await {
            Err(_over) => return (arrivals, Ok(())),
            Ok(Err(error)) => return (arrivals, Err(error)),
            Ok(Ok(message)) => message,
        };
        let count = message.first_of_last_buffer();
        if count.is_none() || last.is_some_and(|last| count != Some(last + 1.0)) {
            return (arrivals, Err(anyhow!("{count:?} came after {last:?}")));
        }
        last = count;
        arrivals.push(Instant::now());
    }
}

/// Records what follows the opening of a socket, and one message of the stream.
pub(super) async fn record(server: &Server) -> Result<Recording> {
    let mut client = Client::open_unread(server.port, ROUTE, &token(&new_session())?).await?;
    let ack = client.next().await?.frames().collect();
    client.pull().await?;
    let message = client.next().await?;
    if message.first_of_last_buffer().is_none() {
        bail!("this is no stream: {}", message.content());
    }
    Ok(Recording { ack, stream: message.frames().collect(), ..Recording::default() })
}
