use pkcs8::PrivateKeyInfo;
use pkcs8::der::pem::LineEnding;
use pkcs8::der::{Decode, SecretDocument};

use super::*;

#[test]
fn a_key_is_read_however_it_is_kept() {
    let folder = Folder::new("kept");
    let (certificate, key) = made_for("localhost");
    let locked = locked(&key, "open sesame");
    let other = made_for("localhost").1;
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    for (content, key, password, expected) in [
        (certificate.clone(), Some(key.as_str()), None, "read"),
        (format!("{key}{certificate}"), None, None, "read"),
        (certificate.clone(), Some(&key), Some("not needed"), "read"),
        (certificate.clone(), Some(&locked), Some("open sesame"), "read"),
        (format!("{certificate}{locked}"), None, Some("open sesame"), "read"),
        (certificate.clone(), Some(&locked), Some("wrong"), "the password does not fit the key in key.pem"),
        (certificate.clone(), Some(&locked), None, "the key in key.pem needs a password"),
        (certificate.clone(), Some(old), Some("x"), "the key in key.pem is encrypted in an old way"),
        (certificate.clone(), None, None, "there is no private key in cert.pem"),
        (certificate.clone(), Some(&other), None, "the certificate in cert.pem and its key cannot be used"),
        (key.clone(), Some(&key), None, "there is no certificate in cert.pem"),
        ("nonsense".to_owned(), Some(&key), None, "there is no certificate in cert.pem"),
    ] {
        let mut files = TlsFiles::new(folder.write("cert.pem", &content));
        files.key = key.map(|key| folder.write("key.pem", key));
        files.password = password.map(str::to_owned);
        let outcome = Tls::read(files).map_or_else(|error| error.to_string(), |_| "read".to_owned());
        let outcome = outcome.replace(&format!("{}/", folder.0.display()), "");
        assert!(outcome.starts_with(expected), "{outcome}, not {expected}");
    }
    let missing = Tls::read(TlsFiles::new(folder.0.join("none.pem"))).unwrap_err();
    assert!(missing.to_string().starts_with("cannot read "), "{missing}");
}

#[test]
fn keys_of_openssl_are_read() {
    let folder = Folder::new("openssl");
    let path = folder.write("both.pem", include_str!("tests/openssl.pem"));
    for (password, is_read) in [("hello", true), ("hallo", false)] {
        assert_eq!(Tls::read(TlsFiles::new(&path).password(password)).is_ok(), is_read, "{password}");
    }
}

#[test]
fn changed_files_are_read_again_once_they_are_good() {
    let folder = Folder::new("changed");
    let write = |(certificate, key): (String, String)| folder.write("both.pem", &format!("{certificate}{key}"));
    let path = write(made_for("localhost"));
    let tls = Tls::read(TlsFiles::new(&path)).unwrap();
    let first = tls.config();
    assert!(Arc::ptr_eq(&first, &tls.config()));
    folder.write("both.pem", "half a file");
    assert!(Arc::ptr_eq(&first, &tls.config()));
    write(made_for("a-longer-name.example"));
    assert!(!Arc::ptr_eq(&first, &tls.config()));
}

/// A certificate that nobody has signed, and its key.
fn made_for(name: &str) -> (String, String) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    (made.cert.pem(), made.signing_key.serialize_pem())
}

fn locked(key: &str, password: &str) -> String {
    let (_, document) = SecretDocument::from_pem(key).unwrap();
    let key = PrivateKeyInfo::from_der(document.as_bytes()).unwrap();
    let parameters = pkcs8::pkcs5::pbes2::Parameters::pbkdf2_sha256_aes256cbc(10, b"saltsalt", &[7; 16]).unwrap();
    let locked = key.encrypt_with_params(parameters, password).unwrap();
    locked.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF).unwrap().to_string()
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("bokeh-tls-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}
