use std::time::Duration;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;

use crate::Browser;

/// What it takes until a browser that has nothing shows a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirstLoad {
    /// From the request for the page to the frame after everything was drawn.
    pub drawn_after: Duration,
    /// What came by HTTP until then, headers included.
    pub n_bytes_until_drawn: u64,
    /// The same with what the page has loaded afterwards.
    pub n_bytes: u64,
}

/// A line between browser and server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// How much it carries in each direction.
    pub bits_per_sec: u32,
    /// How long an answer takes at least.
    pub latency: Duration,
}

impl FirstLoad {
    /// Loads the page of a Bokeh server with an empty cache, over a line that is as good as the machine can or as bad as it is
    /// said.
    ///
    /// # Errors
    /// The page does not load, or is not drawn.
    pub async fn measure(browser: &Browser, url: &str, line: Option<Line>) -> Result<Self> {
        let page = browser.open("about:blank").await?;
        page.cdp("Network.enable", json!({})).await?;
        page.cdp("Network.clearBrowserCache", json!({})).await?;
        if let Some(Line { bits_per_sec, latency }) = line {
            let bytes_per_sec = bits_per_sec / 8;
            let conditions = json!({
                "offline": false,
                "latency": latency.as_millis() as u64,
                "downloadThroughput": bytes_per_sec,
                "uploadThroughput": bytes_per_sec,
            });
            page.cdp("Network.emulateNetworkConditions", conditions).await?;
        }
        page.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await?;
        page.goto(url).await?;
        let measured = page.wait_until(MEASURED, json!(null)).await.with_context(|| format!("{url} has not loaded"))?;
        let Measured { drawn_ms, until_drawn, total } = serde_json::from_value(measured)?;
        page.close().await?;
        let drawn_after = Duration::from_secs_f64(drawn_ms / 1000.0);
        Ok(Self { drawn_after, n_bytes_until_drawn: until_drawn, n_bytes: total })
    }
}

#[derive(Deserialize)]
struct Measured {
    drawn_ms: f64,
    until_drawn: u64,
    total: u64,
}

/// Notes when the first document is drawn.
const WATCH: &str = "
    const watch = () => {
        const {documents} = window.Bokeh ?? {documents: []};
        const is_drawn = documents.length > 0 && documents[0].roots().length > 0 && documents[0].is_idle;
        if (is_drawn) window.drawn_ms = performance.now(); else requestAnimationFrame(watch);
    };
    watch();
";

/// Waits until all of BokehJS is there, which is what a page has loaded in the end.
const MEASURED: &str = "
    if (window.drawn_ms === undefined || !('DataTable' in Bokeh.Models)) return null;
    if (Bokeh.require('models/text/providers').default_provider.status != 'loaded') return null;
    const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    const sum = (entries) => entries.reduce((total, entry) => total + entry.transferSize, 0);
    return {
        drawn_ms: window.drawn_ms,
        until_drawn: sum(all.filter((entry) => entry.responseEnd <= window.drawn_ms)),
        total: sum(all),
    };
";
