//! What a socket is opened with.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use bokeh::protocol::{Signing, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A token for a session of this name. Servers that do not sign take it as one of their own.
pub(crate) fn token(session: &str) -> Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    Ok(Token::new(session).expires_at(i64::try_from(now)? + 300).encode(&Signing::Unsigned)?)
}

/// Gets the page of an application, and the token in it.
pub(crate) async fn page_token(port: u16, route: &str) -> Result<(String, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.context("the server does not listen")?;
    stream.set_nodelay(true)?;
    let request = format!("GET {route} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut response = String::with_capacity(16 << 10);
    stream.read_to_string(&mut response).await?;
    let Some((head, page)) = response.split_once("\r\n\r\n").filter(|(head, _)| head.starts_with("HTTP/1.1 200"))
    else {
        bail!("there is no page: {}", response.lines().next().unwrap_or_default());
    };
    let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding");
    let token = page.split_once("\"token\":").and_then(|(_, rest)| rest.split('"').nth(1));
    let token = token.filter(|_| !is_chunked).context("there is no token in the page")?;
    Ok((token.to_owned(), page.to_owned()))
}
