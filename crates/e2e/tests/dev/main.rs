//! A Python application that changes while a browser looks at it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use e2e::{Browser, Page, Server};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::timeout;

#[tokio::test]
async fn a_page_follows_its_application_and_keeps_what_the_user_has_set() -> Result<()> {
    let folder = TempDir::new()?;
    let script = folder.path().join("app.py");
    fs::write(&script, app("first"))?;
    let server = serve(&script).await?;
    let browser = Browser::start().await?;
    let page = browser.open(server.url()).await?;
    page.wait_idle().await?;
    shows(&page, "first: 1").await?;
    page.model("amount").set("value", json!(7)).await?;
    shows(&page, "first: 7").await?;

    // What the script makes of it now is shown, for the value that was set.
    fs::write(&script, app("second"))?;
    shows(&page, "second: 7").await?;
    ensure!(page.model("amount").get("value").await? == json!(7), "the slider has moved");
    ensure!(
        page.model("untouched").get("value").await? == json!("second"),
        "what nobody has set keeps the old default"
    );

    // A script that raises and one that does not parse say so, and are followed, too.
    fs::write(&script, app("third").replace("# trouble", "raise ValueError('no way')"))?;
    says(&page, "ValueError: no way").await?;
    fs::write(&script, app("fourth").replace("# trouble", "def ("))?;
    says(&page, "SyntaxError").await?;
    fs::write(&script, app("fifth"))?;
    shows(&page, "fifth:").await?;

    browser.close().await?;
    let (status, log) = server.stop().await?;
    ensure!(status.success(), "the server ended with {status}; its log:\n{log}");
    Ok(())
}

async fn serve(script: &Path) -> Result<Server> {
    let mut command = Command::new(e2e::built_binary("bokeh-rs")?);
    command
        .args(["serve", "--address", "127.0.0.1", "--port", "0", "--allow-websocket-origin", "*", "--num-procs", "1"])
        .arg("--python")
        .arg(e2e::python()?)
        .arg(script)
        .arg("--dev")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    Server::start_command("bokeh-rs", command).await
}

/// Waits until the application's text begins so.
async fn shows(page: &Page, text: &str) -> Result<()> {
    let script = "return window.Bokeh?.documents?.[0]?.get_model_by_name('text')?.text.startsWith(args[0]) ?? false";
    eventually(page, script, text).await
}

/// Waits until the page says something outside of the document.
async fn says(page: &Page, text: &str) -> Result<()> {
    let script = "return [...document.querySelectorAll('pre')].some((pre) => pre.textContent.includes(args[0]))";
    eventually(page, script, text).await
}

/// Waits until a script returns true. The page may load again meanwhile, which a script that waits would not survive.
async fn eventually(page: &Page, script: &str, text: &str) -> Result<()> {
    let holds = async {
        while page.eval(script, json!([text])).await.ok() != Some(Value::Bool(true)) {
            tokio::task::yield_now().await;
        }
    };
    if timeout(PATIENCE, holds).await.is_err() {
        let html = page.eval("return document.body.innerText", json!([])).await?;
        bail!("waited in vain for {text:?}; the page says: {html}");
    }
    Ok(())
}

/// Each change starts a process that imports bokeh.
const PATIENCE: Duration = Duration::from_secs(60);

/// A script with a slider, whose text begins with `name`.
fn app(name: &str) -> String {
    format!(
        r#"
from bokeh.io import curdoc
from bokeh.models import Column, Div, Slider, TextInput

text = Div(name="text")
amount = Slider(name="amount", title="amount", start=0, end=10, value=1)
untouched = TextInput(name="untouched", value="{name}")

def show(attr, old, new):
    text.text = f"{name}: {{new}}"

show("value", None, amount.value)
amount.on_change("value", show)
curdoc().add_root(Column(children=[amount, untouched, text]))
# trouble
"#
    )
}
