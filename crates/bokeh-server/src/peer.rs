//! Who asks, and over what.

use std::net::{IpAddr, SocketAddr};

/// Where a request comes from, among the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peer {
    /// None over a Unix socket.
    pub(crate) ip: Option<IpAddr>,
    /// Whether it came over TLS, here or at the proxy.
    pub(crate) is_secure: bool,
}

impl Peer {
    pub(crate) fn new(address: Option<SocketAddr>, is_secure: bool) -> Self {
        Self { ip: address.map(|address| address.ip().to_canonical()), is_secure }
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
