//! New visitors: the page, the socket, the document.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures_util::future::join_all;
use tokio::time::interval;

use super::sliders::ROUTE;
use super::{Cost, P50, P99};
use crate::client::{Client, page_token};
use crate::figures::{Figures, Metric, percentile};
use crate::server::Server;

/// Between two visitors.
const BEAT: Duration = Duration::from_millis(250);
const RATE: Metric = Metric::gain("sessions/s");

pub(super) async fn run(server: &Server, n_visitors: usize, window: Duration) -> Result<Figures> {
    visit(server.port).await?;
    let mut figures = Figures::default();
    let mut durations: Vec<Duration> = Vec::new();
    let cost = Cost::begin(server)?;
    let end = Instant::now() + window;
    let visitors = (0..n_visitors).map(|_| async {
        let mut durations = Vec::new();
        while Instant::now() < end {
            match visit(server.port).await {
                Ok(duration) => durations.push(duration),
                Err(error) => return (durations, Err(error)),
            }
        }
        (durations, Ok(()))
    });
    for (took, result) in join_all(visitors).await {
        durations.extend(took);
        figures.keep(result);
    }
    cost.end(server, durations.len(), RATE, &mut figures)?;
    figures.push(P50, percentile(&mut durations, 0.5));
    figures.push(P99, percentile(&mut durations, 0.99));
    Ok(figures)
}

pub(super) async fn run_with_pauses(server: &Server, window: Duration) -> Result<Figures> {
    visit(server.port).await?;
    let mut figures = Figures::default();
    let mut durations: Vec<Duration> = Vec::new();
    let mut beat = interval(BEAT);
    let end = Instant::now() + 2 * window;
    while Instant::now() < end {
        beat.tick().await;
        durations.extend(figures.keep(visit(server.port).await));
    }
    figures.push(P50, percentile(&mut durations, 0.5));
    figures.push(P99, percentile(&mut durations, 0.99));
    Ok(figures)
}

async fn visit(port: u16) -> Result<Duration> {
    let start = Instant::now();
    let (token, _page) = page_token(port, ROUTE).await?;
    let mut client = Client::open(port, ROUTE, &token).await?;
    client.pull().await?;
    let took = start.elapsed();
    client.leave().await;
    Ok(took)
}
