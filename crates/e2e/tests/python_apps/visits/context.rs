//! What an application knows of its request, its server and the other sessions.

use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};

use crate::visit::Visit;

pub(crate) async fn options(visit: &Visit<'_>) -> Result<()> {
    visit.reads("arguments", "options.py one --two").await?;
    visit.reads("place", "options.py True True").await?;
    visit.reads("beside", "A module beside a script.").await
}

pub(crate) async fn request(visit: &Visit<'_>) -> Result<()> {
    visit.reads("session", "request False None").await?;
    visit
        .page
        .eval("document.cookie = 'fruit=apple; path=/'; document.cookie = 'nuts=a b; path=/'", json!(null))
        .await?;
    visit.page.cdp("Network.enable", json!({})).await?;
    visit.page.cdp("Network.setExtraHTTPHeaders", json!({ "headers": { "X-Asked-By": "a test" } })).await?;
    visit.page.goto(&visit.host.url("request?a=1&a=two&b=%C3%BC&bokeh-session-id=asked")).await?;
    visit.page.wait_idle().await?;
    let read = async |name: &str| {
        let text = visit.page.model(name).get("text").await?;
        anyhow::Ok(serde_json::from_str::<Value>(text.as_str().unwrap_or_default()).unwrap_or(text))
    };
    for (name, expected) in [
        ("arguments", json!({ "a": ["1", "two"], "b": ["ü"] })),
        ("cookies", json!({ "fruit": "apple", "nuts": "a b" })),
        ("own", json!(["x-asked-by"])),
        ("token", json!(["arguments", "cookies", "headers", "session_expiry"])),
        ("session", json!("asked False None")),
    ] {
        let found = read(name).await?;
        ensure!(found == expected, "{name} is {found}, not {expected}");
    }
    let agent = visit.page.eval("return navigator.userAgent", json!(null)).await?;
    visit.reads("agent", agent.as_str().unwrap_or_default()).await
}

pub(crate) async fn neighbours(visit: &Visit<'_>) -> Result<()> {
    let other = visit.neighbour("neighbours-2").await?;
    visit.press("look").await?;
    visit.reads("others", "neighbours neighbours-2").await?;
    visit.enter("said", "hello").await?;
    visit.reads("heard", "neighbours: hello").await?;
    other.model("heard").wait_for("text", json!("neighbours: hello")).await?;
    other.close().await
}

pub(crate) async fn hooked(visit: &Visit<'_>) -> Result<()> {
    visit.reads("prepared", "session hooked was prepared").await?;
    visit.reads("loaded", "the server has been loaded").await?;
    visit.reads("told", "nothing /hooked 1.5").await?;
    let other = visit.browser.open(&visit.host.url("hooked?asked=why&bokeh-session-id=hooked-2")).await?;
    other.wait_idle().await?;
    other.model("told").wait_for("text", json!("why /hooked 1.5")).await?;
    other.close().await?;
    // The session ends some seconds later.
    let mut last = Value::Null;
    for _look in 0..150 {
        visit.press("look").await?;
        visit.page.wait_idle().await?;
        let ended = visit.page.model("ended").get("text").await?;
        last = ended.clone();
        let ended: Vec<&str> = ended.as_str().unwrap_or_default().split(' ').collect();
        if ended.contains(&"hook:hooked-2:True") && ended.contains(&"document:hooked-2") {
            ensure!(ended.iter().all(|who| who.contains("hooked-2")), "{ended:?}");
            return Ok(());
        }
        visit.page.pause(100).await?;
    }
    bail!("the hooks have not told that the session has ended, but {last}")
}

pub(crate) async fn lifecycle(visit: &Visit<'_>) -> Result<()> {
    visit.reads("hooks", "loaded created").await?;
    visit.until("column('collected', 'value').length > 30").await?;
    visit.until("Math.abs(column('collected', 'value')[10] - Math.sin(1)) < 1e-9").await?;
    Ok(())
}
