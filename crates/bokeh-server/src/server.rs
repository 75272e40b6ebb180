//! The server as a value.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use bokeh_application::SessionContext;
use futures_util::future::join_all;

use crate::builder::ServerBuilder;
use crate::configuration::{Configuration, ConfigurationError};
use crate::hosted::{Common, Hosted};
use crate::index::Index;
use crate::operations::{Operations, operations};
use crate::router::{normal_route, router};
use crate::settings::Settings;
use crate::threads::SessionThreads;

/// Applications and their sessions. Cheap to clone; it does not listen by itself.
///
/// ```
/// use axum::Router;
/// use bokeh_document::Document;
/// use bokeh_server::Server;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), bokeh_server::BuildError> {
/// let bokeh = Server::builder().prefix("/plots").app("/sliders", |_: &mut Document| {}).build()?;
/// let mine: Router = Router::new().merge(bokeh.router());
/// # let _ = mine; Ok(()) }
/// ```
#[derive(Clone)]
pub struct Server(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) common: Arc<Common>,
    /// Sorted by route.
    pub(crate) apps: Vec<Arc<Hosted>>,
    pub(crate) index: Option<Index>,
    /// Dropped last: sessions run on them.
    pub(crate) _threads: SessionThreads,
}

impl Server {
    /// Begins to describe a server.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::new()
    }

    /// Begins to describe a server as Bokeh's settings say: variables of the environment, and `~/.bokeh/bokeh.yaml`.
    ///
    /// ```no_run
    /// use bokeh_document::Document;
    /// use bokeh_server::Server;
    ///
    /// # fn example() -> Result<(), bokeh_server::ConfigurationError> {
    /// // BOKEH_DEFAULT_SERVER_PORT says where, unless `port` does.
    /// let server = Server::from_settings()?.app("/sliders", |_: &mut Document| {});
    /// # let _ = server; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When a file cannot be read, or a value is none of those that can be.
    pub fn from_settings() -> Result<ServerBuilder, ConfigurationError> {
        let settings = Settings::from_configuration(&Configuration::load()?)?;
        Ok(Self::builder().settings(settings))
    }

    /// Every route of the server, below its prefix. Merge it into a router of your own, nest it there, or call it in a test.
    ///
    /// ```
    /// use std::net::SocketAddr;
    ///
    /// use axum::Router;
    /// use bokeh_document::Document;
    /// use bokeh_server::Server;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), bokeh_server::BuildError> {
    /// let bokeh = Server::builder().app("/sliders", |_: &mut Document| {}).build()?;
    /// let mine = Router::new().nest("/plots", bokeh.router());
    /// let service = mine.into_make_service_with_connect_info::<SocketAddr>();
    /// # let _ = service; Ok(()) }
    /// ```
    ///
    /// Pages of a nested router name the addresses by which they were reached.
    ///
    /// Applications learn who asks from [`Peer`](crate::Peer), for which the service above passes on addresses.
    /// WebSockets need connections of HTTP/1.1.
    pub fn router(&self) -> Router {
        router(&self.0.common, &self.0.apps, self.0.index.clone())
    }

    /// The routes `/healthz`, `/readyz` and, as [`Settings::metrics`](crate::Settings::metrics) says, `/metrics`. A server that
    /// listens by itself has them; the [router](Self::router) has not, since an application of yours may have its own.
    pub fn operations_router(&self) -> Router {
        operations(self.operations())
    }

    pub(crate) fn operations(&self) -> Operations {
        Operations { common: self.0.common.clone(), apps: self.0.apps.clone() }
    }

    /// Makes no more sessions: who asks for one is refused, and told to try again. `/readyz` says so, too. Those that live go
    /// on.
    pub fn drain(&self) {
        self.0.common.draining.cancel();
        for app in &self.0.apps {
            app.sessions.close();
        }
    }

    /// A session that lives, by the route of its application and its id.
    pub fn session(&self, route: &str, id: &str) -> Option<SessionContext> {
        Some(self.app(route)?.sessions.find(id)?.context.clone())
    }

    /// The sessions that live at a route. None if no application is there.
    pub fn sessions(&self, route: &str) -> Option<Vec<SessionContext>> {
        let sessions = self.app(route)?.sessions.list();
        Some(sessions.iter().map(|session| session.context.clone()).collect())
    }

    /// The routes of the applications, sorted.
    pub fn routes(&self) -> impl Iterator<Item = &str> {
        self.0.apps.iter().map(|app| if app.route.is_empty() { "/" } else { app.route.as_str() })
    }

    /// Whether there is a list of the applications at the prefix.
    pub(crate) fn has_index(&self) -> bool {
        self.0.index.is_some()
    }

    /// What all paths begin with: empty, or like `/apps`.
    pub fn prefix(&self) -> &str {
        &self.0.common.prefix
    }

    /// Lets all open pages load again, with the values that users have set in their widgets. With `trouble`, they show that
    /// instead, until the next call. Does nothing unless [`Settings::dev`](crate::Settings::dev) is set.
    pub fn reload_pages(&self, trouble: Option<String>) {
        if let Some(dev) = &self.0.common.dev {
            dev.reload(trouble);
        }
    }

    /// Ends all sessions, runs the hooks of the server's end, and waits until the connections are closed.
    pub async fn shut_down(&self) {
        let common = &self.0.common;
        self.drain();
        common.stop.cancel();
        join_all(self.0.apps.iter().map(|app| app.sessions.unload())).await;
        common.connections.close();
        common.connections.wait().await;
    }

    /// Runs the hooks of the server's start. Otherwise that happens before the first session.
    pub(crate) async fn load(&self) {
        for app in &self.0.apps {
            app.sessions.load().await;
        }
    }

    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub(crate) fn common(&self) -> &Arc<Common> {
        &self.0.common
    }

    fn app(&self, route: &str) -> Option<&Arc<Hosted>> {
        let route = normal_route(route)?;
        self.0.apps.iter().find(|app| app.route == route)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("prefix", &self.prefix())
            .field("routes", &self.routes().collect::<Vec<_>>())
            .finish()
    }
}
