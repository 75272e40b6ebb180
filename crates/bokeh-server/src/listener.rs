//! Accepting connections.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

/// Where connections come in.
#[derive(Debug)]
pub(crate) enum Listener {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix {
        listener: UnixListener,
        /// Removed at the end.
        _file: SocketFile,
    },
}

/// A connection.
#[derive(Debug)]
pub(crate) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

/// The file of a Unix socket, until it is dropped.
#[derive(Debug)]
pub(crate) struct SocketFile(PathBuf);

impl Listener {
    /// Waits for a connection. Tells where it comes from, if that has an address.
    pub(crate) async fn accept(&self) -> io::Result<(Stream, Option<SocketAddr>)> {
        Ok(match self {
            Self::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                (Stream::Tcp(stream), Some(peer))
            }
            #[cfg(unix)]
            Self::Unix { listener, .. } => (Stream::Unix(listener.accept().await?.0), None),
        })
    }

    /// The address that it listens at, if it is one of TCP.
    pub(crate) fn address(&self) -> io::Result<Option<SocketAddr>> {
        match self {
            Self::Tcp(listener) => listener.local_addr().map(Some),
            #[cfg(unix)]
            Self::Unix { .. } => Ok(None),
        }
    }
}

impl Stream {
    /// Tells a peer that there are too many, without keeping anything for it.
    pub(crate) fn refuse(self) {
        // Whoever does not take these few bytes at once sees that the connection is closed.
        match self {
            Self::Tcp(stream) => stream.into_std().and_then(|mut stream| stream.write_all(TOO_MANY)).ok(),
            #[cfg(unix)]
            Self::Unix(stream) => stream.into_std().and_then(|mut stream| stream.write_all(TOO_MANY)).ok(),
        };
    }
}

impl SocketFile {
    pub(crate) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Whoever starts next removes it otherwise.
        std::fs::remove_file(&self.0).ok();
    }
}

/// Whether the peer was gone before it was accepted, which is nobody's problem.
pub(crate) fn is_the_peers(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset
    )
}

const TOO_MANY: &[u8] =
    b"HTTP/1.1 503 Too many connections\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
