//! Describing a server.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::{fmt, io};

use bokeh_application::auth::{Auth, SignedCookies};
use bokeh_application::{Application, HandlerError, IntoApplication};
use bokeh_protocol::{AllowList, AllowListError, RandomError, Secret, Signing};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::assets::{Assets, BokehJsError, Shelf};
use crate::bind::{BindError, bind, bind_unix};
use crate::dev::Dev;
use crate::favicon::{self, IconError};
use crate::gate::{Exit, Gate};
use crate::hosted::{Common, Hosted, MetricsSource, url_path};
use crate::index::{Index, IndexError};
use crate::listener::Listener;
use crate::metrics::{AppMetrics, Metric};
use crate::quota::Quota;
use crate::router::{normal_route, paths};
use crate::running::RunningServer;
use crate::scripts;
use crate::server::{Inner, Server};
use crate::sessions::{Host, Lifetimes, Sessions};
use crate::settings::Settings;
use crate::socket::Compressor;
use crate::threads::SessionThreads;
use crate::tls::{Tls, TlsError};
use crate::trusted::{TrustedProxies, TrustedProxyError};

/// A server that is being described.
#[derive(Default)]
pub struct ServerBuilder {
    settings: Settings,
    apps: Vec<(String, Application)>,
    auth: Option<Arc<dyn Auth>>,
    metrics: Vec<MetricsSource>,
    serves_files_only: bool,
}

impl ServerBuilder {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Serves an application at a route such as `/sliders`. Without any, there is an empty document at `/`, which clients
    /// can fill.
    ///
    /// An application is a function, or an [`Application`] with hooks:
    ///
    /// ```
    /// use bokeh_application::SessionContext;
    /// use bokeh_document::Document;
    /// use bokeh_server::Server;
    ///
    /// fn sliders(doc: &mut Document, session: &SessionContext) {
    ///     doc.set_title(session.request().argument("title").unwrap_or("Sliders").to_owned());
    /// }
    /// let server = Server::builder().app("/sliders", sliders);
    /// # let _ = server;
    /// ```
    #[must_use]
    pub fn app<Marker>(mut self, route: impl Into<String>, app: impl IntoApplication<Marker>) -> Self {
        self.apps.push((route.into(), app.into_application()));
        self
    }

    /// Lets only those see the applications whom `auth` knows. Files are for everybody.
    #[must_use]
    pub fn auth(mut self, auth: impl Auth) -> Self {
        self.auth = Some(Arc::new(auth));
        self
    }

    /// Serves BokehJS, and no empty document if there are no applications.
    #[must_use]
    pub fn files_only(mut self) -> Self {
        self.serves_files_only = true;
        self
    }

    /// Adds numbers of your own to those at `/metrics`. The function is called for each request, and must not block.
    #[must_use]
    pub fn metrics(mut self, source: impl Fn() -> Vec<Metric> + Send + Sync + 'static) -> Self {
        self.metrics.push(Box::new(source));
        self
    }

    /// Replaces all settings.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Sets [`Settings::address`].
    #[must_use]
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.settings.address = Some(address.into());
        self
    }

    /// Sets [`Settings::port`].
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.settings.port = port;
        self
    }

    /// Sets [`Settings::prefix`].
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.settings.prefix = prefix.into();
        self
    }

    /// Adds to [`Settings::allow_websocket_origin`].
    #[must_use]
    pub fn allow_websocket_origin(mut self, host: impl Into<String>) -> Self {
        self.settings.allow_websocket_origin.push(host.into());
        self
    }

    /// Makes the server, for a router of your own. Must be called inside a Tokio runtime.
    ///
    /// # Errors
    /// When a route or an allowed origin is malformed, two applications want the same address, BokehJS cannot be read, or
    /// there is no runtime.
    pub fn build(self) -> Result<Server, BuildError> {
        let port = self.settings.port;
        self.build_for(port, false)
    }

    /// Makes the server and listens at its address. Returns once it accepts connections.
    ///
    /// # Errors
    /// When the address cannot be had, or the server cannot be [built](Self::build).
    pub async fn start(self) -> Result<RunningServer, StartError> {
        let listeners = match &self.settings.unix_socket {
            Some(path) => vec![bind_unix(path)?],
            None => {
                let listeners = bind(self.settings.address.as_deref(), self.settings.port).await?;
                listeners.into_iter().map(Listener::Tcp).collect()
            }
        };
        self.start_with(listeners).await
    }

    /// Makes the server and serves connections from a listener of yours.
    ///
    /// # Errors
    /// When the server cannot be [built](Self::build).
    pub async fn start_on(self, listener: TcpListener) -> Result<RunningServer, StartError> {
        self.start_with(vec![Listener::Tcp(listener)]).await
    }

    async fn start_with(self, listeners: Vec<Listener>) -> Result<RunningServer, StartError> {
        let local = listeners.first().map(Listener::address).transpose().map_err(StartError::Listener)?.flatten();
        let port = local.map_or(self.settings.port, |local| local.port());
        let is_local =
            |listener: &Listener| listener.address().is_ok_and(|at| at.is_some_and(|at| at.ip().is_loopback()));
        let server = self.build_for(port, listeners.iter().all(is_local))?;
        Ok(RunningServer::start(server, listeners, port).await)
    }

    /// `is_local` says that only programs on this machine can connect.
    fn build_for(self, port: u16, is_local: bool) -> Result<Server, BuildError> {
        let Self { mut settings, mut apps, auth, metrics, serves_files_only } = self;
        let io = Handle::try_current().map_err(|_no_runtime| BuildError::NoRuntime)?;
        if apps.is_empty() && !serves_files_only {
            apps.push(("/".to_owned(), Application::empty()));
        }
        let prefix = settings.path_prefix();
        let apps = by_route(&prefix, apps, auth.as_deref())?;
        for (route, app) in &apps {
            let route = || if route.is_empty() { "/".to_owned() } else { route.clone() };
            app.check().map_err(|source| BuildError::Application { route: route(), source })?;
        }
        let bokehjs_dir = apps.values().find_map(Application::bokehjs_dir);
        let assets = Assets::find(&settings.bokehjs, bokehjs_dir.clone())?;
        if assets.is_none() {
            tracing::info!("pages load BokehJS from cdn.bokeh.org; BOKEHJS_DIR can name a folder to serve it from");
        }
        let tls = settings.tls.clone().map(Tls::read).transpose()?;
        let trusted_proxies = settings.use_xheaders.then(|| TrustedProxies::new(&settings.trusted_proxies));
        if auth.as_ref().is_some_and(|auth| auth.needs_trusted_proxy()) && trusted_proxies.is_none() {
            return Err(BuildError::NoTrustedProxy);
        }
        let threads = SessionThreads::start(&settings, &io).map_err(BuildError::Threads)?;
        let exit = auth.as_ref().and_then(|auth| Exit::of(&**auth, &prefix));
        let secrets = auth.as_ref().map(|auth| auth.secret_cookies()).unwrap_or_default();
        if !secrets.is_empty() {
            // The header has all of them.
            settings.headers = settings.headers.without(&["Cookie".to_owned()]);
            settings.cookies = settings.cookies.without(&secrets);
        }
        let gate = |auth| -> Result<_, BuildError> {
            let cookies = signed_cookies(&settings, !secrets.is_empty()).map_err(BuildError::CookieSecret)?;
            Ok(Arc::new(Gate { auth, threads: threads.threads(), cookies, prefix: url_path(&prefix) }))
        };
        let gate = auth.clone().map(gate).transpose()?;
        let stop = CancellationToken::new();
        let common = Arc::new(Common {
            resources: scripts::resources(&settings, &prefix, bokehjs_dir, assets.as_ref())?,
            assets: assets.unwrap_or_default(),
            shelf: Shelf::default(),
            icon: favicon::read(&settings.icon)?,
            gate,
            signing: signing(&settings),
            allow_list: allow_list(&settings, port)?,
            is_local,
            metrics,
            tls,
            trusted_proxies: trusted_proxies.transpose()?,
            draining: CancellationToken::new(),
            farewells: Arc::new(Semaphore::new(MAX_FAREWELLS)),
            sockets: Quota::of_server(settings.max_sockets),
            compressor: settings.websocket_compression.map(|compression| Arc::new(Compressor::new(compression.level))),
            connections: TaskTracker::new(),
            dev: settings.dev.then(|| Dev::new(stop.clone())),
            stop,
            prefix,
            settings,
        });
        let bounds = &common.settings;
        let sessions_of_all = Quota::of_server(bounds.max_sessions);
        let connections_of_all = Quota::of_server(bounds.max_connections);
        let handshakes_of_all = Quota::of_server(bounds.max_pending_handshakes);
        let apps: Vec<Arc<Hosted>> = apps
            .into_iter()
            .map(|(route, application)| {
                let sessions = Sessions::new(Host {
                    route: if route.is_empty() { "/".to_owned() } else { route.clone() },
                    application,
                    threads: threads.threads(),
                    clock: io.clone(),
                    lifetimes: lifetimes(&common.settings),
                    max_connections: common.settings.max_connections_per_session,
                    vacancies: Quota::new(&sessions_of_all, bounds.max_sessions_per_app),
                    metrics: Arc::new(AppMetrics::default()),
                    exit: exit.clone(),
                    auth: auth.clone(),
                    validation: common.settings.validation,
                });
                io.spawn(sessions.discard_unused_every(common.settings.check_unused_sessions));
                let connections = Quota::new(&connections_of_all, bounds.max_connections_per_app);
                let handshakes = Quota::new(&handshakes_of_all, bounds.max_pending_handshakes_per_app);
                Arc::new(Hosted { route, sessions, connections, handshakes, common: common.clone() })
            })
            .collect();
        let routes: Vec<&str> = apps.iter().map(|app| app.route.as_str()).collect();
        let has_index = common.settings.index && !routes.contains(&"");
        let index = has_index.then(|| Index::new(&common.prefix, &routes, common.settings.redirect_root));
        let index = match (index, &common.settings.index_template) {
            (Some(index), Some(path)) => Some(index.with_template(path, &routes)?),
            (index, _) => index,
        };
        Ok(Server::new(Inner { common, apps, index, _threads: threads }))
    }
}

impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder")
            .field("settings", &self.settings)
            .field("apps", &self.apps)
            .finish_non_exhaustive()
    }
}

/// Why a server cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A route does not begin with a slash, or has empty parts.
    #[error("{0:?} is no route for an application; write it like \"/sliders\", or \"/\" for the root")]
    Route(String),
    /// Two applications want the same address.
    #[error("the route {0:?} needs an address that is taken; give each application a route of its own")]
    RouteTaken(String),
    /// A path by which users log in or out is no path, or an application's.
    #[error("the path {0:?} of the authentication is taken or does not begin with a slash")]
    AuthPath(String),
    /// The authentication believes a proxy, and none is trusted.
    #[error("the authentication believes a proxy; say with use_xheaders, or --use-xheaders, that there is one")]
    NoTrustedProxy,
    /// There is no secret to sign cookies with.
    #[error("cannot make a secret for cookies")]
    CookieSecret(#[source] RandomError),
    /// An application cannot do its work.
    #[error("the application at {route} cannot be served")]
    Application {
        /// Where it was to be served.
        route: String,
        /// Why, as the application says it.
        source: HandlerError,
    },
    /// An allowed origin is malformed.
    #[error("allow_websocket_origin: {0}")]
    Origin(#[from] AllowListError),
    /// A trusted proxy is malformed.
    #[error(transparent)]
    TrustedProxy(#[from] TrustedProxyError),
    /// The certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// BokehJS is not where it was said to be.
    #[error(transparent)]
    BokehJs(#[from] BokehJsError),
    /// The list of applications cannot be shown.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The icon cannot be read.
    #[error(transparent)]
    Icon(#[from] IconError),
    /// The threads for sessions cannot be had.
    #[error("cannot start the threads for sessions")]
    Threads(#[source] io::Error),
    /// There is no Tokio runtime.
    #[error("a server needs a Tokio runtime; build it inside `#[tokio::main]` or `Runtime::block_on`")]
    NoRuntime,
}

/// Why a server cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// It cannot be made.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// It cannot listen where it should.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The listener does not know its address.
    #[error("the listener has no address")]
    Listener(#[source] io::Error),
}

/// The applications by their routes in the form in which they are kept, each address taken once.
fn by_route(
    prefix: &str,
    apps: Vec<(String, Application)>,
    auth: Option<&dyn Auth>,
) -> Result<BTreeMap<String, Application>, BuildError> {
    let mut taken = vec!["/favicon.ico".to_owned()];
    let mut sorted = BTreeMap::new();
    for (given, application) in apps {
        let route = normal_route(&given).ok_or_else(|| BuildError::Route(given.clone()))?;
        let paths = paths(prefix, &route);
        if paths.iter().any(|path| taken.contains(path)) {
            return Err(BuildError::RouteTaken(given));
        }
        taken.extend(paths);
        sorted.insert(route, application);
    }
    for path in auth.map(|auth| auth.paths()).unwrap_or_default() {
        let whole = format!("{}{}", url_path(prefix), url_path(&path));
        if !path.starts_with('/') || path == "/" || taken.contains(&whole) {
            return Err(BuildError::AuthPath(path));
        }
    }
    Ok(sorted)
}

fn signed_cookies(settings: &Settings, are_needed: bool) -> Result<SignedCookies, RandomError> {
    let secret = match &settings.cookie_secret {
        Some(secret) => secret.clone(),
        None => {
            if are_needed {
                tracing::info!(
                    "users have to log in again after a restart; the setting cookie_secret, or --cookie-secret, mends that"
                );
            }
            Secret::generate()?
        }
    };
    let old = settings.old_cookie_secrets.iter().cloned();
    Ok(old.fold(SignedCookies::new(secret), SignedCookies::with_old_secret))
}

fn allow_list(settings: &Settings, port: u16) -> Result<AllowList, AllowListError> {
    match AllowList::from_env(&settings.allowed_ws_origin.join(",")) {
        Some(list) => Ok(list),
        None => AllowList::new(&settings.allow_websocket_origin, port),
    }
}

/// Unsigned unless it was said otherwise, as in Bokeh: its client makes ids of its own and knows no secret.
fn signing(settings: &Settings) -> Signing {
    let is_private = settings.unix_socket.is_some() || is_private(settings.address.as_deref());
    if settings.signing.is_none() && !is_private {
        tracing::info!(
            "others can reach the server, and sessions are not signed: whoever learns the id of a session can join it; \
             the setting signing, or --session-ids signed, mends that"
        );
    }
    settings.signing.clone().unwrap_or(Signing::Unsigned)
}

/// Whether only programs on the same machine reach the address.
fn is_private(address: Option<&str>) -> bool {
    address.is_some_and(|address| {
        address == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

fn lifetimes(settings: &Settings) -> Lifetimes {
    Lifetimes { unused: settings.unused_session_lifetime, lost: settings.lost_session_lifetime }
}

/// More pages than that at a time are refused without words.
const MAX_FAREWELLS: usize = 1000;
