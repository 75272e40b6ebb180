//! A server that listens.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::ops::Deref;

use bokeh_embed::BOKEHJS_VERSION;
use tokio::task::JoinSet;
use tokio_util::sync::DropGuard;

use crate::browser::{ShowError, open_in_browser};
use crate::hosted::url_path;
use crate::listener::Listener;
use crate::not_found::NotFound;
use crate::operations::PATHS;
use crate::server::Server;
use crate::serving::listen;
use crate::statistics;

/// A server that listens. Dropping it stops it without waiting; [`stop`](Self::stop) waits.
///
/// ```
/// use bokeh_document::Document;
/// use bokeh_server::Server;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), bokeh_server::StartError> {
/// let server = Server::builder().port(0).app("/hello", |_: &mut Document| {}).start().await?;
/// assert_eq!(server.url("/hello"), format!("http://localhost:{}/hello", server.port()));
/// server.stop().await;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct RunningServer {
    server: Server,
    addresses: Vec<SocketAddr>,
    port: u16,
    /// What accepts connections, and what logs numbers.
    tasks: JoinSet<()>,
    _stop_on_drop: DropGuard,
}

impl RunningServer {
    pub(crate) async fn start(server: Server, listeners: Vec<Listener>, port: u16) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        tracing::info!("Starting Bokeh server version {BOKEHJS_VERSION} (running on bokeh-rs {version})");
        server.load().await;
        let not_found = NotFound::new(server.prefix(), server.has_index());
        let others = server.operations_router().fallback(async move || not_found);
        let router = server.router().fallback_service(others);
        let addresses = listeners.iter().filter_map(|listener| listener.address().ok().flatten()).collect();
        let mut tasks: JoinSet<()> =
            listeners.into_iter().map(|listener| listen(listener, router.clone(), server.common().clone())).collect();
        tasks.spawn(statistics::log(server.operations()));
        let stop = server.common().stop.clone().drop_guard();
        let this = Self { server, addresses, port, tasks, _stop_on_drop: stop };
        for route in this.server.routes() {
            tracing::info!("Bokeh app running at: {}", this.url(route));
        }
        if this.server.routes().count() > 1 && this.server.has_index() {
            tracing::info!("All applications are listed at: {}/", this.url(""));
        }
        for path in
            PATHS.iter().filter(|path| this.server.prefix().is_empty() && this.server.routes().any(|r| r == **path))
        {
            tracing::warn!("an application takes the place of {path}");
        }
        tracing::info!("Starting Bokeh server with process id: {}", std::process::id());
        this
    }

    /// The port that it listens at.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The host name or address that it was told to listen at; `None` is all of the machine's.
    pub fn address(&self) -> Option<&str> {
        self.server.common().settings.address.as_deref()
    }

    /// The addresses that it listens at: `localhost` alone can mean two.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// The address of a route, for a browser on this machine. Browsers do not know Unix sockets; other programs do.
    pub fn url(&self, route: &str) -> String {
        let settings = &self.server.common().settings;
        let path = format!("{}{}", url_path(self.prefix()), url_path(route));
        if let Some(socket) = &settings.unix_socket {
            return format!("http+unix://{}{path}", url_path(&socket.to_string_lossy()).replace('/', "%2F"));
        }
        let host = match self.address() {
            None | Some("0.0.0.0" | "::") => "localhost".to_owned(),
            Some(address) if address.contains(':') => format!("[{address}]"),
            Some(address) => address.to_owned(),
        };
        let scheme = if settings.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{host}:{}{path}", self.port)
    }

    /// Opens the page of an application in the user's browser.
    ///
    /// # Errors
    /// When no application is at the route, or no browser starts.
    pub fn show(&self, route: &str) -> Result<(), ShowError> {
        if self.sessions(route).is_none() {
            return Err(ShowError::NoApplication(route.to_owned()));
        }
        let url = self.url(route);
        open_in_browser(&url, self.server.common().settings.browser.as_deref())
            .map_err(|source| ShowError::Browser { url, source })
    }

    /// Stops: no new connections, all sessions end, their connections are closed, and hooks run. Pages are told that the
    /// service restarts, so they try to come back. What does not come to an end within
    /// [`Settings::shutdown_timeout`](crate::Settings::shutdown_timeout) is left behind.
    pub async fn stop(mut self) {
        let (server, tasks) = (&self.server, &mut self.tasks);
        let ended = async {
            server.shut_down().await;
            while tasks.join_next().await.is_some() {}
        };
        let patience = self.server.common().settings.shutdown_timeout;
        if tokio::time::timeout(patience, ended).await.is_err() {
            tracing::warn!("some connections or callbacks did not end in time");
        }
    }

    /// Serves until the user or the system wants it to end (SIGINT or SIGTERM), [drains](Server::drain) for
    /// [`Settings::drain_delay`](crate::Settings::drain_delay) or until another signal comes, then [stops](Self::stop).
    ///
    /// # Errors
    /// When the system does not pass signals on. The server is stopped then, too.
    pub async fn run_until_shutdown(self) -> Result<(), ShutdownSignalError> {
        match ShutdownSignals::listen() {
            Ok(signals) => {
                self.run_until_signal(signals).await;
                Ok(())
            }
            Err(error) => {
                self.stop().await;
                Err(error)
            }
        }
    }

    /// Like [`run_until_shutdown`](Self::run_until_shutdown), with signals that are listened to already: none is missed that comes
    /// as soon as the server is up.
    pub async fn run_until_signal(self, mut signals: ShutdownSignals) {
        let signal = signals.next().await;
        tracing::info!("Received signal {signal}, shutting down");
        self.drain();
        tokio::select! {
            () = tokio::time::sleep(self.server.common().settings.drain_delay) => {}
            _ = signals.next() => {}
        }
        self.stop().await;
    }

    /// Serves until `signal` comes, then [stops](Self::stop).
    pub async fn run_until(self, signal: impl Future<Output = ()>) {
        signal.await;
        self.stop().await;
    }
}

impl Deref for RunningServer {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

/// The system does not tell when to stop.
#[derive(Debug, thiserror::Error)]
#[error("cannot wait for the signals that end a server")]
pub struct ShutdownSignalError(#[source] io::Error);

/// What users and the system send to end a server: SIGINT and SIGTERM. They no longer end the process by themselves.
#[cfg(unix)]
#[derive(Debug)]
pub struct ShutdownSignals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl ShutdownSignals {
    /// Listens from now on. Needs a tokio runtime.
    ///
    /// # Errors
    /// When the system does not pass signals on.
    pub fn listen() -> Result<Self, ShutdownSignalError> {
        use tokio::signal::unix::{SignalKind, signal};

        let listen = |kind| signal(kind).map_err(ShutdownSignalError);
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    /// The name of the next one.
    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}

/// What users send to end a server: Ctrl-C. It no longer ends the process by itself.
#[cfg(windows)]
#[derive(Debug)]
pub struct ShutdownSignals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl ShutdownSignals {
    /// Listens from now on. Needs a tokio runtime.
    ///
    /// # Errors
    /// When the system does not pass signals on.
    pub fn listen() -> Result<Self, ShutdownSignalError> {
        tokio::signal::windows::ctrl_c().map(Self).map_err(ShutdownSignalError)
    }

    /// The name of the next one.
    pub async fn next(&mut self) -> &'static str {
        self.0.recv().await;
        "SIGINT"
    }
}
