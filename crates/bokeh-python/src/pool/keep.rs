//! Keeping one place of the pool filled.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::{Pool, start};
use crate::error::CallError;
use crate::process::{Ended, Process};
use crate::worker::{Started, Worker};

/// Runs a worker and those that follow it, until the pool stops.
pub(super) async fn keep(pool: Arc<Pool>, first: Started) {
    let mut delays = Delays::default();
    let mut next = Some(first);
    while let Some(Started { worker, process }) = next {
        let since = Instant::now();
        let mut end: End = Box::pin(process.wait());
        next = tokio::select! {
            ended = &mut end => {
                bury(&pool, &worker, &ended);
                if worker.n_admitted() == 0 && since.elapsed() < SHORT_LIFE {
                    delays.wait(&pool).await;
                } else {
                    delays = Delays::default();
                }
                successor(&pool, &mut delays).await
            }
            successor = replace(&pool, &worker, &mut delays) => {
                worker.retire();
                pool.changed.notify_waiters();
                pool.tasks.spawn(see_off(pool.clone(), worker, end));
                successor
            }
            () = pool.stop.cancelled() => {
                stop(&pool, &worker, end).await;
                None
            }
        };
    }
}

/// Runs a process that was forked for one session, until that has ended.
pub(super) async fn tend(pool: Arc<Pool>, worker: Arc<Worker>, process: Process) {
    let mut end: End = Box::pin(process.wait());
    let is_over = async {
        worker.has_admitted(Some(1)).await;
        worker.is_idle().await;
    };
    let silence = async {
        watch(&pool, &worker).await;
        // There is nobody to replace it by.
        std::future::pending().await
    };
    tokio::select! {
        ended = &mut end => return bury(&pool, &worker, &ended),
        () = silence => {}
        () = is_over => {}
        () = pool.stop.cancelled() => {}
    }
    worker.hang_up();
    if timeout(pool.settings.stop_timeout, &mut end).await.is_err() {
        worker.kill();
        end.await;
    }
    pool.remove(&worker);
    worker.end_sessions("its process has ended");
}

type End = Pin<Box<dyn Future<Output = Ended> + Send>>;

/// Waits until a worker is to be replaced, and starts the one that takes its place. None if the pool stops before.
async fn replace(pool: &Arc<Pool>, worker: &Worker, delays: &mut Delays) -> Option<Started> {
    let reason = watch(pool, worker).await;
    tracing::info!(process = worker.process_id(), "a Python worker is replaced: {reason}");
    successor(pool, delays).await
}

/// Starts a worker, sooner or later. None if the pool stops before.
async fn successor(pool: &Arc<Pool>, delays: &mut Delays) -> Option<Started> {
    loop {
        match pool.stop.run_until_cancelled(start(pool.clone())).await? {
            Ok(started) => return Some(started),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "cannot start a Python worker");
                delays.wait(pool).await;
            }
        }
    }
}

/// Lets a worker that takes no more sessions end with the last that it has.
async fn see_off(pool: Arc<Pool>, worker: Arc<Worker>, mut end: End) {
    tokio::select! {
        ended = &mut end => return bury(&pool, &worker, &ended),
        () = worker.is_idle() => {}
        () = pool.stop.cancelled() => {}
    }
    stop(&pool, &worker, end).await;
}

/// Ends a worker, and returns when its process is gone.
async fn stop(pool: &Pool, worker: &Arc<Worker>, end: End) {
    let patience = pool.settings.stop_timeout;
    let (_, ended) = tokio::join!(worker.stop(patience), timeout(2 * patience + GRACE, end));
    pool.remove(worker);
    let reason = ended.map_or_else(|_elapsed| "was left behind".to_owned(), |ended| ended.reason());
    tracing::debug!(process = worker.process_id(), "a Python worker {reason}");
    worker.end_sessions("the server stops its Python workers");
}

/// A worker is gone, and its sessions with it.
fn bury(pool: &Pool, worker: &Arc<Worker>, ended: &Ended) {
    pool.remove(worker);
    let (process, sessions, reason) = (worker.process_id(), worker.describe_sessions(), ended.reason());
    tracing::error!(process, sessions, "a Python worker {reason}; its sessions have ended");
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
                let answer = match settings.kill_after {
                    // It can be left to itself if there is another for new sessions.
                    None if pool.workers().len() < 2 * settings.workers.max(1) => {
                        return format!("it has not answered for {after:?}");
                    }
                    None => Some(metrics.await),
                    Some(kill_after) => timeout(kill_after.saturating_sub(after), metrics).await.ok(),
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
            // One without sessions would be followed by one that is as large.
            Ok(metrics)
                if worker.n_admitted() > 0 && settings.max_worker_bytes.is_some_and(|max| metrics.rss_bytes > max) =>
            {
                return format!("it has {} MiB of memory", metrics.rss_bytes >> 20);
            }
            // Its process is about to end.
            Ok(_) | Err(CallError::Gone) => {}
            Err(error) => tracing::warn!(process = worker.process_id(), "a Python worker cannot be measured: {error}"),
        }
    }
}

/// How long to wait before the next worker is started: longer each time.
struct Delays(Duration);

impl Default for Delays {
    fn default() -> Self {
        Self(Duration::from_millis(500))
    }
}

impl Delays {
    async fn wait(&mut self, pool: &Pool) {
        tokio::select! {
            () = sleep(self.0) => {}
            () = pool.stop.cancelled() => {}
        }
        self.0 = (2 * self.0).min(LONGEST_DELAY);
    }
}

const LONGEST_DELAY: Duration = Duration::from_secs(30);
/// A worker that ends sooner, and without having made a session, is likely to do so again.
const SHORT_LIFE: Duration = Duration::from_secs(5);
/// How long the end of a process may take to be noticed.
const GRACE: Duration = Duration::from_secs(2);
