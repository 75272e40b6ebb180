//! Listening.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use tokio::net::{TcpListener, lookup_host};

use crate::listener::Listener;
#[cfg(unix)]
use crate::listener::SocketFile;

/// Listens at all addresses of a host name, or of the machine. With port 0 they share one port that is free.
pub(crate) async fn bind(address: Option<&str>, port: u16) -> Result<Vec<TcpListener>, BindError> {
    let Some(address) = address else {
        // The first includes IPv4 where the machine has IPv6 at all.
        let all = [SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)), SocketAddr::from((Ipv4Addr::UNSPECIFIED, port))];
        let listener = TcpListener::bind(&all[..]).await.map_err(|error| why(error, "any", port))?;
        return Ok(vec![listener]);
    };
    let candidates = lookup_host((address, port)).await.map_err(|error| why(error, address, port))?;
    let mut listeners: Vec<TcpListener> = Vec::new();
    let mut failure = None;
    for mut candidate in candidates {
        if let Some(first) = listeners.first() {
            candidate.set_port(first.local_addr().map_or(port, |first| first.port()));
        }
        match TcpListener::bind(candidate).await {
            Ok(listener) => listeners.push(listener),
            // `localhost` stands for IPv6 as well, which a container may lack.
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => failure = Some(error),
            Err(error) => return Err(why(error, address, port)),
        }
    }
    if listeners.is_empty() {
        let error = failure.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into());
        return Err(why(error, address, port));
    }
    Ok(listeners)
}

/// Listens at a Unix socket that only this user can connect to. One that nobody listens at any more is replaced.
#[cfg(unix)]
pub(crate) fn bind_unix(path: &Path) -> Result<Listener, BindError> {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    use std::{fs, os::unix::net::UnixStream};

    let failure = |source| BindError::UnixSocket { path: path.to_owned(), source };
    if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket()) {
        if UnixStream::connect(path).is_ok() {
            return Err(BindError::SocketInUse { path: path.to_owned() });
        }
        fs::remove_file(path).map_err(failure)?;
    }
    let listener = tokio::net::UnixListener::bind(path).map_err(failure)?;
    let _file = SocketFile::new(path);
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(failure)?;
    Ok(Listener::Unix { listener, _file })
}

/// There are none here.
#[cfg(not(unix))]
pub(crate) fn bind_unix(path: &Path) -> Result<Listener, BindError> {
    Err(BindError::UnixSocket { path: path.to_owned(), source: io::ErrorKind::Unsupported.into() })
}

/// Why a server cannot listen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// Somebody else listens there.
    #[error("Cannot start Bokeh server, port {port} is already in use; choose another one, or 0 for any that is free")]
    PortInUse {
        /// The port.
        port: u16,
    },
    /// Somebody else listens at the Unix socket.
    #[error("Cannot start Bokeh server, somebody listens at {} already; choose another path", path.display())]
    SocketInUse {
        /// The path.
        path: PathBuf,
    },
    /// The Unix socket cannot be had.
    #[error("Cannot start Bokeh server, there can be no Unix socket at {}", path.display())]
    UnixSocket {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The machine has no such address.
    #[error("Cannot start Bokeh server, address '{address}' not available")]
    NotAvailable {
        /// The address.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// The port is below 1024, most likely.
    #[error("Cannot start Bokeh server, this user may not listen at port {port}; ports from 1024 are open to all")]
    NotPermitted {
        /// The port.
        port: u16,
    },
}

fn why(source: io::Error, address: &str, port: u16) -> BindError {
    match source.kind() {
        io::ErrorKind::AddrInUse => BindError::PortInUse { port },
        io::ErrorKind::PermissionDenied => BindError::NotPermitted { port },
        _ => BindError::NotAvailable { address: address.to_owned(), source },
    }
}
