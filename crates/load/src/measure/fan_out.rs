//! One session with many viewers: all see what one of them does.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures_util::future::{join_all, try_join_all};

use super::sliders::{ROUTE, SLIDER};
use super::{Cost, P50, P99, new_session, position};
use crate::client::{Client, Slider};
use crate::figures::{Figures, Metric, percentile};
use crate::server::Server;

const RATE: Metric = Metric::gain("moves/s");

pub(super) async fn run(server: &Server, n_viewers: usize, window: Duration) -> Result<Figures> {
    let session = new_session();
    let (mut author, document) = Client::join(server.port, ROUTE, &session).await?;
    let slider = Slider::find(&document, SLIDER)?;
    let mut viewers = try_join_all(
        (0..n_viewers).map(|_| async { Client::join(server.port, ROUTE, &session).await.map(|(client, _)| client) }),
    )
    .await?;
    show(&mut author, &slider, &mut viewers, position(1)).await?;
    let mut figures = Figures::default();
    let mut durations = Vec::new();
    let cost = Cost::begin(server)?;
    let end = Instant::now() + window;
    for n in 2.. {
        let start = Instant::now();
        if start >= end || figures.keep(show(&mut author, &slider, &mut viewers, position(n)).await).is_none() {
            break;
        }
        durations.push(start.elapsed());
    }
    cost.end(server, durations.len(), RATE, &mut figures)?;
    figures.push(P50, percentile(&mut durations, 0.5));
    figures.push(P99, percentile(&mut durations, 0.99));
    join_all(viewers.into_iter().chain([author]).map(Client::leave)).await;
    Ok(figures)
}

/// Moves the slider, and returns when everybody has seen it.
async fn show(author: &mut Client, slider: &Slider, viewers: &mut [Client], value: f64) -> Result<()> {
    author.move_slider(slider, value).await?;
    for viewer in viewers {
        viewer.expect_data(value).await?;
    }
    Ok(())
}
