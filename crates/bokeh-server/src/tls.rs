//! Connections that nobody listens in on.

mod key;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use std::{fmt, fs, io};

use parking_lot::Mutex;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};

use key::private_key;

/// The files of a certificate, in PEM.
///
/// They are read again when they change, so a renewed certificate needs no restart.
///
/// ```
/// use bokeh_server::{Settings, TlsFiles};
///
/// let settings = Settings { tls: Some(TlsFiles::new("cert.pem").key("key.pem")), ..Settings::default() };
/// # let _ = settings;
/// ```
#[derive(Clone)]
pub struct TlsFiles {
    certificates: PathBuf,
    key: Option<PathBuf>,
    password: Option<String>,
}

impl TlsFiles {
    /// A file with the server's certificate, those between it and the authority, and also its key unless that is
    /// [elsewhere](Self::key).
    pub fn new(certificates: impl Into<PathBuf>) -> Self {
        Self { certificates: certificates.into(), key: None, password: None }
    }

    /// A file with the key.
    #[must_use]
    pub fn key(mut self, key: impl Into<PathBuf>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// The password that the key is encrypted with (PKCS #8).
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    fn key_path(&self) -> &Path {
        self.key.as_deref().unwrap_or(&self.certificates)
    }
}

impl fmt::Debug for TlsFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsFiles")
            .field("certificates", &self.certificates)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file is not there, or this user may not read it.
    #[error("cannot read {}", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    /// A file is not PEM.
    #[error("{} is not PEM", .0.display())]
    Pem(PathBuf, #[source] pem::Error),
    /// There is no certificate in the file.
    #[error("there is no certificate in {}", .0.display())]
    NoCertificate(PathBuf),
    /// There is no key in the file.
    #[error("there is no private key in {}; --ssl-keyfile names the file that has it", .0.display())]
    NoKey(PathBuf),
    /// The key is encrypted.
    #[error("the key in {} needs a password; BOKEH_SSL_PASSWORD or --ssl-password gives it", .0.display())]
    NoPassword(PathBuf),
    /// The key is encrypted otherwise than in PKCS #8.
    #[error("the key in {} is encrypted in an old way; `openssl pkcs8 -topk8 -v2 aes256` makes a new one of it", .0.display())]
    OldEncryption(PathBuf),
    /// The key is encrypted in a way that is not known.
    #[error(
        "the encryption of the key in {path} is not known ({why}); `openssl pkcs8 -topk8 -v2 aes256` makes a new one of it",
        path = .0.display(),
        why = .1
    )]
    Encryption(PathBuf, String),
    /// The password does not open the key.
    #[error("the password does not fit the key in {}", .0.display())]
    WrongPassword(PathBuf),
    /// Certificate and key do not go together, or are of a kind that is not known.
    #[error("the certificate in {} and its key cannot be used", .0.display())]
    Unusable(PathBuf, #[source] tokio_rustls::rustls::Error),
}

/// The certificate that connections are shown: always that of the files.
#[derive(Debug)]
pub(crate) struct Tls {
    files: TlsFiles,
    current: Mutex<Current>,
}

#[derive(Debug)]
struct Current {
    config: Arc<ServerConfig>,
    /// What the files looked like when they were read last, with or without success.
    stamps: Stamps,
}

impl Tls {
    /// Reads the files.
    pub(crate) fn read(files: TlsFiles) -> Result<Self, TlsError> {
        let stamps = stamps(&files);
        let current = Current { config: config(&files)?, stamps };
        Ok(Self { files, current: Mutex::new(current) })
    }

    /// How to greet the next connection. Files that have changed are read first; if they are no good, the last ones that
    /// were stay in use.
    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        let stamps = stamps(&self.files);
        let mut current = self.current.lock();
        if current.stamps != stamps {
            current.stamps = stamps;
            match config(&self.files) {
                Ok(config) => {
                    current.config = config;
                    tracing::info!("the certificate in {} has been read again", self.files.certificates.display());
                }
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "a changed certificate cannot be used; the last one stays in use");
                }
            }
        }
        current.config.clone()
    }
}

fn config(files: &TlsFiles) -> Result<Arc<ServerConfig>, TlsError> {
    let path = &files.certificates;
    let read = |path: &Path| fs::read(path).map_err(|error| TlsError::Unreadable(path.to_owned(), error));
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(path)?).collect();
    let certificates = certificates.map_err(|error| TlsError::Pem(path.clone(), error))?;
    if certificates.is_empty() {
        return Err(TlsError::NoCertificate(path.clone()));
    }
    let key_path = files.key_path();
    let key = private_key(&read(key_path)?, key_path, files.password.as_deref())?;
    let unusable = |error| TlsError::Unusable(path.clone(), error);
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(unusable)?;
    // Browsers get files over HTTP/2, and open WebSockets over HTTP/1.1 beside it.
    config.alpn_protocols = vec![HTTP_2.to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

type Stamps = [Option<(SystemTime, u64)>; 2];

/// Tells whether files are still the same.
fn stamps(files: &TlsFiles) -> Stamps {
    [&files.certificates, files.key_path()].map(|path| {
        let metadata = fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    })
}

/// What a connection is called that speaks HTTP/2.
pub(crate) const HTTP_2: &[u8] = b"h2";
