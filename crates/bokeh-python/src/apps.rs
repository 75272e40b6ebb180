//! Python applications, from their files to what a server serves.

use std::collections::HashMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bokeh_application::Application;
use bokeh_application::auth::Auth;
use parking_lot::Mutex;
use serde::Serialize;

use crate::auth::PythonAuth;
use crate::error::{LoadError, StartError};
use crate::export::{Export, ExportError, export};
use crate::handler::PythonHandler;
use crate::interpreter::Interpreter;
use crate::pool::PoolOwner;
use crate::settings::Settings;
use crate::spawner::Spawner;
use crate::worker::AuthInfo;

/// Worker processes that run Python applications.
///
/// ```no_run
/// use bokeh_python::{AppSource, PythonApps};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let python = PythonApps::builder().workers(4).start().await?;
/// let apps = python.load([AppSource::new("/sliders", "apps/sliders.py")]).await?;
/// for (route, application) in apps {
///     // `Server::builder().app(route, application)`
/// #   let _ = (route, application);
/// }
/// # Ok(()) }
/// ```
///
/// The workers end when this and all of the applications are dropped, and when the server has told all of the applications
/// that it stops. They also end when this process does, in whatever way.
#[derive(Clone)]
pub struct PythonApps {
    owner: Arc<PoolOwner>,
    interpreter: Interpreter,
    shared: Arc<Shared>,
}

/// An application that Python can load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppSource {
    /// Where it is to be served, such as `/sliders`.
    pub route: String,
    /// The script, folder or notebook.
    pub path: PathBuf,
    /// What it finds in `sys.argv`, after its own name.
    pub argv: Vec<String>,
}

/// Describes workers before they are started.
#[derive(Clone, Debug, Default)]
#[must_use = "call `start`"]
pub struct PythonAppsBuilder {
    settings: Settings,
}

/// A worker that runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WorkerStatus {
    /// The number that the system has for its process.
    pub process_id: u32,
    /// The sessions that it has.
    pub n_sessions: usize,
    /// The sessions that it has made so far.
    pub n_sessions_made: u64,
    /// What waits for it to be read, in bytes.
    pub n_queued_bytes: usize,
    /// It makes no more sessions, and ends with the last that it has.
    pub is_retiring: bool,
}

impl PythonApps {
    /// Describes workers.
    pub fn builder() -> PythonAppsBuilder {
        PythonAppsBuilder::default()
    }

    /// Loads applications, for a server to serve at their routes. Can be called once.
    ///
    /// # Errors
    /// When one of them cannot be loaded: it is not there, does not parse, or its hooks are no hooks.
    pub async fn load(
        &self,
        sources: impl IntoIterator<Item = AppSource>,
    ) -> Result<Vec<(String, Application)>, LoadError> {
        let mut sources: Vec<AppSource> = sources.into_iter().collect();
        for source in &mut sources {
            // The scripts may change the directory.
            source.path = std::path::absolute(&source.path).unwrap_or_else(|_| source.path.clone());
        }
        let loaded = self.owner.pool().load(sources).await?;
        let applications = loaded.into_iter().map(|app| {
            let route = app.route.clone();
            let handler = PythonHandler::new(self.owner.clone(), self.shared.clone(), app);
            (route, Application::empty().handler(handler))
        });
        Ok(applications.collect())
    }

    /// Runs an application without a session, and gives the document that it makes as the text of a file. Hooks do not run.
    ///
    /// # Errors
    /// When the application fails, or makes nothing that could be written.
    pub async fn export(&self, route: &str, format: Export) -> Result<String, ExportError> {
        let desk = self.owner.pool().desk().await.map_err(ExportError::Worker)?;
        export(desk.worker(), route, format).await
    }

    /// Decides by the [auth module](Settings::auth_module) who may see the applications, if there is one.
    pub fn auth(&self) -> Option<Arc<dyn Auth>> {
        let info = self.shared.auth.clone()?;
        Some(Arc::new(PythonAuth::new(self.owner.clone(), info)))
    }

    /// The interpreter that the workers run with.
    pub fn interpreter(&self) -> &Interpreter {
        &self.interpreter
    }

    /// The folder with the BokehJS of the workers' bokeh.
    pub fn bokehjs_dir(&self) -> Option<&Path> {
        self.shared.bokehjs_dir.as_deref()
    }

    /// The workers that run.
    pub fn workers(&self) -> Vec<WorkerStatus> {
        let status = |worker: &Arc<crate::worker::Worker>| WorkerStatus {
            process_id: worker.process_id(),
            n_sessions: worker.n_sessions(),
            n_sessions_made: worker.n_admitted(),
            n_queued_bytes: worker.n_queued_bytes(),
            is_retiring: worker.is_retiring(),
        };
        self.owner.pool().processes().iter().map(status).collect()
    }

    /// Waits until a worker comes, goes, or takes no more sessions. What has happened before this is called is not waited
    /// for.
    pub fn workers_changed(&self) -> impl Future<Output = ()> + Send + '_ {
        self.owner.pool().changed()
    }

    /// Lets the workers run the hooks of the server's end, and waits until their processes are gone.
    pub async fn stop(&self) {
        self.owner.pool().stop().await;
    }
}

impl AppSource {
    /// A script, folder or notebook to be served at a route.
    pub fn new(route: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        Self { route: route.into(), path: path.into(), argv: Vec::new() }
    }

    /// Sets what the application finds in `sys.argv`, after its own name.
    #[must_use]
    pub fn argv(mut self, argv: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.argv = argv.into_iter().map(Into::into).collect();
        self
    }
}

impl PythonAppsBuilder {
    /// Replaces all settings.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Sets [`Settings::python`].
    pub fn python(mut self, python: impl Into<PathBuf>) -> Self {
        self.settings.python = Some(python.into());
        self
    }

    /// Sets [`Settings::workers`].
    pub fn workers(mut self, workers: usize) -> Self {
        self.settings.workers = workers;
        self
    }

    /// Finds the interpreter and starts the workers. Returns when all of them are ready. Must be called inside a Tokio
    /// runtime, which serves them from then on.
    ///
    /// # Errors
    /// When there is no interpreter with a bokeh that can be used, or a worker does not start.
    pub async fn start(self) -> Result<PythonApps, StartError> {
        let interpreter = Interpreter::find(self.settings.python.as_deref()).await?;
        let spawner = Spawner::start(interpreter.path().to_owned()).map_err(StartError::Thread)?;
        let owner = Arc::new(PoolOwner::start(spawner, self.settings).await?);
        let workers = owner.pool().processes();
        let about = workers.first().map(|worker| worker.about().clone()).unwrap_or_default();
        let shared = Shared {
            bokehjs_dir: about.bokehjs_dir,
            auth: about.auth,
            extension_dirs: Mutex::new(about.extension_dirs),
        };
        tracing::info!(
            workers = workers.len(),
            "Python applications run with bokeh {} on Python {} ({})",
            interpreter.bokeh_version(),
            interpreter.python_version(),
            interpreter.path().display()
        );
        if shared.auth.is_some() {
            tracing::info!("User authentication hooks provided");
        }
        Ok(PythonApps { owner, interpreter, shared: Arc::new(shared) })
    }
}

/// What all applications know of their workers.
pub(crate) struct Shared {
    pub(crate) bokehjs_dir: Option<PathBuf>,
    auth: Option<AuthInfo>,
    /// The folders of BokehJS extensions. Sessions add to them, as they import more.
    pub(crate) extension_dirs: Mutex<HashMap<String, PathBuf>>,
}

impl std::fmt::Debug for PythonApps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PythonApps")
            .field("interpreter", &self.interpreter)
            .field("workers", &self.workers())
            .finish_non_exhaustive()
    }
}
