//! TLS, Unix sockets, and what proxies say.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use bokeh_application::SessionContext;
use bokeh_document::Document;
use bokeh_server::{RunningServer, Server, Settings, StartError, TlsFiles};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

use crate::operations::get;
use crate::sockets::{good_token, settings};

#[tokio::test]
async fn pages_files_and_websockets_go_over_tls() {
    let files = Certificate::new("pages");
    let server = serve(Settings { tls: Some(files.tls()), ..settings() }).await;
    assert!(server.url("/app").starts_with("https://127.0.0.1:"));

    let mut stream = files.connect(&server, b"http/1.1").await;
    stream.write_all(b"GET /app HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).await.unwrap();
    assert!(page.starts_with("HTTP/1.1 200 OK") && page.contains("<title>https 127.0.0.1 localhost</title>"), "{page}");

    let mut request = format!("wss://localhost:{}/app/ws", server.port()).into_client_request().unwrap();
    let protocols = HeaderValue::try_from(format!("bokeh, {}", good_token("x"))).unwrap();
    request.headers_mut().insert("sec-websocket-protocol", protocols);
    let (socket, response) = client_async(request, files.connect(&server, b"http/1.1").await).await.unwrap();
    assert_eq!(response.status(), 101);
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn browsers_get_http_2_over_tls() {
    let files = Certificate::new("http2");
    let server = serve(Settings { tls: Some(files.tls()), ..settings() }).await;
    let stream = files.connect(&server, b"h2").await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut requests, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = hyper::Request::get("https://localhost/app").body(Empty::<bytes::Bytes>::new()).unwrap();
    let response = requests.send_request(request).await.unwrap();
    assert_eq!((response.status().as_u16(), response.version()), (200, hyper::Version::HTTP_2));
    let page = response.into_body().collect().await.unwrap().to_bytes();
    assert!(String::from_utf8_lossy(&page).contains("<title>https 127.0.0.1 localhost</title>"));
    drop(requests);
    connection.await.unwrap().unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_renewed_certificate_needs_no_restart() {
    let files = Certificate::new("renewed");
    let server = serve(Settings { tls: Some(files.tls()), ..settings() }).await;
    let shown = async |files: &Certificate| {
        let stream = files.connect(&server, b"http/1.1").await;
        stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
    };
    let first = shown(&files).await;
    assert_eq!(first, shown(&files).await);
    files.renew();
    assert_ne!(first, shown(&files).await);
}

#[tokio::test]
async fn a_certificate_that_is_no_good_stops_the_start() {
    let tls = Some(TlsFiles::new("/no/such/file.pem"));
    let error = Server::builder().settings(Settings { tls, ..settings() }).start().await.unwrap_err();
    assert_eq!(error.to_string(), "cannot read /no/such/file.pem");
}

#[tokio::test]
async fn a_unix_socket_is_served_and_removed() {
    let path = std::env::temp_dir().join(format!("bokeh-unix-{}.sock", std::process::id()));
    let listening = || Settings { unix_socket: Some(path.clone()), ..settings() };
    // One that is left from a process that was killed.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let server = serve(listening()).await;
    assert!(server.addresses().is_empty());
    assert!(server.url("/app").starts_with("http+unix://%2F") && server.url("/app").ends_with(".sock/app"));
    let mut stream = UnixStream::connect(&path).await.unwrap();
    stream.write_all(b"GET /app HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).await.unwrap();
    assert!(page.contains("<title>http  a</title>"), "{page}");
    let error = Server::builder().settings(listening()).start().await.unwrap_err();
    assert!(matches!(&error, StartError::Bind(error) if error.to_string().contains("somebody listens at")), "{error}");
    server.stop().await;
    assert!(!path.exists());
    fs::write(&path, "a file of somebody").unwrap();
    assert!(Server::builder().settings(listening()).start().await.is_err());
    assert!(path.exists(), "what is no socket is left alone");
    fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn a_proxy_says_who_asks_if_it_is_trusted() {
    let headers = "X-Real-Ip: 192.0.2.1\r\nX-Scheme: https\r\n";
    for (use_xheaders, proxies, expected) in [
        (false, &[][..], "<title>http 127.0.0.1 localhost</title>"),
        (true, &[], "<title>https 192.0.2.1 localhost</title>"),
        (true, &["10.0.0.0/8"], "<title>http 127.0.0.1 localhost</title>"),
    ] {
        let trusted_proxies = proxies.iter().map(|proxy| (*proxy).to_owned()).collect();
        let server = serve(Settings { use_xheaders, trusted_proxies, ..settings() }).await;
        let page = get(&server, "/app", headers).await.body;
        assert!(page.contains(expected), "{page}");
    }
}

/// A server whose pages tell in their titles how they were asked for.
async fn serve(settings: Settings) -> RunningServer {
    let app = |doc: &mut Document, session: &SessionContext| {
        let request = session.request();
        let http = request.http();
        let host = request.header("Host").unwrap_or_default();
        doc.set_title(format!("{} {} {host}", http.protocol, http.remote_ip));
    };
    // One address, so that titles are the same everywhere.
    let settings = Settings { address: Some("127.0.0.1".to_owned()), ..settings };
    Server::builder().settings(settings).app("/app", app).start().await.unwrap()
}

/// A certificate for localhost, in files.
struct Certificate(PathBuf);

impl Certificate {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("bokeh-network-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let this = Self(folder);
        this.renew();
        this
    }

    fn renew(&self) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(self.0.join("cert.pem"), made.cert.pem()).unwrap();
        fs::write(self.0.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    }

    fn tls(&self) -> TlsFiles {
        TlsFiles::new(self.0.join("cert.pem")).key(self.0.join("key.pem"))
    }

    /// A connection of somebody who trusts this certificate only.
    async fn connect(&self, server: &RunningServer, alpn: &[u8]) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.0.join("cert.pem")).unwrap()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![alpn.to_vec()];
        let stream = TcpStream::connect(server.addresses()[0]).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
    }
}

impl Drop for Certificate {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}
