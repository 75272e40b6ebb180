//! Users of a Python application who log in.

use anyhow::Result;
use e2e::{Browser, Python, Server};
use serde_json::json;
use tokio::process::Command;

use crate::nginx::Nginx;

#[tokio::test]
async fn users_log_in_and_out_under_pythons_server() -> Result<()> {
    let mut command = Python::find()?.command();
    command.args(["-m", "bokeh", "serve"]);
    log_in(Server::start_command("bokeh serve", serve(command)).await?).await
}

#[tokio::test]
async fn users_log_in_and_out_under_our_server() -> Result<()> {
    let mut command = Command::new(e2e::built_binary("bokeh-rs")?);
    command.arg("serve").arg("--python").arg(e2e::python()?).env("BOKEHJS_DIR", e2e::bokehjs()?);
    command.args(["--num-procs", "1"]);
    log_in(Server::start_command("bokeh-rs serve", serve(command)).await?).await
}

fn serve(mut command: Command) -> Command {
    command
        .args(["--address", "127.0.0.1", "--port", "0", "--prefix", "apps", "--use-xheaders"])
        .args(["--allow-websocket-origin", "example.com", "--auth-module", "auth.py", "private.py"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/nginx/private"))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

async fn log_in(server: Server) -> Result<()> {
    let nginx = Nginx::start(&server.address()?.to_string(), &[]).await?;
    let browser: Browser = nginx.browser().await?;
    let page = browser.open(&nginx.url("/apps/private?a=1")).await?;
    let place = "return location.pathname + location.search";
    assert_eq!(page.eval(place, json!(null)).await?, "/apps/login?next=%2Fapps%2Fprivate%3Fa%3D1");
    page.eval("document.querySelector('#user').value = 'ada'; document.querySelector('#enter').click()", json!(null))
        .await?;
    page.wait_until("return location.pathname == '/apps/private'", json!(null)).await?;
    page.wait_idle().await?;
    page.model("who").wait_for("text", json!("ada over https from 127.0.0.1")).await?;
    page.mouse().click(page.rect("button", "button").await?.center()).await?;
    page.model("count").wait_for("text", json!("1")).await?;

    page.mouse().click(page.rect("leave", "a").await?.center()).await?;
    page.wait_until("return location.pathname == '/apps/login'", json!(null)).await?;
    page.goto(&nginx.url("/apps/private")).await?;
    assert_eq!(page.eval(place, json!(null)).await?, "/apps/login?next=%2Fapps%2Fprivate");
    page.assert_quiet().await?;
    server.stop().await?;
    Ok(())
}
