//! From a TCP connection to a WebSocket.

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

pub(super) async fn open(port: u16, route: &str, token: &str) -> Result<WebSocketStream<TcpStream>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.context("the server does not listen")?;
    // As browsers do.
    stream.set_nodelay(true)?;
    let request = format!(
        "GET {route}/ws HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: bokeh, {token}\r\nOrigin: http://localhost:{port}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut read = Vec::with_capacity(1024);
    let end = loop {
        if let Some(end) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut read).await? == 0 {
            bail!("the server ended the connection");
        }
    };
    let head = String::from_utf8_lossy(&read[..end]);
    if !head.starts_with("HTTP/1.1 101") {
        bail!("the server refused a WebSocket: {}", head.lines().next().unwrap_or_default());
    }
    let config = WebSocketConfig::default().read_buffer_size(16 << 10).write_buffer_size(16 << 10);
    Ok(WebSocketStream::from_partially_read(stream, read.split_off(end), Role::Client, Some(config)).await)
}
