//! Users who log in.

use anyhow::Result;
use bokeh_application::SessionContext;
use bokeh_application::auth::{LoginForm, User};
use bokeh_document::Document;
use bokeh_models::prelude::*;
use e2e::{Browser, Python, Server};
use serde_json::json;
use tokio::process::Command;

use crate::nginx::Nginx;
use crate::pages::{settings, upstream};

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

#[tokio::test]
async fn users_log_in_to_applications_in_rust() -> Result<()> {
    let auth = LoginForm::new(|name, password| (password == "lovelace").then(|| User::new(name)));
    let app = |doc: &mut Document, session: &SessionContext| {
        let name = session.user().map_or("nobody", User::name);
        let text = format!("{name} over {}", session.request().http().protocol);
        doc.add_root(Div::new().name("who").text(text));
    };
    let server = bokeh_server::Server::builder().settings(settings()).auth(auth).app("/private", app).start().await?;
    let nginx = Nginx::start(&upstream(&server), &[]).await?;
    let page = nginx.browser().await?.open(&nginx.url("/apps/private")).await?;
    assert_eq!(page.eval(PLACE, json!(null)).await?, "/apps/login?next=%2Fapps%2Fprivate");
    page.eval(
        "document.querySelector('[name=name]').value = 'ada'; document.querySelector('[name=password]').value = 'lovelace'; \
         document.querySelector('form').requestSubmit()",
        json!(null),
    )
    .await?;
    page.wait_until("return location.pathname == '/apps/private'", json!(null)).await?;
    page.wait_idle().await?;
    page.model("who").wait_for("text", json!("ada over https")).await?;
    page.assert_quiet().await?;
    // As the form came over TLS, the cookie goes nowhere else.
    let cookies = page.cdp("Network.getAllCookies", json!({})).await?;
    let of_user =
        cookies["cookies"].as_array().and_then(|cookies| cookies.iter().find(|cookie| cookie["name"] == "user"));
    let of_user = of_user.expect("a cookie remembers the user");
    assert_eq!((&of_user["secure"], &of_user["httpOnly"]), (&json!(true), &json!(true)), "{of_user}");
    server.stop().await;
    Ok(())
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
    assert_eq!(page.eval(PLACE, json!(null)).await?, "/apps/login?next=%2Fapps%2Fprivate%3Fa%3D1");
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
    assert_eq!(page.eval(PLACE, json!(null)).await?, "/apps/login?next=%2Fapps%2Fprivate");
    page.assert_quiet().await?;
    server.stop().await?;
    Ok(())
}

const PLACE: &str = "return location.pathname + location.search";
