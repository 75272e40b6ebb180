//! Tokens that one server has made and the other is shown.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use e2e::Python;
use serde::Deserialize;

use crate::exchange::Request;
use crate::facts::token_and_title;
use crate::site::{Kind, Site};

/// What `tokens.py` makes.
#[derive(Deserialize)]
struct Made {
    #[serde(rename = "session id")]
    session_id: String,
    /// By what they are like.
    tokens: BTreeMap<String, String>,
}

#[tokio::test]
async fn tokens_of_python_open_our_sessions_and_ours_pythons() -> Result<()> {
    let made = Python::find()?.run(include_str!("tokens.py"), &[KEY]).await?;
    let made: Made = serde_json::from_value(made)?;
    let site = Site::new()?;
    for mode in ["unsigned", "signed", "external-signed"] {
        let args = ["told.py", "--session-ids", mode].map(str::to_owned);
        let env = [("BOKEH_SECRET_KEY".to_owned(), KEY.to_owned())];
        let theirs = site.serve(Kind::Python, &args, &env).await?;
        let ours = site.serve(Kind::Ours, &args, &env).await?;
        for (like, token) in &made.tokens {
            let (by_them, by_us) = (shown(theirs.address, token).await?, shown(ours.address, token).await?);
            ensure!(by_them == by_us, "{mode}, {like}: {by_them:?} | {by_us:?}");
            let is_good = like == "signed" || (mode == "unsigned" && like == "unsigned");
            ensure!(!is_good || by_us.connects, "{mode}, {like}: {by_us:?}");
            ensure!(!is_good || by_us.title.contains(TOLD), "{mode}, {like}: {by_us:?}");
        }
        for (maker, other) in [(ours.address, theirs.address), (theirs.address, ours.address)] {
            let request = Request::new("GET", "/told?a=1&b=%FF").header("Cookie", "c=v").header("X-Foo", "bar");
            let page = request.header("Bokeh-Session-Id", &made.session_id).send(maker).await?;
            let (token, title) = token_and_title(&page).context("a page has a token")?;
            let shown = shown(other, &token).await?;
            ensure!(shown == Shown { status: 200, title, connects: true }, "{mode}: {shown:?}");
        }
    }
    Ok(())
}

/// What a server does with a token.
#[derive(Debug, PartialEq)]
struct Shown {
    /// Of the page.
    status: u16,
    /// In which the application says what it was told.
    title: String,
    /// Whether a WebSocket opens.
    connects: bool,
}

async fn shown(to: SocketAddr, token: &str) -> Result<Shown> {
    let socket = Request::new("GET", "/told/ws")
        .header("Upgrade", "websocket")
        .header("Connection", "Upgrade")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("Sec-WebSocket-Protocol", &format!("bokeh, {token}"));
    // First: where the session is there already, ours lets pages come back with a token that has expired.
    let connects = socket.connects(to).await?;
    let page = Request::new("GET", &format!("/told?bokeh-token={token}")).send(to).await?;
    let title = token_and_title(&page).map(|(_, title)| title).unwrap_or_default();
    Ok(Shown { status: page.status, title, connects })
}

const KEY: &str = "0123456789abcdef0123456789abcdef";
/// What the payload of `tokens.py` comes to in the application.
const TOLD: &str = "{a: [b1, b\\xff]}, {c: v}, b\\xe4r, {n: [1, None]}";
