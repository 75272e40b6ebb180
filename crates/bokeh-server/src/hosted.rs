//! One application on a server.

use std::sync::Arc;

use bokeh_embed::Resources;
use bokeh_protocol::{AllowList, Signing};
use bytes::Bytes;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::assets::{Assets, Shelf};
use crate::dev::Dev;
use crate::gate::Gate;
use crate::metrics::Metric;
use crate::quota::Quota;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::socket::Compressor;
use crate::tls::Tls;
use crate::trusted::TrustedProxies;

/// An application with its sessions and what it shares with the others of its server.
pub(crate) struct Hosted {
    /// The address below the prefix: empty for the application at `/`, else like `/sliders`.
    pub(crate) route: String,
    pub(crate) sessions: Sessions,
    /// One permit for each WebSocket that is open.
    pub(crate) connections: Quota,
    /// One permit for each that is asked for and not yet open.
    pub(crate) handshakes: Quota,
    pub(crate) common: Arc<Common>,
}

/// What all applications of a server share.
pub(crate) struct Common {
    pub(crate) settings: Settings,
    /// Empty, or like `/apps`.
    pub(crate) prefix: String,
    pub(crate) signing: Signing,
    pub(crate) allow_list: AllowList,
    /// Whether the server listens by itself, and only programs on this machine can connect.
    pub(crate) is_local: bool,
    pub(crate) resources: Resources,
    pub(crate) assets: Assets,
    /// Files of applications, compressed.
    pub(crate) shelf: Shelf,
    /// What browsers show in the tab. None if nothing.
    pub(crate) icon: Option<Bytes>,
    /// Who may see the applications. None if everybody may.
    pub(crate) gate: Option<Arc<Gate>>,
    /// What pages are told while applications are written. None at other times.
    pub(crate) dev: Option<Arc<Dev>>,
    /// One permit for each page that is being told that its session has ended.
    pub(crate) farewells: Arc<Semaphore>,
    /// One permit for each connection that is open, such as TCP.
    pub(crate) sockets: Arc<Semaphore>,
    /// Compresses what WebSockets send. None if they do not.
    pub(crate) compressor: Option<Arc<Compressor>>,
    /// Every task that serves a connection.
    pub(crate) connections: TaskTracker,
    /// The certificate. None without TLS.
    pub(crate) tls: Option<Tls>,
    /// The proxies whose word counts. None if nobody's does.
    pub(crate) trusted_proxies: Option<TrustedProxies>,
    /// What the program counts beside.
    pub(crate) metrics: Vec<MetricsSource>,
    /// Says that no more sessions are made, since the end is near.
    pub(crate) draining: CancellationToken,
    /// Tells them to come to an end.
    pub(crate) stop: CancellationToken,
}

/// Tells what a program counts beside the server.
pub(crate) type MetricsSource = Box<dyn Fn() -> Vec<Metric> + Send + Sync>;

impl Hosted {
    /// The address as it stands in a link, without the prefix.
    pub(crate) fn url_path(&self) -> String {
        url_path(&self.route)
    }
}

/// A route as it stands in a URL: a browser asks for `/my%20app`, not for `/my app`.
pub(crate) fn url_path(route: &str) -> String {
    utf8_percent_encode(route, PATH).to_string()
}

/// What the URL standard escapes in paths, and the percent sign, which stands for itself in a route.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_become_paths_that_browsers_ask_for() {
        for (route, expected) in [
            ("/my.app.v2", "/my.app.v2"),
            ("/with space", "/with%20space"),
            ("/Ünï", "/%C3%9Cn%C3%AF"),
            ("/{*all}", "/%7B*all%7D"),
            ("/100%", "/100%25"),
        ] {
            assert_eq!(url_path(route), expected);
        }
    }
}
