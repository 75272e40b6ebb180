//! A program that asks through nginx, from an address of its own.

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::authority::HOST;
use crate::nginx::Nginx;

/// Not the address that nginx itself comes from.
pub(crate) const ADDRESS: [u8; 4] = [127, 0, 0, 2];

/// A connection over TLS.
pub(crate) async fn connect(nginx: &Nginx) -> Result<TlsStream<TcpStream>> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((ADDRESS, 0).into())?;
    let stream = socket.connect(nginx.address()).await?;
    Ok(nginx.authority.connector(b"http/1.1").connect(ServerName::try_from(HOST)?, stream).await?)
}

/// The whole answer to a request.
pub(crate) async fn get(nginx: &Nginx, path: &str, headers: &str) -> Result<String> {
    let mut stream = connect(nginx).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
