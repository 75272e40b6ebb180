//! Messages that are compressed on their way to pages and back.

use anyhow::{Context, Result, ensure};
use bokeh_server::{Settings, WebSocketCompression};
use e2e::{Browser, Page};
use serde_json::json;

use crate::edits;
use crate::served::{Served, settings};

#[tokio::test]
async fn pages_work_as_ever_with_fewer_bytes() -> Result<()> {
    let mut n_bytes = Vec::new();
    for (compression, extensions) in [
        (None, ""),
        (
            Some(WebSocketCompression::default()),
            "permessage-deflate; server_no_context_takeover; client_max_window_bits=10",
        ),
    ] {
        let settings = Settings { websocket_compression: compression, ..settings() };
        let served = Served::start_with(settings, edits::app).await?;
        let browser = Browser::start().await?;
        let page = open(&browser, &served).await?;
        let agreed = page.eval("return window.sockets.map((socket) => socket.extensions)", json!(null)).await?;
        assert_eq!(agreed, json!([extensions]));
        for edit in edits::edits() {
            served.update(edit.run).await.context(edit.name)?;
        }
        // What is long in both directions.
        let title = "a long title, ".repeat(40_000);
        page.eval("model('plot').title.text = args", json!(title)).await?;
        served.update(move |doc| doc.set_title(title)).await?;
        served.settle(&[&page]).await?;
        n_bytes.push(served.n_bytes_sent().await?);
        served.assert_same("all edits", &[&page]).await?;
        page.assert_quiet().await?;
    }
    ensure!(n_bytes[1] * 2 < n_bytes[0], "{n_bytes:?} bytes");
    Ok(())
}

/// A page that remembers its WebSockets.
async fn open(browser: &Browser, served: &Served) -> Result<Page> {
    let page = browser.open("about:blank").await?;
    let source = "window.sockets = []; \
        window.WebSocket = class extends WebSocket { constructor(...args) { super(...args); sockets.push(this) } }";
    page.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
    page.goto(&served.url()).await?;
    page.wait_idle().await?;
    served.watch(&page).await?;
    Ok(page)
}
