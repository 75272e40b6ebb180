//! Applications that are being written.

use std::fs;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use e2e::{Browser, Page};
use serde_json::{Value, json};
use tokio::time::interval;

use crate::host::{Host, Kind};

#[tokio::test]
async fn a_page_follows_the_files_and_keeps_what_the_user_has_set() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let script = folder.path().join("draft.py");
    let beside = folder.path().join("beside_draft.py");
    let write = |text: &str, factor: u32| {
        fs::write(&beside, format!("FACTOR = {factor}\n"))?;
        fs::write(&script, text)
    };
    write(DRAFT, 2)?;
    let path = script.display().to_string();
    let host = Host::start_with(Kind::Ours, &["--dev", "--", &path]).await?;
    let page = Browser::start().await?.open(&host.url("draft")).await?;
    page.wait_idle().await?;
    let reads =
        async |name: &str, text: &str| until(&page, "return model(args[0]).text == args[1]", json!([name, text])).await;
    reads("note", "by 2").await?;
    page.model("slider").set("value", json!(5)).await?;
    reads("result", "10").await?;

    // The script, and then a module that it imports.
    fs::write(&script, DRAFT.replace("by ", "times "))?;
    reads("note", "times 2").await?;
    until(&page, "return model('slider').value == args", json!(5)).await?;
    reads("result", "10").await?;
    fs::write(&beside, "FACTOR = 300\n")?;
    reads("note", "times 300").await?;
    reads("result", "1500").await?;
    page.model("slider").set("value", json!(6)).await?;
    reads("result", "1800").await?;

    // Errors are shown until they are mended, those that keep the script from being read, too.
    for (broken, shown) in [
        (DRAFT.replace("beside_draft.FACTOR", "beside_draft.MISSING"), "MISSING"),
        (DRAFT.replace("def multiply", "de multiply"), "SyntaxError"),
    ] {
        fs::write(&script, broken)?;
        until(&page, "return document.body.textContent.includes(args)", json!(shown)).await?;
        page.screenshot(&format!("python/dev_{shown}")).await?;
        fs::write(&script, DRAFT)?;
        until(&page, "return model('note').text == 'by 300'", json!(null)).await?;
        let errors = page.eval("return document.body.textContent.includes(args)", json!(shown)).await?;
        ensure!(errors == false, "the error {shown} is still shown");
    }
    Ok(())
}

/// Waits until something holds in a page that loads again meanwhile, which ends all scripts that run in it.
async fn until(page: &Page, script: &str, args: Value) -> Result<()> {
    let mut looks = interval(Duration::from_millis(50));
    let mut last = None;
    for _look in 0..600 {
        looks.tick().await;
        match page.eval(script, args.clone()).await {
            Ok(Value::Bool(true)) => return Ok(()),
            other => last = Some(other),
        }
    }
    bail!("waited in vain for: {script} with {args}; the last try gave {last:?}")
}

/// A script of which each part can be changed.
const DRAFT: &str = r#"
from bokeh.layouts import column
from bokeh.models import Div, Slider
from bokeh.plotting import curdoc

import beside_draft

slider = Slider(name="slider", start=0, end=10, value=1)
note = Div(name="note", text=f"by {beside_draft.FACTOR}")
result = Div(name="result")


def multiply(attr, old, new):
    result.text = str(new * beside_draft.FACTOR)


slider.on_change("value", multiply)
curdoc().add_root(column(slider, note, result))
"#;
