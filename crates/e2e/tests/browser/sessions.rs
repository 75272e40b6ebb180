//! Sessions as browsers see them.

use anyhow::Result;
use e2e::{Browser, Server};
use serde_json::json;

#[tokio::test]
async fn two_tabs_on_one_session_follow_each_other() -> Result<()> {
    let server = Server::start("sliders", &["--port", "0"]).await?;
    let url = format!("{}?bokeh-session-id=shared", server.url());
    let browser = Browser::start().await?;
    let (one, other) = (browser.open(&url).await?, browser.open(&url).await?);
    one.wait_idle().await?;
    other.wait_idle().await?;

    let handle = one.rect("offset", ".noUi-handle").await?.center();
    let track = one.rect("offset", ".noUi-base").await?;
    one.mouse().drag(handle, track.at(0.8, 0.5)).await?;
    for page in [&one, &other] {
        page.wait_until("return model('offset').value > 2 && Math.max(...model('curve').data.y) > 2", json!(null))
            .await?;
    }
    let value = one.model("offset").get("value").await?;
    other.model("offset").wait_for("value", value).await?;

    other.model("phase").set("value", json!(3)).await?;
    one.model("phase").wait_for("value", json!(3)).await?;
    one.assert_quiet().await?;
    other.assert_quiet().await
}

#[tokio::test]
async fn two_tabs_without_a_session_id_are_apart() -> Result<()> {
    let server = Server::start("sliders", &["--port", "0"]).await?;
    let browser = Browser::start().await?;
    let (one, other) = (browser.open(server.url()).await?, browser.open(server.url()).await?);
    one.wait_idle().await?;
    other.wait_idle().await?;
    one.model("phase").set("value", json!(3)).await?;
    one.wait_until("return Math.abs(model('curve').data.y[0] - Math.sin(3)) < 1e-9", json!(null)).await?;
    assert_eq!(other.model("phase").get("value").await?, 0);
    Ok(())
}

#[tokio::test]
async fn stopping_the_server_ends_cleanly() -> Result<()> {
    let server = Server::start("sliders", &["--port", "0"]).await?;
    let page = Browser::start().await?.open(server.url()).await?;
    page.wait_idle().await?;
    let (status, log) = server.stop().await?;
    assert!(status.success(), "{status}: {log}");
    assert!(!log.contains("ERROR"), "{log}");
    let banner =
        "return [...document.body.children].some(el => el.shadowRoot?.textContent.includes('connection was lost'))";
    page.wait_until(banner, json!(null)).await?;
    Ok(())
}
