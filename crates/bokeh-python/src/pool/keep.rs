//! Keeping one place of the pool filled.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::{FIRST_DELAY, LONGEST_DELAY, Pool, start};
use crate::error::CallError;
use crate::process::{Ended, Process};
use crate::worker::Worker;

/// Runs a worker and those that follow it, until the pool stops.
pub(super) async fn keep(pool: Arc<Pool>, worker: Arc<Worker>, process: Process) {
    let mut next = Some((worker, process));
    let mut delay = FIRST_DELAY;
    while let Some((worker, process)) = next {
        let started = Instant::now();
        run(&pool, worker.clone(), process).await;
        let is_useless = worker.n_admitted() == 0 && started.elapsed() < SHORT_LIFE;
        delay = if is_useless { wait(&pool, delay).await } else { FIRST_DELAY };
        next = loop {
            match pool.stop.run_until_cancelled(start(pool.clone())).await {
                None => break None,
                Some(Ok(started)) => break Some(started),
                Some(Err(error)) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "cannot start a Python worker");
                    delay = wait(&pool, delay).await;
                }
            }
        };
    }
}

/// Runs a worker until it has ended, or goes on beside the one that is to take its place.
async fn run(pool: &Arc<Pool>, worker: Arc<Worker>, process: Process) {
    let mut ended = Box::pin(process.wait());
    let retire = tokio::select! {
        ended = &mut ended => return bury(pool, &worker, &ended, true),
        () = pool.stop.cancelled() => None,
        reason = watch(pool, &worker) => Some(reason),
    };
    let Some(reason) = retire else {
        tokio::join!(worker.stop(pool.settings.stop_timeout), async {
            if let Ok(ended) = timeout(2 * pool.settings.stop_timeout, &mut ended).await {
                bury(pool, &worker, &ended, false);
            }
        });
        return;
    };
    tracing::info!(process = worker.process_id(), "a Python worker takes no more sessions: {reason}");
    worker.retire();
    let pool = pool.clone();
    pool.tasks.clone().spawn(async move {
        let is_stopped = tokio::select! {
            ended = &mut ended => return bury(&pool, &worker, &ended, true),
            () = worker.is_idle() => false,
            () = pool.stop.cancelled() => true,
        };
        let patience = pool.settings.stop_timeout;
        let (ended, ()) = tokio::join!(timeout(2 * patience, &mut ended), worker.stop(patience));
        match ended {
            Ok(ended) => bury(&pool, &worker, &ended, false),
            Err(_elapsed) => pool.remove(&worker),
        }
        if !is_stopped {
            tracing::info!(process = worker.process_id(), "a Python worker has ended with its last session");
        }
    });
}

/// A worker is gone, and its sessions with it.
fn bury(pool: &Pool, worker: &Arc<Worker>, ended: &Ended, is_unexpected: bool) {
    pool.remove(worker);
    let reason = ended.reason();
    if is_unexpected {
        let (process, sessions) = (worker.process_id(), worker.describe_sessions());
        tracing::error!(process, sessions, "a Python worker {reason}; its sessions have ended");
    }
    worker.end_sessions(&format!("its Python worker {reason}"));
}

/// Asks the worker again and again whether it is well, until there is a reason to replace it.
async fn watch(pool: &Pool, worker: &Worker) -> String {
    let settings = &pool.settings;
    loop {
        tokio::select! {
            () = sleep(settings.heartbeat) => {}
            n_sessions = worker.has_admitted(settings.max_worker_sessions) => {
                return format!("it has made {n_sessions} sessions");
            }
        }
        let mut metrics = Box::pin(worker.metrics());
        let answer = match timeout(settings.unresponsive_after, &mut metrics).await {
            Ok(answer) => answer,
            Err(_elapsed) => {
                let (process, after) = (worker.process_id(), settings.unresponsive_after);
                let sessions = worker.describe_sessions();
                tracing::warn!(
                    process,
                    sessions,
                    "a Python worker has not answered for {after:?}; a callback may block it"
                );
                let left = settings.kill_after.map(|kill_after| kill_after.saturating_sub(after));
                let answer = match left {
                    // It can be left to itself if there is another for new sessions.
                    None if pool.workers().len() < 2 * settings.workers.max(1) => {
                        return format!("it has not answered for {after:?}");
                    }
                    None => Some(metrics.await),
                    Some(left) => timeout(left, metrics).await.ok(),
                };
                let Some(answer) = answer else {
                    tracing::error!(process, "a Python worker that does not answer is killed");
                    worker.kill();
                    return std::future::pending().await;
                };
                tracing::info!(process, "a Python worker answers again");
                answer
            }
        };
        match answer {
            Ok(metrics) => {
                if settings.max_worker_bytes.is_some_and(|limit| metrics.rss_bytes > limit) {
                    return format!("it has {} MiB of memory", metrics.rss_bytes >> 20);
                }
            }
            Err(CallError::Gone) => return std::future::pending().await,
            Err(error) => tracing::warn!(process = worker.process_id(), "a Python worker cannot be measured: {error}"),
        }
    }
}

/// Waits, and answers for how long to wait the next time.
async fn wait(pool: &Pool, delay: Duration) -> Duration {
    tokio::select! {
        () = sleep(delay) => {}
        () = pool.stop.cancelled() => {}
    }
    (2 * delay).min(LONGEST_DELAY)
}

/// A worker that ends sooner, and without having made a session, is likely to do so again.
const SHORT_LIFE: Duration = Duration::from_secs(5);
