//! What must not be in the log, however much is logged.

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use e2e::Server;
use tokio::process::Command;

use crate::peer::Peer;

#[tokio::test]
async fn no_log_tells_ids_tokens_cookies_or_passwords() -> Result<()> {
    for format in ["text", "json"] {
        let mut command = Command::new(e2e::built_binary("bokeh-rs")?);
        command
            .args(["serve", "--address", "127.0.0.1", "--port", "0", "--num-procs", "1", "--log-level", "trace"])
            .args(["--log-format", format, "--auth-module", "auth.py", "--cookie-secret", "crumbsecret", "private.py"])
            .arg("--python")
            .arg(e2e::python()?)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/nginx/private"))
            .env("BOKEHJS_DIR", e2e::bokehjs()?)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        let server = Server::start_command("bokeh-rs", command).await?;
        let address = server.address()?;
        let login = "Cookie: user=cookiesecret\r\nAuthorization: Basic authsecret\r\nConnection: close\r\n";
        let mut page = Peer::asking(address, "GET /private?bokeh-session-id=idsecret&a=argsecret", login).await;
        let page = page.rest().await;
        let token = page.split("\"token\":\"").nth(1).and_then(|rest| rest.split('"').next());
        let token = token.with_context(|| format!("a page has a token: {page}"))?;

        // One who logs in, and those who are refused: by the door, for their id, their token, and what they say.
        let form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 19\r\nConnection: close\r\n";
        let mut peer = Peer::asking(address, "POST /login?next=private", form).await;
        peer.send(b"user=passwordsecret").await?;
        ensure!(peer.rest().await.starts_with("HTTP/1.1 302"));
        for (request, headers, status) in [
            ("GET /private?bokeh-session-id=idsecret", "", 302),
            ("GET /private?bokeh-token=tokensecret", login, 403),
            ("GET /private?bokeh-session-id=idsecret&bokeh-token=tokensecret", login, 403),
            ("GET /nothing?bokeh-session-id=idsecret", login, 404),
        ] {
            let mut peer = Peer::asking(address, request, headers).await;
            assert_eq!(peer.head().await.status, status, "{request}");
        }
        let upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: user=cookiesecret\r\n";
        for (protocols, status) in
            [(format!("bokeh, {token}"), 101), ("bokeh, tokensecret".to_owned(), 403), ("tokensecret".to_owned(), 400)]
        {
            let headers = format!("{upgrade}Sec-WebSocket-Protocol: {protocols}\r\n");
            let mut peer = Peer::asking(address, "GET /private/ws", &headers).await;
            assert_eq!(peer.head().await.status, status, "{protocols}");
            if status == 101 {
                // A text frame of 13 bytes, masked with zeros, that is no message.
                peer.send(b"\x81\x8d\0\0\0\0messagesecret").await?;
                peer.rest().await;
            }
        }

        let (status, log) = server.stop().await?;
        ensure!(status.success(), "{log}");
        ensure!(
            log.contains("refused a WebSocket") && log.contains("TRACE"),
            "the log tells what has happened:\n{log}"
        );
        let payload = BASE64_URL_SAFE_NO_PAD.encode("idsecret");
        for secret in [
            "idsecret",
            "argsecret",
            "cookiesecret",
            "authsecret",
            "crumbsecret",
            "passwordsecret",
            "tokensecret",
            "messagesecret",
            // The same as a library writes it.
            "6d657373616765736563726574",
            token,
            &token[..40],
            &token[token.len() - 40..],
            &payload[..8],
        ] {
            let line = log.lines().find(|line| line.contains(secret));
            ensure!(line.is_none(), "{secret} is in the log: {line:?}");
        }
    }
    Ok(())
}
