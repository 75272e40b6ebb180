//! Who asks, and over what.

use std::net::IpAddr;

/// Who sends a request, and over what.
///
/// A server that listens by itself knows it. Where the [router](crate::Server::router) is part of an application of yours, it
/// takes the address from [`ConnectInfo`](axum::extract::ConnectInfo), and the connection for one without TLS. An
/// application that knows better says so among the extensions of the request:
///
/// ```
/// use std::net::SocketAddr;
///
/// use axum::Router;
/// use axum::extract::{ConnectInfo, Request};
/// use axum::middleware::{Next, from_fn};
/// use bokeh_document::Document;
/// use bokeh_server::{Peer, Server};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), bokeh_server::BuildError> {
/// let bokeh = Server::builder().app("/sliders", |_: &mut Document| {}).build()?;
/// let over_tls = from_fn(|ConnectInfo(address): ConnectInfo<SocketAddr>, mut request: Request, next: Next| {
///     request.extensions_mut().insert(Peer::new(Some(address.ip()), true));
///     next.run(request)
/// });
/// let mine: Router = Router::new().nest("/plots", bokeh.router()).layer(over_tls);
/// # let _ = mine; Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    pub(crate) ip: Option<IpAddr>,
    pub(crate) is_secure: bool,
    pub(crate) is_from_trusted_proxy: bool,
}

impl Peer {
    /// A peer with this address, or none over a Unix socket, which counts as a proxy on this machine. `is_secure` says whether
    /// the browser's address begins with `https`.
    pub fn new(ip: Option<IpAddr>, is_secure: bool) -> Self {
        Self { ip: ip.map(|ip| ip.to_canonical()), is_secure, is_from_trusted_proxy: false }
    }

    /// Whether it is on this machine.
    pub(crate) fn is_local(&self) -> bool {
        self.ip.is_none_or(|ip| ip.is_loopback())
    }

    /// The scheme of the URL that was asked for.
    pub(crate) fn protocol(&self) -> &'static str {
        if self.is_secure { "https" } else { "http" }
    }
}
