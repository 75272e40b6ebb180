use std::future::ready;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bokeh_application::auth::{Access, Auth, AuthRequest, User};
use bokeh_application::{
    Application, AutoloadRequest, Handler, HandlerFuture, HttpResponse, PageRequest, Request, ServerContext,
    SessionContext,
};
use bokeh_document::Document;
use bokeh_protocol::Payload;
use parking_lot::RwLock;

use crate::python::Loaded;

/// What was loaded last.
pub(super) struct Current(RwLock<Arc<Loaded>>);

/// Does what the newest application of a route does.
pub(super) struct CurrentHandler {
    current: Arc<Current>,
    route: String,
    static_path: Option<PathBuf>,
}

/// Asks the newest auth module.
pub(super) struct CurrentAuth {
    current: Arc<Current>,
    paths: Vec<String>,
    logout_url: Option<String>,
}

impl Current {
    pub(super) fn new(loaded: Loaded) -> Self {
        Self(RwLock::new(Arc::new(loaded)))
    }

    pub(super) fn loaded(&self) -> Arc<Loaded> {
        self.0.read().clone()
    }

    /// Replaces what was loaded, and returns it.
    pub(super) fn replace(&self, loaded: Loaded) -> Arc<Loaded> {
        std::mem::replace(&mut *self.0.write(), Arc::new(loaded))
    }

    /// Runs the hooks that the server ran when it started.
    pub(super) async fn server_loaded(&self, loaded: &Loaded) {
        for (route, app) in &loaded.apps {
            for error in app.server_loaded(&ServerContext::new()).await {
                tracing::error!(app = route, hook = "on_server_loaded", error, "a hook failed");
            }
        }
    }

    fn app(&self, route: &str) -> Application {
        let loaded = self.loaded();
        let app = loaded.apps.iter().find(|(known, _)| known == route);
        app.map_or_else(Application::empty, |(_, app)| app.clone())
    }
}

impl CurrentHandler {
    pub(super) fn new(current: Arc<Current>, route: &str) -> Self {
        let static_path = current.app(route).static_path().map(Path::to_owned);
        Self { current, route: route.to_owned(), static_path }
    }

    fn app(&self) -> Application {
        self.current.app(&self.route)
    }
}

impl Handler for CurrentHandler {
    fn modify_document<'a>(&'a self, document: &'a mut Document, session: &'a SessionContext) -> HandlerFuture<'a> {
        Box::pin(async { Ok(self.app().fill(document, session).await?) })
    }

    fn process_request<'a>(&'a self, request: &'a Request) -> HandlerFuture<'a, Payload> {
        Box::pin(async { self.app().token_payload(request).await })
    }

    fn page<'a>(&'a self, page: &'a PageRequest, session: &'a SessionContext) -> HandlerFuture<'a, Option<String>> {
        Box::pin(async { self.app().page(page, session).await })
    }

    fn autoload<'a>(
        &'a self,
        autoload: &'a AutoloadRequest,
        session: &'a SessionContext,
    ) -> HandlerFuture<'a, Option<String>> {
        Box::pin(async { self.app().autoload(autoload, session).await })
    }

    fn static_path(&self) -> Option<&Path> {
        self.static_path.as_deref()
    }

    fn extension_dir(&self, name: &str) -> Option<PathBuf> {
        self.app().extension_dir(name)
    }

    fn bokehjs_dir(&self) -> Option<PathBuf> {
        self.app().bokehjs_dir()
    }

    fn on_server_loaded<'a>(&'a self, server: &'a ServerContext) -> HandlerFuture<'a> {
        Box::pin(async { self.app().server_loaded(server).await.pop().map_or(Ok(()), Err) })
    }

    fn on_server_unloaded<'a>(&'a self, server: &'a ServerContext) -> HandlerFuture<'a> {
        Box::pin(async { self.app().server_unloaded(server).await.pop().map_or(Ok(()), Err) })
    }

    /// The worker knows by itself what it has to do when a session begins.
    fn on_session_created<'a>(&'a self, _session: &'a SessionContext) -> HandlerFuture<'a> {
        Box::pin(ready(Ok(())))
    }

    /// Of a session whose application was replaced, this one knows nothing.
    fn on_session_destroyed<'a>(&'a self, session: &'a SessionContext) -> HandlerFuture<'a> {
        Box::pin(async { self.app().session_destroyed(session).await.pop().map_or(Ok(()), Err) })
    }
}

impl CurrentAuth {
    /// None if there is no auth module.
    pub(super) fn new(current: Arc<Current>) -> Option<Self> {
        let auth = current.loaded().auth.clone()?;
        Some(Self { current, paths: auth.paths(), logout_url: auth.logout_url() })
    }

    fn newest(&self) -> Result<Arc<dyn Auth>, &'static str> {
        self.current.loaded().auth.clone().ok_or("the auth module is gone")
    }
}

impl Auth for CurrentAuth {
    fn authorize<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, Access> {
        Box::pin(async { self.newest()?.authorize(request).await })
    }

    fn paths(&self) -> Vec<String> {
        self.paths.clone()
    }

    fn respond<'a>(&'a self, request: &'a AuthRequest) -> HandlerFuture<'a, HttpResponse> {
        Box::pin(async { self.newest()?.respond(request).await })
    }

    fn logout_url(&self) -> Option<String> {
        self.logout_url.clone()
    }

    fn may_join(&self, owner: Option<&User>, user: Option<&User>) -> bool {
        self.newest().is_ok_and(|auth| auth.may_join(owner, user))
    }
}
