//! The workers, as many as there should be.

mod keep;
mod nursery;
mod place;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bokeh_application::SessionContext;
use parking_lot::Mutex;
use tokio::sync::{Notify, RwLock};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::apps::AppSource;
use crate::error::{CallError, LoadError, StartError};
use crate::message::Nothing;
use crate::session::RemoteSession;
use crate::settings::{Isolation, Settings};
use crate::spawner::Spawner;
use crate::worker::{Booking, LoadedApp, Started, Worker};

use nursery::Nursery;

/// The workers of one server. Each of a fixed number of places has one that takes new sessions; beside them there can be
/// some that end with their last session.
pub(crate) struct Pool {
    settings: Settings,
    spawner: Spawner,
    /// Those that run, the retiring ones included.
    workers: Mutex<Vec<Arc<Worker>>>,
    /// Those that were forked from them, if each session has a process of its own.
    children: Mutex<Vec<Arc<Worker>>>,
    nursery: Nursery,
    changed: Notify,
    /// Whoever changes it tells all workers that are listed; whoever lists a worker brings it as far before.
    stage: RwLock<Stage>,
    /// Applications that were told that the server has started, and not yet that it stops.
    n_loaded: AtomicUsize,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// How far all workers are.
#[derive(Default)]
struct Stage {
    apps: Arc<Vec<AppSource>>,
    /// The hooks of the server's start have run.
    is_server_loaded: bool,
}

/// Keeps the workers of a pool running. Dropping it stops them without waiting.
pub(crate) struct PoolOwner(Arc<Pool>);

impl PoolOwner {
    /// Starts all workers and waits until they are ready to load applications.
    pub(crate) async fn start(spawner: Spawner, mut settings: Settings) -> Result<Self, StartError> {
        if settings.isolation != Isolation::Worker {
            // The one that the others are forked from.
            settings.workers = 1;
            (settings.max_worker_sessions, settings.max_worker_bytes) = (None, None);
        }
        let pool = Arc::new(Pool {
            settings,
            spawner,
            workers: Mutex::default(),
            children: Mutex::default(),
            nursery: Nursery::default(),
            changed: Notify::new(),
            stage: RwLock::default(),
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
        let mut stage = self.stage.write().await;
        if !stage.apps.is_empty() {
            return Err(LoadError::Again);
        }
        stage.apps = Arc::new(apps);
        let mut loading = JoinSet::new();
        for worker in self.workers() {
            let (apps, timeout) = (stage.apps.clone(), self.settings.start_timeout);
            loading.spawn(async move { worker.load(&apps, timeout).await });
        }
        let mut loaded = Vec::new();
        while let Some(worker) = loading.join_next().await {
            loaded = worker.map_err(|_panicked_or_shut_down| LoadError::Worker(CallError::Gone))??;
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

    /// Waits until a worker comes, goes, or takes no more sessions.
    pub(crate) fn changed(&self) -> impl Future<Output = ()> + Send + '_ {
        self.changed.notified()
    }

    /// Runs the hooks of the server's start, once in each worker, however many applications ask for it.
    pub(crate) async fn server_loaded(self: &Arc<Self>) -> Result<(), CallError> {
        self.n_loaded.fetch_add(1, Ordering::Relaxed);
        let mut stage = self.stage.write().await;
        if std::mem::replace(&mut stage.is_server_loaded, true) {
            return Ok(());
        }
        for worker in self.workers() {
            match worker.call("server_loaded", &Nothing {}, &[], None).await {
                // The one that follows it runs them, too.
                Ok(_) | Err(CallError::Gone) => {}
                Err(error) => return Err(error),
            }
        }
        Nursery::fill(self);
        Ok(())
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
        self: &Arc<Self>,
        route: &str,
        context: &SessionContext,
    ) -> Result<(Arc<Worker>, Arc<RemoteSession>), CallError> {
        let booking = match self.settings.isolation {
            Isolation::Worker => place::place(self).await?,
            Isolation::Process(_) => Booking::new(Nursery::take(self).await?),
        };
        let session = booking.worker().admit(route, context, &self.settings);
        Ok((booking.worker().clone(), session))
    }

    /// A worker for what belongs to no session.
    pub(crate) async fn desk(self: &Arc<Self>) -> Result<Booking, CallError> {
        match self.settings.isolation {
            Isolation::Worker => place::place(self).await,
            Isolation::Process(_) => Nursery::desk(self).await.map(Booking::new),
        }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The workers, those that forked ones come from included, and these not.
    fn workers(&self) -> Vec<Arc<Worker>> {
        self.workers.lock().clone()
    }

    /// All processes.
    pub(crate) fn processes(&self) -> Vec<Arc<Worker>> {
        [self.workers(), self.children.lock().clone()].concat()
    }

    fn insert(&self, worker: &Arc<Worker>) {
        self.workers.lock().push(worker.clone());
        self.changed.notify_waiters();
    }

    fn remove(&self, worker: &Arc<Worker>) {
        for list in [&self.workers, &self.children] {
            list.lock().retain(|known| !Arc::ptr_eq(known, worker));
        }
        self.changed.notify_waiters();
    }
}

/// Starts a worker, lets it load what the others have loaded, and lists it.
async fn start(pool: Arc<Pool>) -> Result<Started, StartError> {
    let Started { worker, process } = Worker::start(&pool.spawner, &pool.settings).await?;
    let stage = pool.stage.read().await;
    if !stage.apps.is_empty() {
        worker.load(&stage.apps, pool.settings.start_timeout).await.map_err(StartError::Load)?;
    }
    if stage.is_server_loaded {
        worker.call("server_loaded", &Nothing {}, &[], None).await.map_err(StartError::Worker)?;
    }
    pool.insert(&worker);
    Ok(Started { worker, process })
}
