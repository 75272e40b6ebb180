//! The workers, as many as there should be.

mod keep;
mod place;

use std::collections::BTreeSet;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bokeh_application::SessionContext;
use parking_lot::Mutex;
use serde::Deserialize;
use tokio::sync::{Notify, OnceCell};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::apps::AppSource;
use crate::error::{CallError, LoadError, StartError};
use crate::message::Nothing;
use crate::process::Process;
use crate::session::RemoteSession;
use crate::settings::Settings;
use crate::spawner::Spawner;
use crate::worker::{LoadedApp, Worker, read};

/// The workers of one server. Each of a fixed number of places has one that takes new sessions; beside them there can be
/// some that end with their last session.
pub(crate) struct Pool {
    settings: Settings,
    spawner: Spawner,
    /// Those that run, the retiring ones included.
    workers: Mutex<Vec<Arc<Worker>>>,
    changed: Notify,
    apps: OnceCell<Vec<AppSource>>,
    server_loaded: OnceCell<()>,
    /// Applications that were told that the server has started, and not yet that it stops.
    n_loaded: AtomicUsize,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// Keeps the workers of a pool running. Dropping it stops them without waiting.
pub(crate) struct PoolOwner(Arc<Pool>);

impl PoolOwner {
    /// Starts all workers and waits until they are ready to load applications.
    pub(crate) async fn start(spawner: Spawner, settings: Settings) -> Result<Self, StartError> {
        let pool = Arc::new(Pool {
            settings,
            spawner,
            workers: Mutex::default(),
            changed: Notify::new(),
            apps: OnceCell::new(),
            server_loaded: OnceCell::new(),
            n_loaded: AtomicUsize::new(0),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        let owner = Self(pool.clone());
        pool.fill().await?;
        Ok(owner)
    }

    pub(crate) fn pool(&self) -> &Arc<Pool> {
        &self.0
    }
}

impl Drop for PoolOwner {
    fn drop(&mut self) {
        self.0.stop.cancel();
    }
}

impl Pool {
    /// Loads applications into all workers. Those that start later load them, too.
    pub(crate) async fn load(&self, apps: Vec<AppSource>) -> Result<Vec<LoadedApp>, LoadError> {
        if self.apps.set(apps).is_err() {
            return Err(LoadError::Again);
        }
        let mut loaded = Vec::new();
        for worker in self.workers() {
            loaded = worker.load(self.apps(), self.settings.start_timeout).await?;
        }
        Ok(loaded)
    }

    /// Starts as many workers as there should be, and keeps their places filled.
    async fn fill(self: &Arc<Self>) -> Result<(), StartError> {
        let n_workers = self.settings.workers.max(1);
        let starting: Vec<_> = (0..n_workers).map(|_| tokio::spawn(start(self.clone()))).collect();
        let mut started = Vec::new();
        for worker in starting {
            match worker.await {
                Ok(worker) => started.push(worker?),
                Err(_panicked_or_shut_down) => return Err(StartError::Worker(CallError::Gone)),
            }
        }
        for started in started {
            self.tasks.spawn(keep::keep(self.clone(), started));
        }
        Ok(())
    }

    /// Replaces all workers, and ends the sessions of the former ones.
    pub(crate) async fn restart(self: &Arc<Self>) -> Result<(), StartError> {
        let former = self.workers();
        if let Err(error) = self.fill().await {
            // Those that did start have gone with the attempt.
            self.workers.lock().retain(|worker| former.iter().any(|known| Arc::ptr_eq(known, worker)));
            return Err(error);
        }
        for worker in former {
            worker.retire();
            worker.dismiss();
            worker.end_sessions("its application has changed");
        }
        self.changed.notify_waiters();
        Ok(())
    }

    /// Waits until a worker comes, goes, or takes no more sessions.
    pub(crate) fn changed(&self) -> impl Future<Output = ()> + Send + '_ {
        self.changed.notified()
    }

    /// Runs the hooks of the server's start, once in each worker, however many applications ask for it.
    pub(crate) async fn server_loaded(&self) -> Result<(), CallError> {
        self.n_loaded.fetch_add(1, Ordering::Relaxed);
        let run = || async {
            for worker in self.workers() {
                worker.call("server_loaded", &Nothing {}, &[], None).await?;
            }
            Ok(())
        };
        self.server_loaded.get_or_try_init(run).await.copied()
    }

    /// Stops all workers when the last application is told that the server stops. They run their hooks then.
    pub(crate) async fn server_unloaded(&self) {
        if self.n_loaded.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.stop().await;
        }
    }

    /// Stops all workers, and waits until they are gone.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Finds room for a session.
    pub(crate) async fn admit(
        &self,
        route: &str,
        context: &SessionContext,
    ) -> Result<(Arc<Worker>, Arc<RemoteSession>), CallError> {
        let worker = self.place().await?;
        let session = worker.admit(route, context, &self.settings);
        Ok((worker, session))
    }

    /// The worker that has the least to do, of those that answer.
    pub(crate) async fn place(&self) -> Result<Arc<Worker>, CallError> {
        place::place(self).await
    }

    /// The files of applications that all workers have loaded.
    pub(crate) async fn imported_files(&self) -> Result<Vec<PathBuf>, CallError> {
        #[derive(Deserialize)]
        struct Files {
            files: Vec<PathBuf>,
        }
        let mut all = BTreeSet::new();
        for worker in self.workers() {
            let Files { files } = read("files", worker.call("files", &Nothing {}, &[], None).await)?;
            all.extend(files);
        }
        Ok(all.into_iter().collect())
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn workers(&self) -> Vec<Arc<Worker>> {
        self.workers.lock().clone()
    }

    fn apps(&self) -> &[AppSource] {
        self.apps.get().map(Vec::as_slice).unwrap_or_default()
    }

    fn insert(&self, worker: &Arc<Worker>) {
        self.workers.lock().push(worker.clone());
        self.changed.notify_waiters();
    }

    fn remove(&self, worker: &Arc<Worker>) {
        self.workers.lock().retain(|known| !Arc::ptr_eq(known, worker));
        self.changed.notify_waiters();
    }
}

/// A worker that is ready, and its process.
struct Started {
    worker: Arc<Worker>,
    process: Process,
}

/// Starts a worker, lets it load what the others have loaded, and lists it.
async fn start(pool: Arc<Pool>) -> Result<Started, StartError> {
    let (worker, process) = Worker::start(&pool.spawner, &pool.settings).await?;
    let worker = Arc::new(worker);
    let apps = pool.apps();
    if !apps.is_empty() {
        worker.load(apps, pool.settings.start_timeout).await.map_err(StartError::Load)?;
    }
    if pool.server_loaded.initialized() {
        worker.call("server_loaded", &Nothing {}, &[], None).await.map_err(StartError::Worker)?;
    }
    pool.insert(&worker);
    Ok(Started { worker, process })
}
