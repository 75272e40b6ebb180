//! Applications behind a door.

use anyhow::{Result, ensure};
use e2e::Browser;
use serde_json::json;

use crate::host::{Host, Kind};

#[tokio::test]
async fn whoever_logs_in_gets_in_under_pythons_server() -> Result<()> {
    log_in(Kind::Python).await
}

#[tokio::test]
async fn whoever_logs_in_gets_in_under_our_server() -> Result<()> {
    log_in(Kind::Ours).await
}

async fn log_in(kind: Kind) -> Result<()> {
    let host = Host::start_with(
        kind,
        &["--num-procs", "1", "--auth-module", "guarded/auth.py", "--cookie-secret", "crumbs", "guarded/private.py"],
    )
    .await?;
    let page = Browser::start().await?.open(&host.url("private?a=1")).await?;
    let place = "return location.pathname + location.search";
    ensure!(page.eval(place, json!(null)).await? == "/login?next=%2Fprivate%3Fa%3D1");

    let fill = "document.querySelector('#user').value = args[0]; document.querySelector('#word').value = args[1]; \
                document.querySelector('#enter').click()";
    page.eval(fill, json!(["ada", "guessed"])).await?;
    page.wait_until("return document.querySelector('#error')?.textContent == 'Wrong'", json!(null)).await?;
    page.goto(&host.url("private?a=1")).await?;
    page.eval(fill, json!(["ada", "lovelace"])).await?;
    page.wait_until("return location.pathname == '/private'", json!(null)).await?;
    page.wait_idle().await?;
    page.model("who").wait_for("text", json!("welcome ada")).await?;
    page.mouse().click(page.rect("button", "button").await?.center()).await?;
    page.model("count").wait_for("text", json!("1")).await?;
    let name = format!("python/{}/private", format!("{kind:?}").to_lowercase());
    page.screenshot(&name).await?;

    page.mouse().click(page.rect("leave", "a").await?.center()).await?;
    page.wait_until("return document.querySelector('#error')?.textContent == 'Gone'", json!(null)).await?;
    page.goto(&host.url("private")).await?;
    ensure!(page.eval(place, json!(null)).await? == "/login?next=%2Fprivate");
    page.assert_quiet().await
}
