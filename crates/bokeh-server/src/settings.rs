//! How a server behaves.

mod bokehjs;
mod compression;
mod configured;
mod icon;
mod passed;
mod validation;

use std::path::PathBuf;
use std::time::Duration;

use bokeh_embed::Bundle;
use bokeh_protocol::{Limits, Secret, Signing};

use crate::tls::TlsFiles;

pub use bokehjs::{BokehJs, JsLogLevel, PageScripts};
pub use compression::WebSocketCompression;
pub use icon::Icon;
pub use passed::Passed;
pub use validation::Validation;

/// How a server behaves. The defaults are Bokeh's where Bokeh has the setting.
///
/// ```
/// use bokeh_server::Settings;
///
/// let settings = Settings { port: 0, prefix: "/apps".to_owned(), ..Settings::default() };
/// assert_eq!(settings.address.as_deref(), Some("localhost"));
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// The host name or address to listen at; `None` is all of the machine's. The default is `localhost`.
    pub address: Option<String>,
    /// The port to listen at; 0 is any that is free. The default is 5006.
    pub port: u16,
    /// A Unix socket to listen at, instead of address and port. Only this user can connect to it. Pages of other origins are
    /// let in as [`allow_websocket_origin`](Self::allow_websocket_origin) says, and no others.
    pub unix_socket: Option<PathBuf>,
    /// The certificate of a server that speaks TLS, so that its pages begin with `https`.
    pub tls: Option<TlsFiles>,
    /// Whether trusted proxies may say who asks, in `X-Real-Ip` or `X-Forwarded-For`, and over what, in `X-Scheme` or
    /// `X-Forwarded-Proto`. The default is false.
    pub use_xheaders: bool,
    /// The proxies that are trusted then: addresses, networks like `10.0.0.0/8`, or `*` for everybody. None stands for
    /// this machine. Who comes over the Unix socket is always trusted.
    pub trusted_proxies: Vec<String>,
    /// What all paths begin with, such as `/apps`. Slashes at the ends do not matter.
    pub prefix: String,
    /// The hosts whose pages may open a WebSocket here, such as `example.com:8080` or `*.example.com`. Pages of this
    /// server always may when they are opened under the name that they were served under. None stands for
    /// `localhost:<port>`.
    pub allow_websocket_origin: Vec<String>,
    /// Takes the place of [`allow_websocket_origin`](Self::allow_websocket_origin) when it is not empty, as in Bokeh the variable
    /// `BOKEH_ALLOW_WS_ORIGIN` does. Without a port any is meant, not 80.
    pub allowed_ws_origin: Vec<String>,
    /// Whether and how sessions are signed. `None`, the default, leaves them unsigned, and says so at start unless the
    /// server only listens to the machine that it runs on.
    pub signing: Option<Signing>,
    /// How often each WebSocket is pinged, lest a proxy closes it; `None` is never. The default is 37 s.
    pub keep_alive: Option<Duration>,
    /// How often to look for sessions that are not used any more. The default is 17 s.
    pub check_unused_sessions: Duration,
    /// How long a session is kept after its last connection has said goodbye, or if there never was one. The default is
    /// 15 s.
    pub unused_session_lifetime: Duration,
    /// How long a session is kept after its last connection was lost without a word, so that the page can come back. The
    /// default is 10 minutes.
    pub lost_session_lifetime: Duration,
    /// For how long after it was made a page can open its session. The default is 5 minutes.
    pub session_token_expiration: Duration,
    /// What a peer may send in one message.
    pub message_limits: Limits,
    /// How messages are compressed. The default is `None`: they are not.
    pub websocket_compression: Option<WebSocketCompression>,
    /// The key with which cookies are signed that say who a user is. The default is `None`: one that is made up at each start.
    pub cookie_secret: Option<Secret>,
    /// Keys that were used before: cookies that were signed with them still count.
    pub old_cookie_secrets: Vec<Secret>,
    /// How many sessions there can be at a time, over all applications. The default is 10000.
    pub max_sessions: usize,
    /// How many sessions one application can have at a time. `None`, the default, is as many as the server.
    pub max_sessions_per_app: Option<usize>,
    /// How many WebSockets can be open at a time, over all applications. The default is 20000.
    pub max_connections: usize,
    /// How many WebSockets can be open at a time in one application. `None`, the default, is as many as on the server.
    pub max_connections_per_app: Option<usize>,
    /// How many connections one session can have at a time. The default is 100.
    pub max_connections_per_session: usize,
    /// How many requests for a WebSocket can wait for their session at a time, over all applications. The default is 1000.
    pub max_pending_handshakes: usize,
    /// How many requests for a WebSocket can wait in one application. `None`, the default, is as many as on the server.
    pub max_pending_handshakes_per_app: Option<usize>,
    /// How many connections of any kind, such as TCP, can be open at a time. The default is 40000. The system has a limit of
    /// its own: `ulimit -n`.
    pub max_sockets: usize,
    /// How long a peer may take to send the head of a request. The default is 30 s.
    pub request_head_timeout: Duration,
    /// Who may see what the server counts, at `/metrics`. The default is programs on the same machine.
    pub metrics: Exposure,
    /// How long the server still takes requests after it was told to end, while `/readyz` already says that it does, so that
    /// a load balancer can take note. New sessions are refused meanwhile. The default is none.
    pub drain_delay: Duration,
    /// How long the end may take: hooks, callbacks that still run, and goodbyes of peers. The default is 10 s.
    pub shutdown_timeout: Duration,
    /// How often the numbers of connections and sessions are logged, as details (`debug`); `None` is never. The default is
    /// 15 s.
    pub stats_log_frequency: Option<Duration>,
    /// How often the memory that the process has at hand is logged; `None`, the default, is never.
    pub mem_log_frequency: Option<Duration>,
    /// On how many threads user code runs: one of them that blocks keeps nobody waiting until so many do. The default
    /// is 64. Tasks that applications spawn run there, too.
    pub session_threads: usize,
    /// How many pieces of work run in the background at a time, each on a thread of its own, while the others wait. The
    /// default is 64.
    pub background_threads: usize,
    /// How long a callback may run before the log names it; `None` is for ever. The default is 1 s.
    pub slow_callback: Option<Duration>,
    /// Whether the page of an application that failed says why. The default is true in debug builds and false in others,
    /// since errors can tell visitors more than they should know.
    pub show_errors: bool,
    /// Whether new documents are checked, and what happens when something is wrong. The default is that the log says so.
    pub validation: Validation,
    /// Whether pages listen for [`Server::reload_pages`](crate::Server::reload_pages), and load again when another server
    /// takes the place of this one, and whether they show what a script has raised. For the time in which an application is
    /// written. The default is false.
    pub dev: bool,
    /// Whether the prefix itself shows a list of the applications. The default is true.
    pub index: bool,
    /// Whether the index leads straight to the application if there is only one. The default is true.
    pub redirect_root: bool,
    /// A file with a template of the list, in the language of Jinja. Its variables are `prefix` and `items`, the sorted routes; a link
    /// is `<a href="{{ prefix }}{{ item }}">`. The default is `None`: a simple list.
    pub index_template: Option<PathBuf>,
    /// The icon in the browser's tab.
    pub icon: Icon,
    /// The browser that [`RunningServer::show`](crate::RunningServer::show) opens pages in: a program, or a command in which `%s`
    /// stands for the page, or `none`. The default is `None`: that of the system.
    pub browser: Option<String>,
    /// Where BokehJS comes from.
    pub bokehjs: BokehJs,
    /// Where pages get BokehJS from.
    pub page_scripts: PageScripts,
    /// Whether pages load scripts that are as short as can be, or those that people can read. The default is true.
    pub minified: bool,
    /// The version of BokehJS that pages get from Bokeh's public host. The default is `None`:
    /// [`BOKEHJS_VERSION`](crate::BOKEHJS_VERSION), which is the one that fits.
    pub cdn_version: Option<String>,
    /// How much BokehJS writes to the browser's console. The default is `info`.
    pub js_log_level: JsLogLevel,
    /// Whether BokehJS runs in the mode for its own developers, which checks more. The default is false.
    pub js_dev: bool,
    /// Which parts of BokehJS pages load, beside the first. The default is all of them, which is always right: what its document
    /// does not need at first a page loads when it has drawn it. Without those that no document ever needs browsers load less:
    /// [`Bundle::MathJax`] alone is half of the bytes. What a page has not loaded it cannot draw.
    pub bundles: Vec<Bundle>,
    /// Which headers of a page's request its session sees.
    pub headers: Passed,
    /// Which cookies of a page's request its session sees.
    pub cookies: Passed,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            address: Some("localhost".to_owned()),
            port: 5006,
            unix_socket: None,
            tls: None,
            use_xheaders: false,
            trusted_proxies: Vec::new(),
            prefix: String::new(),
            allow_websocket_origin: Vec::new(),
            allowed_ws_origin: Vec::new(),
            signing: None,
            keep_alive: Some(Duration::from_secs(37)),
            check_unused_sessions: Duration::from_secs(17),
            unused_session_lifetime: Duration::from_secs(15),
            lost_session_lifetime: Duration::from_secs(600),
            session_token_expiration: Duration::from_secs(300),
            message_limits: Limits::default(),
            websocket_compression: None,
            cookie_secret: None,
            old_cookie_secrets: Vec::new(),
            max_sessions: 10_000,
            max_sessions_per_app: None,
            max_connections: 20_000,
            max_connections_per_app: None,
            max_connections_per_session: 100,
            max_pending_handshakes: 1000,
            max_pending_handshakes_per_app: None,
            max_sockets: 40_000,
            request_head_timeout: Duration::from_secs(30),
            metrics: Exposure::default(),
            drain_delay: Duration::ZERO,
            shutdown_timeout: Duration::from_secs(10),
            stats_log_frequency: Some(Duration::from_secs(15)),
            mem_log_frequency: None,
            session_threads: 64,
            background_threads: 64,
            slow_callback: Some(Duration::from_secs(1)),
            show_errors: cfg!(debug_assertions),
            validation: Validation::default(),
            dev: false,
            index: true,
            redirect_root: true,
            index_template: None,
            icon: Icon::default(),
            browser: None,
            bokehjs: BokehJs::default(),
            page_scripts: PageScripts::default(),
            minified: true,
            cdn_version: None,
            js_log_level: JsLogLevel::default(),
            js_dev: false,
            bundles: Bundle::ALL.to_vec(),
            headers: Passed::default(),
            cookies: Passed::default(),
        }
    }
}

impl Settings {
    /// The prefix as it stands before every path: empty, or with a slash at the beginning only.
    pub(crate) fn path_prefix(&self) -> String {
        match self.prefix.trim_matches('/') {
            "" => String::new(),
            prefix => format!("/{prefix}"),
        }
    }
}

/// Who may see what a server counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exposure {
    /// Nobody.
    Nobody,
    /// Programs on the same machine. What a proxy there passes on for others is refused, as far as its headers tell.
    #[default]
    Local,
    /// Everybody who reaches the server.
    Everybody,
}
