//! A server that makes way for another one.

use anyhow::{Result, ensure};
use e2e::{Browser, Proxy};
use serde_json::json;

use crate::host::{Host, Kind};

#[tokio::test]
async fn pages_go_on_at_another_server_when_theirs_is_told_to_end() -> Result<()> {
    let (before, after) = (Host::start(Kind::Ours, ["waves.py"]).await?, Host::start(Kind::Ours, ["waves.py"]).await?);
    let proxy = Proxy::start(before.address()?).await?;
    let page = Browser::start().await?.open(&proxy.url(&before.url("waves"))?).await?;
    page.wait_idle().await?;
    page.model("amplitude").set("value", json!(3)).await?;
    page.wait_until("return Math.max(...column('wave', 'y')) > 2.9", json!(null)).await?;
    let mark = "window.lost = 0; doc().on_event('connection_lost', () => window.lost += 1); return true";
    page.eval(mark, json!(null)).await?;

    proxy.lead_to(after.address()?);
    let (status, log) = before.stop().await?;
    ensure!(status.success(), "{status}:\n{log}");
    ensure!(log.contains("Received signal SIGTERM"), "{log}");

    // The other server knows nothing of the session, and makes a new one.
    page.wait_until("return model('amplitude').value == 1", json!(null)).await?;
    page.model("amplitude").set("value", json!(2)).await?;
    page.wait_until("const top = Math.max(...column('wave', 'y')); return 1.9 < top && top < 2.1", json!(null)).await?;
    ensure!(page.eval("return window.lost", json!(null)).await? == 1, "the page knew of it, and was not loaded again");
    let (status, log) = after.stop().await?;
    ensure!(status.success(), "{status}:\n{log}");
    Ok(())
}
