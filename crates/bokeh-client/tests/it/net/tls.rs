//! Encrypted connections.

use std::error::Error;
use std::sync::Arc;

use bokeh_client::{ClientSession, ConnectError, ConnectOptions, TlsError, TlsRoots};
use bokeh_protocol::Message;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::connect;
use super::server::{FakeServer, Peer};

#[tokio::test]
async fn a_server_with_a_trusted_certificate_is_talked_to() {
    let server = Encrypted::bind().await;
    let roots = TlsRoots::Pem(server.certificate.clone());
    let serving = async {
        let mut peer = server.accept().await;
        peer.send(&Message::ack("s1")).await;
        peer.give_slider(4).await;
        peer
    };
    let pulling = async {
        let session = connect(server.options(roots)).await.unwrap();
        session.pull().await.unwrap();
        session
    };
    let (session, _peer) = tokio::join!(pulling, serving);
    assert!(session.url().as_str().starts_with("https:"));
    session.wait_until(|doc| doc.model_by_wire_id("p1").is_some()).await.unwrap();
}

#[tokio::test]
async fn a_server_with_another_certificate_is_not() {
    let other = Encrypted::bind().await.certificate;
    for roots in [TlsRoots::Pem(other), TlsRoots::System] {
        let server = Encrypted::bind().await;
        let (result, ()) = tokio::join!(connect(server.options(roots.clone())), server.refuse());
        match tls_error(result) {
            TlsError::Handshake(source) => assert!(source.to_string().contains("certificate"), "{source}"),
            // There may be a system without any certificates.
            TlsError::NoRoots if roots == TlsRoots::System => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn certificates_that_are_none_are_named() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (pem, expected) in [
        ("", "the system has no trusted certificates; give some, or use those that are bundled"),
        (broken, "a trusted certificate cannot be read: "),
    ] {
        let server = Encrypted::bind().await;
        let error = tls_error(connect(server.options(TlsRoots::Pem(pem.to_owned()))).await);
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}

#[tokio::test]
async fn a_server_without_encryption_is_noticed() {
    let server = FakeServer::bind().await;
    let options = ConnectOptions::new(server.url().replace("http:", "https:"));
    let roots = TlsRoots::Pem(Encrypted::bind().await.certificate);
    let serving = async { drop(server.stream().await) };
    let (result, ()) = tokio::join!(connect(ConnectOptions { tls_roots: roots, ..options }), serving);
    let error = result.unwrap_err();
    assert!(error.to_string().starts_with("no encrypted connection to wss://127.0.0.1:"), "{error}");
    assert!(error.source().is_some());
}

/// A server with a certificate of its own for 127.0.0.1.
struct Encrypted {
    server: FakeServer,
    acceptor: TlsAcceptor,
    certificate: String,
}

impl Encrypted {
    async fn bind() -> Self {
        let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Self { server: FakeServer::bind().await, acceptor, certificate: own.cert.pem() }
    }

    fn options(&self, tls_roots: TlsRoots) -> ConnectOptions {
        ConnectOptions { tls_roots, ..ConnectOptions::new(self.server.url().replace("http:", "https:")) }
    }

    async fn accept(&self) -> Peer<tokio_rustls::server::TlsStream<tokio::net::TcpStream>> {
        Peer::new(self.acceptor.accept(self.server.stream().await).await.unwrap()).await
    }

    /// Is not trusted.
    async fn refuse(&self) {
        assert!(self.acceptor.accept(self.server.stream().await).await.is_err());
    }
}

fn tls_error(result: Result<ClientSession, ConnectError>) -> TlsError {
    match result {
        Err(ConnectError::Tls { source, .. }) => source,
        other => panic!("{other:?}"),
    }
}
