//! Which worker takes a new session.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::Pool;
use crate::error::CallError;
use crate::worker::Worker;

/// The worker that has the least to do, of those that answer at once. A worker that runs a slow callback does not.
pub(super) async fn place(pool: &Pool) -> Result<Arc<Worker>, CallError> {
    let mut candidates = candidates(pool).await?;
    candidates.truncate(MAX_ASKED);
    let Some(least_busy) = candidates.first().cloned() else { return Err(CallError::Gone) };
    if candidates.len() == 1 {
        return Ok(least_busy);
    }
    let mut answers = JoinSet::new();
    for (rank, worker) in candidates.iter().enumerate() {
        let worker = worker.clone();
        answers.spawn(async move { worker.answers_within(PATIENCE).await.then_some(rank) });
    }
    let mut best = None;
    while let Some(answer) = answers.join_next().await {
        match answer {
            Ok(Some(0)) => return Ok(least_busy),
            Ok(Some(rank)) => best = Some(best.map_or(rank, |best: usize| best.min(rank))),
            Ok(None) | Err(_) => {}
        }
    }
    Ok(best.map_or(least_busy, |rank| candidates[rank].clone()))
}

/// The workers that take sessions, those with the fewest first. Waits for one if there is none at the moment.
async fn candidates(pool: &Pool) -> Result<Vec<Arc<Worker>>, CallError> {
    let wait = async {
        loop {
            let changed = pool.changed.notified();
            if pool.stop.is_cancelled() {
                return Err(CallError::Gone);
            }
            let mut candidates = pool.workers();
            candidates.retain(|worker| !worker.is_retiring());
            if !candidates.is_empty() {
                candidates.sort_by_key(|worker| (worker.n_sessions(), worker.n_admitted()));
                return Ok(candidates);
            }
            tokio::select! {
                () = changed => {}
                () = pool.stop.cancelled() => {}
            }
        }
    };
    let after = pool.settings.start_timeout;
    tokio::time::timeout(after, wait).await.unwrap_or(Err(CallError::TimedOut { request: "open", after }))
}

/// How long a worker has to show that it is not busy. One that serves many sessions answers in a few milliseconds.
const PATIENCE: Duration = Duration::from_millis(25);
/// More workers are not asked, for the sake of those with hundreds.
const MAX_ASKED: usize = 4;
