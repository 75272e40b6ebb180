//! A proxy that lets one user in.

use std::io;
use std::net::SocketAddr;

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// Passes requests on to a server, and says in their headers who asks, until it is dropped.
pub(crate) struct SignOn {
    address: SocketAddr,
    task: AbortHandle,
}

impl SignOn {
    pub(crate) async fn start(server: SocketAddr, user: &'static str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let listen = async move {
            while let Ok((browser, _)) = listener.accept().await {
                // A browser may go away at any time.
                tokio::spawn(async move { pass_on(browser, server, user).await.ok() });
            }
        };
        Ok(Self { address, task: tokio::spawn(listen).abort_handle() })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for SignOn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Passes one request on, and whatever follows if it becomes a WebSocket.
async fn pass_on(mut browser: TcpStream, server: SocketAddr, user: &str) -> io::Result<()> {
    let head = head(&mut browser).await?;
    let is_websocket = head.to_ascii_lowercase().contains("\r\nupgrade: websocket\r\n");
    let mut lines: Vec<&str> = head.trim_end().split("\r\n").collect();
    // What the browser says of itself does not count.
    lines.retain(|line| !line.to_ascii_lowercase().starts_with("x-forwarded-"));
    if !is_websocket {
        // So that there is no second request to be looked at.
        lines.retain(|line| !line.to_ascii_lowercase().starts_with("connection:"));
        lines.push("Connection: close");
    }
    let says = format!("X-Forwarded-User: {user}\r\nX-Forwarded-Email: {user}@example.org\r\n");
    let mut server = TcpStream::connect(server).await?;
    server.write_all(format!("{}\r\n{says}\r\n", lines.join("\r\n")).as_bytes()).await?;
    copy_bidirectional(&mut browser, &mut server).await?;
    Ok(())
}

/// The request up to its empty line.
async fn head(browser: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(browser.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
