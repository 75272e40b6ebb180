//! Callbacks in threads, later, and such as fail.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::host::Kind;
use crate::visit::Visit;

pub(crate) async fn threads(visit: &Visit<'_>) -> Result<()> {
    let x = async || visit.page.eval("return column('points', 'x')", json!(null)).await;
    visit.press("by_thread").await?;
    visit.reads("state", "thread done").await?;
    ensure!(x().await? == json!([0, 1, 2, 3, 4]));
    visit.press("by_coroutine").await?;
    visit.reads("state", "coroutine done").await?;
    ensure!(x().await? == json!([0, 1, 2, 3, 4, 6]));
    visit.press("unlocked").await?;
    visit.reads("state", "unlocked done").await?;
    ensure!(x().await? == json!([0, 1, 2, 3, 4, 6, 10, 11, 12]));
    visit.reads("counted", "3").await?;
    visit.server_has("state", "text", "unlocked done").await
}

pub(crate) async fn timers(visit: &Visit<'_>) -> Result<()> {
    visit.reads("order", "first").await?;
    visit.press("start").await?;
    visit.reads("order", "first now tick soon late").await?;
    visit.press("never").await?;
    visit.reads("order", "first now tick soon late taken").await?;
    visit.reads("again", "a second time is refused").await?;
    visit.server_has("order", "text", "first now tick soon late taken").await
}

pub(crate) async fn faults(visit: &Visit<'_>) -> Result<()> {
    // Python's server does not tell the page what a callback has changed before it raised; ours does.
    let left_behind = async |name: &str, text: &str| match visit.host.kind {
        Kind::Python => visit.server_has(name, "text", text).await,
        Kind::Ours | Kind::Isolated => visit.reads(name, text).await,
    };
    visit.press("click").await?;
    left_behind("before", "1").await?;
    visit.log_has("this callback fails on purpose").await?;
    visit.press("tick").await?;
    left_behind("before", "2").await?;
    visit.press("forbidden").await?;
    visit.log_has("not a number, on purpose").await?;
    visit.slide("value", 0.8).await?;
    left_behind("seen", "8").await?;
    visit.log_has("is too much on purpose").await?;
    // The first of the two callbacks of a click has kept the second from running.
    visit.press("fine").await?;
    visit.reads("after", "1").await?;
    visit.server_has("value", "value", 8).await?;
    visit.server_has("before", "text", "2").await
}

pub(crate) async fn broken(visit: &Visit<'_>) -> Result<()> {
    visit.reads("first", "made before the error").await?;
    let second = visit.page.eval("return doc().get_model_by_name('second')", json!(null)).await?;
    ensure!(second.is_null(), "what comes after the error was made");
    for text in ["ZeroDivisionError: division by zero", "return 1 / by", "broken.py"] {
        visit.log_has(text).await?;
    }
    Ok(())
}
