//! Models with scripts of their own.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::visit::Visit;

pub(crate) async fn extended(visit: &Visit<'_>) -> Result<()> {
    // The script, and the picture that it loads from beside it.
    visit.until("Bokeh.Models.get('tally.Tally') != null").await?;
    visit.until("element('tally', 'img').naturalWidth == 8").await?;
    visit.click("tally", "div").await?;
    visit.reads("total", "2 to 3").await?;
    visit.reads("state", "tally was marked by 1").await?;
    visit.click("crumbs", "a:nth-child(2)").await?;
    visit.reads("path", "kitchen in house").await?;

    // The script's own answer changes both.
    let three = "element('tally', 'div').dispatchEvent(new MouseEvent('click', {shiftKey: true}))";
    visit.page.eval(three, json!(null)).await?;
    visit.reads("state", "tally was marked by 3").await?;
    visit.has("tally", "count", 11).await?;
    visit.reads("path", "cup in kitchen in house").await?;
    visit.server_has("tally", "count", 11).await?;
    visit.server_has("crumbs", "path", json!(["house", "kitchen", "cup"])).await?;
    embedded(visit).await
}

/// The page of another site gets the same scripts.
async fn embedded(visit: &Visit<'_>) -> Result<()> {
    let url = visit.host.url(visit.route);
    let elsewhere = format!("{}/metadata", url.replace("127.0.0.1", "localhost"));
    ensure!(elsewhere != url, "{url} has no other name");
    let page = visit.browser.open(&elsewhere).await?;
    let embed = "const script = document.createElement('script'); script.id = 'here'; \
                 script.src = `${args}/autoload.js?bokeh-autoload-element=here&bokeh-app-path=/extended\
                               &bokeh-absolute-url=${args}`; \
                 document.body.append(script)";
    page.eval(embed, json!(url)).await?;
    page.wait_idle().await?;
    page.wait_until("return element('tally', 'img').naturalWidth == 8", json!(null)).await?;
    ensure!(page.text("crumbs", "a:nth-child(3)").await? == "shelf >");
    page.close().await
}
