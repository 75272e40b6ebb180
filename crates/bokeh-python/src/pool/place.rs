//! Which worker takes a new session.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::Pool;
use crate::error::CallError;
use crate::worker::Worker;

/// The worker that has the least to do, of those that answer at once. A worker that runs a slow callback does not, and is only
/// chosen if all do; one whose process has just ended is not chosen.
pub(super) async fn place(pool: &Pool) -> Result<Arc<Worker>, CallError> {
    loop {
        let mut candidates = candidates(pool).await?;
        candidates.truncate(MAX_ASKED);
        let mut answers = JoinSet::new();
        for (rank, worker) in candidates.iter().cloned().enumerate() {
            answers.spawn(async move { (rank, worker.answers_within(PATIENCE).await) });
        }
        let (mut prompt, mut slow) = (None, None);
        while let Some(answer) = answers.join_next().await {
            match answer {
                // Nobody can be better.
                Ok((0, Ok(()))) => return Ok(candidates.swap_remove(0)),
                Ok((rank, Ok(()))) => prompt = prompt.min(Some(rank)).or(Some(rank)),
                Ok((_, Err(CallError::Gone))) | Err(_) => {}
                Ok((rank, Err(_))) => slow = slow.min(Some(rank)).or(Some(rank)),
            }
        }
        if let Some(best) = prompt.or(slow) {
            return Ok(candidates.swap_remove(best));
        }
    }
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
            candidates.retain(|worker| !worker.is_retiring() && !worker.is_gone());
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
