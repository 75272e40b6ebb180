//! Encrypted connections, to `https:` addresses.

use tokio::net::TcpStream;
use tokio_tungstenite::MaybeTlsStream;

use crate::{ConnectError, ConnectOptions};

/// Which certificates a server must descend from, when its address begins with `https:`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsRoots {
    /// Those that the system trusts.
    #[default]
    System,
    /// Those that browsers trust, as they were when this program was built.
    #[cfg(feature = "webpki-roots")]
    Bundled,
    /// These, in PEM, and no others: for a server with a certificate of one's own.
    Pem(String),
}

/// Why a connection is not encrypted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// This build cannot do TLS.
    #[error("TLS is not built in; enable the feature 'tls'")]
    NotBuiltIn,
    /// No trusted certificates were found.
    #[error("the system has no trusted certificates; give some, or use those that are bundled")]
    NoRoots,
    /// A certificate cannot be read.
    #[error("a trusted certificate cannot be read: {0}")]
    Certificate(String),
    /// No certificate can be for such a host.
    #[error("{0:?} is not the name of a host")]
    Host(String),
    /// The server's certificate is not trusted, or it does not speak TLS.
    #[error(transparent)]
    Handshake(std::io::Error),
}

/// Encrypts a connection to `host`.
pub(crate) async fn secure(
    stream: TcpStream,
    host: &str,
    options: &ConnectOptions,
    url: &str,
) -> Result<MaybeTlsStream<TcpStream>, ConnectError> {
    imp::secure(stream, host, &options.tls_roots)
        .await
        .map_err(|source| ConnectError::Tls { url: url.to_owned(), source })
}

#[cfg(not(feature = "tls"))]
mod imp {
    use super::{MaybeTlsStream, TcpStream, TlsError, TlsRoots};

    #[expect(clippy::unused_async, reason = "the real one waits")]
    pub(super) async fn secure(_: TcpStream, _: &str, _: &TlsRoots) -> Result<MaybeTlsStream<TcpStream>, TlsError> {
        Err(TlsError::NotBuiltIn)
    }
}

#[cfg(feature = "tls")]
mod imp {
    use std::sync::Arc;

    use tokio_rustls::TlsConnector;
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::pem::PemObject;
    use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
    use tokio_rustls::rustls::{ClientConfig, RootCertStore};

    use super::{MaybeTlsStream, TcpStream, TlsError, TlsRoots};

    pub(super) async fn secure(
        stream: TcpStream,
        host: &str,
        roots: &TlsRoots,
    ) -> Result<MaybeTlsStream<TcpStream>, TlsError> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_invalid| TlsError::Host(host.to_owned()))?;
        let unreadable = |error: &dyn std::error::Error| TlsError::Certificate(error.to_string());
        // The provider is named, as programs may have others for other purposes.
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| unreadable(&error))?
            .with_root_certificates(store(roots)?)
            .with_no_client_auth();
        let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
        connected.map(MaybeTlsStream::Rustls).map_err(TlsError::Handshake)
    }

    fn store(roots: &TlsRoots) -> Result<RootCertStore, TlsError> {
        let mut store = RootCertStore::empty();
        match roots {
            TlsRoots::System => {
                // Systems have certificates that cannot be read; the others count.
                store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
            #[cfg(feature = "webpki-roots")]
            TlsRoots::Bundled => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            TlsRoots::Pem(pem) => {
                for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                    let certificate = certificate.map_err(|error| TlsError::Certificate(error.to_string()))?;
                    store.add(certificate).map_err(|error| TlsError::Certificate(error.to_string()))?;
                }
            }
        }
        if store.is_empty() { Err(TlsError::NoRoots) } else { Ok(store) }
    }
}
