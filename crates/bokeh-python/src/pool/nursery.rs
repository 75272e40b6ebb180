//! Processes for one session each.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::{Pool, keep};
use crate::error::CallError;
use crate::settings::Isolation;
use crate::worker::{Started, Worker};

/// Processes that are forked from a worker which has loaded everything, some of them ahead of their sessions.
#[derive(Default)]
pub(super) struct Nursery {
    /// Oldest first.
    spares: parking_lot::Mutex<VecDeque<Arc<Worker>>>,
    /// The one that answers what belongs to no session.
    desk: Mutex<Option<Arc<Worker>>>,
    /// Held by whoever forks ahead, so that there are not too many.
    is_filling: Mutex<()>,
}

impl Nursery {
    /// A process that has no session yet.
    pub(super) async fn take(pool: &Arc<Pool>) -> Result<Arc<Worker>, CallError> {
        let spare = loop {
            let spare = pool.nursery.spares.lock().pop_front();
            match spare {
                Some(spare) if spare.is_gone() => {}
                spare => break spare,
            }
        };
        let worker = match spare {
            Some(worker) => worker,
            None => fork(pool).await?,
        };
        Self::fill(pool);
        Ok(worker)
    }

    /// The process for what belongs to no session.
    pub(super) async fn desk(pool: &Arc<Pool>) -> Result<Arc<Worker>, CallError> {
        let mut desk = pool.nursery.desk.lock().await;
        match &*desk {
            Some(worker) if !worker.is_gone() => Ok(worker.clone()),
            _ => Ok(desk.insert(fork(pool).await?).clone()),
        }
    }

    /// Forks spares in the background, as many as there should be.
    pub(super) fn fill(pool: &Arc<Pool>) {
        let Isolation::Process(limits) = &pool.settings.isolation else { return };
        let (pool, n_spares) = (pool.clone(), limits.spares);
        pool.clone().tasks.spawn(async move {
            let _filling = pool.nursery.is_filling.lock().await;
            while pool.nursery.spares.lock().len() < n_spares {
                match fork(&pool).await {
                    Ok(worker) => pool.nursery.spares.lock().push_back(worker),
                    Err(error) => {
                        tracing::debug!(error = &error as &dyn std::error::Error, "no spare process for a session");
                        return;
                    }
                }
            }
        });
    }
}

/// Forks a process, and sees to it as long as it lives.
async fn fork(pool: &Arc<Pool>) -> Result<Arc<Worker>, CallError> {
    let Isolation::Process(limits) = &pool.settings.isolation else { return Err(CallError::Gone) };
    let template = super::place::place(pool).await?;
    let Started { worker, process } = template.worker().fork(limits, pool.settings.start_timeout).await?;
    pool.children.lock().push(worker.clone());
    pool.changed.notify_waiters();
    pool.tasks.spawn(keep::tend(pool.clone(), worker.clone(), process));
    Ok(worker)
}
