//! Which worker takes a new session.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

use super::Pool;
use crate::error::CallError;
use crate::worker::{Booking, Worker};

/// The worker that has the least to do, of those that answer at once, or else the first that answers. A worker that runs a slow
/// callback does not answer; one whose process has just ended is not chosen.
pub(super) async fn place(pool: &Pool) -> Result<Booking, CallError> {
    loop {
        let (mut candidates, least_busy) = candidates(pool).await?;
        match ask(&candidates).await {
            Some(0) => return Ok(least_busy),
            Some(rank) => return Ok(Booking::new(candidates.swap_remove(rank))),
            None => {}
        }
    }
}

/// Which of the workers to choose; none if the processes of all have ended.
async fn ask(candidates: &[Arc<Worker>]) -> Option<usize> {
    let mut answers = JoinSet::new();
    for (rank, worker) in candidates.iter().cloned().enumerate() {
        answers.spawn(async move { (rank, worker.answers_within(LONG_PATIENCE).await) });
    }
    let (mut prompt, mut silent) = (None, None);
    let patience = sleep(PATIENCE);
    tokio::pin!(patience);
    loop {
        tokio::select! {
            answer = answers.join_next() => match answer? {
                // Nobody can be better, or is expected.
                Ok((rank, Ok(()))) if rank == 0 || patience.is_elapsed() => return Some(rank),
                Ok((rank, Ok(()))) => prompt = prompt.min(Some(rank)).or(Some(rank)),
                Ok((_, Err(CallError::Gone))) | Err(_) => {}
                Ok((rank, Err(_))) => silent = silent.min(Some(rank)).or(Some(rank)),
            },
            () = &mut patience, if !patience.is_elapsed() => {}
        }
        if prompt.is_some() && (patience.is_elapsed() || answers.is_empty()) {
            return prompt;
        }
        if answers.is_empty() {
            return silent;
        }
    }
}

/// The workers that take sessions, those with the least to do first, and a place with the first. Waits for one if there is none
/// at the moment.
async fn candidates(pool: &Pool) -> Result<(Vec<Arc<Worker>>, Booking), CallError> {
    let wait = async {
        loop {
            let changed = pool.changed.notified();
            if pool.stop.is_cancelled() {
                return Err(CallError::Gone);
            }
            if let Some(candidates) = candidates_now(pool) {
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

fn candidates_now(pool: &Pool) -> Option<(Vec<Arc<Worker>>, Booking)> {
    // Locked until the place is booked.
    let workers = pool.workers.lock();
    let takes_sessions = |worker: &&Arc<Worker>| !worker.is_retiring() && !worker.is_gone();
    let mut candidates: Vec<_> = workers.iter().filter(takes_sessions).cloned().collect();
    candidates.sort_by_key(|worker| (worker.load_now(), worker.n_admitted()));
    candidates.truncate(MAX_ASKED);
    let least_busy = Booking::new(candidates.first()?.clone());
    Some((candidates, least_busy))
}

/// How long a worker has to show that it is not busy. One that serves many sessions answers in a few milliseconds.
const PATIENCE: Duration = Duration::from_millis(25);
/// How long any of them has, before the one with the fewest sessions is taken after all.
const LONG_PATIENCE: Duration = Duration::from_secs(5);
/// More workers are not asked, for the sake of those with hundreds.
const MAX_ASKED: usize = 4;
