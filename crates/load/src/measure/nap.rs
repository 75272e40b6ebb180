//! One callback that sleeps: how many of ten others wait for it, and how long do the rest?

use std::time::Duration;

use anyhow::Result;
use futures_util::future::{join, join_all, try_join_all};

use super::sleepers::{NAP, drag};
use super::sliders::{self, SLIDER, Visitor};
use crate::figures::{Figures, Metric, percentile};
use crate::server::Server;

const HELD_UP: Metric = Metric::cost("of 10 wait");
const REST: Metric = Metric::cost("p99 µs of the others");
const N_OTHERS: usize = 10;

pub(super) async fn run(server: &Server) -> Result<Figures> {
    let mut sleeper = Visitor::join(server.port, "/sleeping", "seconds").await?;
    let joining = (0..N_OTHERS).map(|_| Visitor::join(server.port, sliders::ROUTE, SLIDER));
    let mut others = try_join_all(joining).await?;
    for result in join_all(others.iter_mut().map(Visitor::round_trip)).await {
        result?;
    }
    let mut figures = Figures::default();
    let nap = sleeper.client.move_slider_alone(&sleeper.slider, NAP.as_secs_f64());
    let (nap, dragged) = join(nap, drag(&mut others)).await;
    figures.keep(nap);
    let (mut n_held_up, mut durations) = (0.0, Vec::new());
    for (took, result) in dragged {
        figures.keep(result);
        if took.iter().any(|duration| *duration > LONG) {
            n_held_up += 1.0;
        } else {
            durations.extend(took);
        }
    }
    figures.push(HELD_UP, n_held_up);
    figures.push(REST, percentile(&mut durations, 0.99));
    join_all(others.into_iter().chain([sleeper]).map(|visitor| visitor.client.leave())).await;
    Ok(figures)
}

/// Nothing but the nap takes as long.
const LONG: Duration = Duration::from_secs(2);
