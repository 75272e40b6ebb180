//! WebSockets that nobody uses for a while.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use bokeh_protocol::{Signing, Token};
use bokeh_server::Settings;
use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::authority::HOST;
use crate::nginx::Nginx;
use crate::pages::{serve, settings, upstream};
use crate::peer;

#[tokio::test]
async fn pings_keep_nginx_from_closing_what_is_idle() -> Result<()> {
    for (keep_alive, stays) in [(Some(Duration::from_millis(100)), true), (None, false)] {
        let server = serve(Settings { keep_alive, ..settings() }).await?;
        let nginx = Nginx::start(&upstream(&server), &[("proxy_read_timeout 60s;", "proxy_read_timeout 1s;")]).await?;
        let mut socket = open(&nginx).await?;
        let mut n_pings = 0;
        // Twice as many as come before nginx gives up who is silent.
        while n_pings < 20 {
            match socket.next().await {
                Some(Ok(Message::Ping(_))) => n_pings += 1,
                Some(Ok(Message::Text(_))) => {}
                None | Some(Err(_)) => break,
                other => bail!("{other:?}"),
            }
        }
        assert_eq!(n_pings, if stays { 20 } else { 0 }, "{keep_alive:?}");
        drop(socket);
        server.stop().await;
    }
    Ok(())
}

async fn open(nginx: &Nginx) -> Result<WebSocketStream<TlsStream<TcpStream>>> {
    let token = Token::new("idle").expires_at(i64::MAX).encode(&Signing::Unsigned)?;
    let mut request = format!("wss://{HOST}/apps/wave/ws").into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", format!("bokeh, {token}").parse()?);
    let (socket, _) = client_async(request, peer::connect(nginx).await?).await.context("no WebSocket")?;
    Ok(socket)
}
