//! Who signs the certificate of `example.com`, and who trusts them.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, PublicKeyData};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// An authority that nobody knows but this test, and what it has signed.
pub(crate) struct Authority {
    root: CertificateDer<'static>,
    /// In PEM.
    pub(crate) certificate: String,
    /// In PEM.
    pub(crate) key: String,
    spki: Vec<u8>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([HOST.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap();
        Self {
            root: issuer.der().clone(),
            certificate: certificate.pem(),
            key: key.serialize_pem(),
            spki: key.subject_public_key_info(),
        }
    }

    /// What makes Chromium take this certificate, and no other that it does not know.
    pub(crate) fn switches(&self) -> [String; 2] {
        let key = BASE64_STANDARD.encode(Sha256::digest(&self.spki));
        [format!("--ignore-certificate-errors-spki-list={key}"), format!("--host-resolver-rules=MAP {HOST} 127.0.0.1")]
    }

    /// A client that trusts this authority alone, and speaks HTTP in this version.
    pub(crate) fn connector(&self, version: &[u8]) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.clone()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![version.to_vec()];
        TlsConnector::from(Arc::new(config))
    }
}

/// The host in the book's configuration.
pub(crate) const HOST: &str = "example.com";
