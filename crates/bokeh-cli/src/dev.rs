//! Applications that are being written: they start anew when their files change.

mod changes;
mod current;

use std::path::PathBuf;
use std::sync::Arc;

use bokeh_application::Application;
use bokeh_application::auth::Auth;
use bokeh_server::Server;

use crate::files::AppFile;
use crate::python::{Loaded, PythonError, PythonOptions, WorkerConfig};
use crate::serve::chain;

pub(crate) use changes::{Changes, WatchError};
use current::{Current, CurrentAuth, CurrentHandler};

/// Python applications whose workers are replaced whenever a file changes.
pub(crate) struct Dev<'a> {
    options: &'a PythonOptions,
    source: Source<'a>,
    changes: Changes,
    current: Arc<Current>,
}

/// What the applications are loaded from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) files: &'a [AppFile],
    pub(crate) argv: &'a [String],
    pub(crate) config: &'a WorkerConfig,
    /// Whether it is loaded again and again. One worker is then there sooner than several.
    pub(crate) is_dev: bool,
}

/// Why applications cannot be developed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DevError {
    #[error(transparent)]
    Python(#[from] PythonError),
    #[error(transparent)]
    Watch(#[from] WatchError),
}

impl<'a> Dev<'a> {
    /// Loads the applications for the first time, which must succeed.
    pub(crate) async fn start(
        options: &'a PythonOptions,
        source: Source<'a>,
        watched: &[PathBuf],
    ) -> Result<Self, DevError> {
        let changes = Changes::watch(source.files, watched)?;
        let current = Arc::new(Current::new(options.load(source).await?));
        Ok(Self { options, source, changes, current })
    }

    /// What the server is to serve: each time the newest.
    pub(crate) fn apps(&self) -> Vec<(String, Application)> {
        let routes = self.source.files.iter().map(|file| file.route.clone());
        routes
            .map(|route| {
                let handler = CurrentHandler::new(self.current.clone(), &route);
                (route, Application::empty().handler(handler))
            })
            .collect()
    }

    /// Who may see them.
    pub(crate) fn auth(&self) -> Option<Arc<dyn Auth>> {
        let auth = CurrentAuth::new(self.current.clone())?;
        Some(Arc::new(auth))
    }

    /// Replaces the applications whenever a file has changed.
    pub(crate) async fn run(&mut self, server: &Server) {
        loop {
            let changed = self.changes.next().await;
            tracing::info!("{} has changed: the applications start anew", changed.display());
            match self.options.load(self.source).await {
                Ok(loaded) => self.replace(server, loaded).await,
                Err(error) => {
                    let text = chain(&error);
                    tracing::error!("{text}");
                    server.reload_pages(Some(text));
                }
            }
        }
    }

    /// Ends the workers.
    pub(crate) async fn stop(self) {
        self.current.loaded().python.stop().await;
    }

    async fn replace(&self, server: &Server, loaded: Loaded) {
        self.current.server_loaded(&loaded).await;
        let before = self.current.replace(loaded);
        server.reload_pages(None);
        for file in self.source.files {
            for session in server.sessions(&file.route).unwrap_or_default() {
                session.request_end("its application has changed");
            }
        }
        before.python.stop().await;
    }
}
