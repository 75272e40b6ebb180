//! Users who log in, with a form and through a proxy.

use anyhow::{Result, ensure};
use e2e::{Browser, Key, Page, Server, built_binary};
use serde_json::json;
use tokio::process::Command;

use crate::sign_on::SignOn;

#[tokio::test]
async fn a_user_logs_in_works_and_logs_out() -> Result<()> {
    let server = Server::start("login", &["--port", "0"]).await?;
    let page = Browser::start().await?.open(&format!("{}?a=1", server.url())).await?;
    wait_for_place(&page, "/login?next=%2Fplots%3Fa%3D1").await?;
    page.screenshot("login").await?;

    log_in(&page, "ada", "guessed").await?;
    let wrong = "return document.querySelector('[role=alert]')?.textContent.includes('password is wrong')";
    page.wait_until(wrong, json!(null)).await?;
    // The name is still there.
    type_into(&page, "password", "lovelace").await?;
    wait_for_place(&page, "/plots?a=1").await?;
    page.wait_idle().await?;
    page.model("who").wait_for("text", json!("ada (engineer) – <a href=\"/logout\">log out</a>")).await?;

    // Through the WebSocket and back.
    page.model("count").set("value", json!(7)).await?;
    page.wait_until("return model('points').data.x.length == 7", json!(null)).await?;
    page.wait_until("return model('plot').title.text == '7 points'", json!(null)).await?;
    page.wait_idle().await?;
    page.screenshot("logged_in").await?;
    let token =
        page.eval("return document.documentElement.innerHTML.match(/\"token\":\\s*\"([^\"]+)/)[1]", json!(null));
    let token = token.await?;
    ensure!(opens_websocket(&page, &token).await?, "the user may");

    page.mouse().click(page.rect("who", "a").await?.center()).await?;
    wait_for_place(&page, "/login").await?;
    ensure!(!opens_websocket(&page, &token).await?, "nobody may");

    // Somebody else in the same browser, with the token of the first.
    log_in(&page, "alan", "turing").await?;
    wait_for_place(&page, "/plots").await?;
    ensure!(!opens_websocket(&page, &token).await?, "only the session's user may");
    Ok(())
}

#[tokio::test]
async fn a_login_counts_wherever_the_secret_is_the_same() -> Result<()> {
    let start = async |secret| Server::start("login", &["--port", "0", "--cookie-secret", secret]).await;
    let (one, same, other) = (start("crumbs").await?, start("crumbs").await?, start("grains").await?);
    let page = Browser::start().await?.open(one.url()).await?;
    log_in(&page, "ada", "lovelace").await?;
    wait_for_place(&page, "/plots").await?;
    // Cookies do not know ports.
    for (server, place) in [(&one, "/plots"), (&same, "/plots"), (&other, "/login?next=%2Fplots")] {
        page.goto(server.url()).await?;
        wait_for_place(&page, place).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_program_that_logs_users_in_takes_no_auth_module() -> Result<()> {
    let mut command = Command::new(built_binary("login")?);
    command.args(["--port", "0"]).env("BOKEH_AUTH_MODULE", "auth.py");
    let error = Server::start_command("login", command).await.err();
    let error = error.map(|error| format!("{error:#}")).unwrap_or_default();
    ensure!(error.contains("ERROR: --auth-module and BOKEH_AUTH_MODULE are for programs that do not log"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_proxy_says_who_the_user_is() -> Result<()> {
    let server = Server::start("behind_proxy", &["--port", "0", "--use-xheaders"]).await?;
    let proxy = SignOn::start(server.address()?, "ada").await?;
    let browser = Browser::start().await?;
    let page = browser.open(&proxy.url("/plots")).await?;
    page.wait_idle().await?;
    page.model("who").wait_for("text", json!("ada, ada@example.org")).await?;
    page.assert_quiet().await?;

    // Nobody gets in beside the proxy.
    let page = browser.open(server.url()).await?;
    let text = page.eval("return document.body.textContent", json!(null)).await?;
    ensure!(text == "The proxy does not say who you are", "{text}");
    Ok(())
}

async fn log_in(page: &Page, name: &str, password: &str) -> Result<()> {
    page.wait_until("return document.querySelector('[name=password]') != null", json!(null)).await?;
    page.eval("document.querySelector('[name=name]').value = args", json!(name)).await?;
    type_into(page, "password", password).await
}

/// Types into a field, and sends the form.
async fn type_into(page: &Page, field: &str, text: &str) -> Result<()> {
    page.eval("document.querySelector(`[name=${args}]`).focus()", json!(field)).await?;
    page.keyboard().type_text(text).await?;
    page.keyboard().press(Key::Enter).await
}

async fn wait_for_place(page: &Page, place: &str) -> Result<()> {
    page.wait_until("return location.pathname + location.search == args", json!(place)).await?;
    Ok(())
}

/// Whether the browser, with the cookies that it has, can connect with the token of a page.
async fn opens_websocket(page: &Page, token: &serde_json::Value) -> Result<bool> {
    let open = "window.tried = null; const socket = new WebSocket(`ws://${location.host}/plots/ws`, ['bokeh', args]); \
                socket.onopen = () => { window.tried = 'opened'; socket.close() }; \
                socket.onerror = () => { window.tried ??= 'refused' }";
    page.eval(open, token.clone()).await?;
    Ok(page.wait_until("return window.tried", json!(null)).await? == "opened")
}
