use std::path::Path;

use pkcs8::EncryptedPrivateKeyInfo;
use pkcs8::der::pem::PemLabel;
use pkcs8::der::{Decode, SecretDocument};
use pkcs8::pkcs5::Error;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::TlsError;

/// The key in a PEM file, which may also hold other things.
pub(super) fn private_key(
    bytes: &[u8],
    path: &Path,
    password: Option<&str>,
) -> Result<PrivateKeyDer<'static>, TlsError> {
    if let Some(encrypted) = encrypted(bytes) {
        let password = password.ok_or_else(|| TlsError::NoPassword(path.to_owned()))?;
        return decrypt(encrypted, password).map_err(|error| match error {
            // A wrong password shows in padding that is none, or in a key that is none.
            pkcs8::Error::Asn1(_) | pkcs8::Error::EncryptedPrivateKey(Error::EncryptFailed | Error::DecryptFailed) => {
                TlsError::WrongPassword(path.to_owned())
            }
            error => TlsError::Encryption(path.to_owned(), error.to_string()),
        });
    }
    // What OpenSSL made before version 1.
    if bytes.windows(OLD_ENCRYPTION.len()).any(|window| window == OLD_ENCRYPTION) {
        return Err(TlsError::OldEncryption(path.to_owned()));
    }
    PrivateKeyDer::from_pem_slice(bytes).map_err(|error| match error {
        pem::Error::NoItemsFound => TlsError::NoKey(path.to_owned()),
        error => TlsError::Pem(path.to_owned(), error),
    })
}

/// The section of the file with a key that a password protects.
fn encrypted(bytes: &[u8]) -> Option<&str> {
    let label = EncryptedPrivateKeyInfo::PEM_LABEL;
    let text = std::str::from_utf8(bytes).ok()?;
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let start = text.find(&begin)?;
    let length = text[start..].find(&end)? + end.len();
    Some(&text[start..start + length])
}

fn decrypt(pem: &str, password: &str) -> Result<PrivateKeyDer<'static>, pkcs8::Error> {
    let (_label, document) = SecretDocument::from_pem(pem)?;
    let key = EncryptedPrivateKeyInfo::from_der(document.as_bytes())?.decrypt(password)?;
    Ok(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()).into())
}

const OLD_ENCRYPTION: &[u8] = b"Proc-Type: 4,ENCRYPTED";
