//! Ten sessions whose callbacks sleep at the same time, in a server that has just started: what do the others notice?
//!
//! Beside it runs the same server in which nobody sleeps. Both are driven at the same time, so that whatever else keeps the
//! machine busy meets both alike.

use std::time::{Duration, Instant};

use anyhow::Result;
use futures_util::future::{join_all, join3, try_join_all};
use tokio::time::{MissedTickBehavior, interval_at};

use super::sliders::{self, SLIDER, Visitor};
use crate::figures::{Figures, Metric, percentile};
use crate::server::{Programs, Server};

/// At most twice the unloaded one: what the server promises.
pub(crate) const P99_RATIO: Metric = Metric::cost("p99 ratio");
pub(crate) const MAX_P99_RATIO: f64 = 2.0;

const UNLOADED: Metric = Metric::cost("p99 µs, nobody sleeps");
const LOADED: Metric = Metric::cost("p99 µs, ten sleep");
const N_SLEEPERS: u32 = 10;
const N_OTHERS: u32 = 10;
pub(super) const NAP: Duration = Duration::from_secs(3);
/// Between two moves of the same slider, as when it is dragged.
const BEAT: Duration = Duration::from_millis(20);

pub(super) async fn run(server: &Server, programs: &Programs) -> Result<Figures> {
    let quiet = programs.start(server.kind).await?;
    let mut sleepers =
        try_join_all((0..N_SLEEPERS).map(|_| Visitor::join(server.port, "/sleeping", "seconds"))).await?;
    let mut others = visitors(server).await?;
    let mut others_of_quiet = visitors(&quiet).await?;
    let mut figures = Figures::default();
    let naps = join_all(sleepers.iter_mut().map(|sleeper| async {
        let start = Instant::now();
        sleeper.client.move_slider_alone(&sleeper.slider, NAP.as_secs_f64()).await?;
        anyhow::ensure!(start.elapsed() >= NAP, "a callback that should sleep did not");
        Ok(())
    }));
    let (naps, loaded, unloaded) = join3(naps, drag(&mut others), drag(&mut others_of_quiet)).await;
    for nap in naps {
        figures.keep(nap);
    }
    let mut p99 = |results: Vec<(Vec<Duration>, Result<()>)>| {
        let mut durations = Vec::new();
        for (took, result) in results {
            durations.extend(took);
            figures.keep(result);
        }
        percentile(&mut durations, 0.99)
    };
    let (loaded, unloaded) = (p99(loaded), p99(unloaded));
    figures.push(P99_RATIO, loaded / unloaded);
    figures.push(LOADED, loaded);
    figures.push(UNLOADED, unloaded);
    join_all(sleepers.into_iter().chain(others).chain(others_of_quiet).map(|visitor| visitor.client.leave())).await;
    Ok(figures)
}

async fn visitors(server: &Server) -> Result<Vec<Visitor>> {
    try_join_all((0..N_OTHERS).map(|_| Visitor::join(server.port, sliders::ROUTE, SLIDER))).await
}

/// Moves all sliders for as long as the others sleep, not faster than somebody does who drags them, and not all at once.
pub(super) async fn drag(visitors: &mut [Visitor]) -> Vec<(Vec<Duration>, Result<()>)> {
    let (start, end) = (Instant::now(), Instant::now() + NAP);
    join_all((0..).zip(visitors).map(|(n, visitor)| async move {
        let mut beat = interval_at((start + BEAT * n / N_OTHERS).into(), BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut durations = Vec::new();
        while Instant::now() < end {
            beat.tick().await;
            match visitor.round_trip().await {
                Ok(duration) => durations.push(duration),
                Err(error) => return (durations, Err(error)),
            }
        }
        (durations, Ok(()))
    }))
    .await
}
