//! How many there may be of something.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

/// A bound for the whole server and one for an application. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Quota {
    server: Arc<Semaphore>,
    app: Arc<Semaphore>,
}

/// One of those that there may be, until it is dropped.
#[derive(Debug)]
#[must_use = "dropping the permit gives the place free"]
pub(crate) struct Permit {
    _server: OwnedSemaphorePermit,
    _app: OwnedSemaphorePermit,
}

impl Quota {
    /// The bound of a server, to be shared by its applications.
    pub(crate) fn of_server(limit: usize) -> Arc<Semaphore> {
        Arc::new(Semaphore::new(limit.min(Semaphore::MAX_PERMITS)))
    }

    /// The bounds of one application.
    pub(crate) fn new(server: &Arc<Semaphore>, per_app: Option<usize>) -> Self {
        Self { server: server.clone(), app: Self::of_server(per_app.unwrap_or(usize::MAX)) }
    }

    /// Takes one, if there may be one more.
    pub(crate) fn try_acquire(&self) -> Result<Permit, TryAcquireError> {
        let server = self.server.clone().try_acquire_owned()?;
        let app = self.app.clone().try_acquire_owned()?;
        Ok(Permit { _server: server, _app: app })
    }

    /// From now on there may be no more.
    pub(crate) fn close(&self) {
        self.server.close();
        self.app.close();
    }

    /// How many more there may be on the server.
    #[cfg(test)]
    pub(crate) fn n_free(&self) -> usize {
        self.server.available_permits()
    }
}
