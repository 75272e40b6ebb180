//! What a user does, and what page and server say to each other.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::visit::Visit;

pub(crate) async fn events(visit: &Visit<'_>) -> Result<()> {
    let seen = async |kind: &str| visit.until(&format!("model('kinds').text.split(' ').includes('{kind}')")).await;
    let line = async |part: &str| visit.until(&format!("model('heard').text.includes('{part}')")).await;
    let mouse = visit.page.mouse();
    let plot = visit.page.rect("plot", "").await?;

    mouse.move_to(plot.at(0.4, 0.4)).await?;
    seen("mouseenter").await?;
    mouse.click(plot.at(0.5, 0.5)).await?;
    seen("tap").await?;
    line("tap x=").await?;
    mouse.double_click(plot.at(0.5, 0.6)).await?;
    seen("doubletap").await?;
    mouse.drag(plot.at(0.4, 0.4), plot.at(0.6, 0.5)).await?;
    for kind in ["panstart", "pan", "panend", "rangesupdate"] {
        seen(kind).await?;
    }
    mouse.wheel(plot.at(0.5, 0.5), 0.0, -100.0).await?;
    seen("wheel").await?;
    mouse.move_to(plot.at(1.3, 0.5)).await?;
    seen("mouseleave").await?;

    visit.press("button").await?;
    line("button_click<br>button_click").await?;
    visit.reads("in_page", "1").await?;
    visit.server_has("in_page", "text", "1").await?;
    visit.press("toggle").await?;
    visit.has("toggle", "label", "on").await?;
    visit.enter("entry", "pressed Enter").await?;
    line("value_submit value=pressed Enter").await?;
    Ok(())
}

pub(crate) async fn messages(visit: &Visit<'_>) -> Result<()> {
    visit.reads("ready", "document_ready").await?;
    ensure!(visit.page.eval("return window.heard_ready", json!(null)).await? == true, "the page was not told");

    let listen = "window.said = {}; \
                  for (const kind of ['answer', 'greeting']) doc().on_message(kind, (data) => window.said[kind] = data)";
    visit.page.eval(listen, json!(null)).await?;
    let ask = "const {MessageSentEvent} = Bokeh.require('document/events'); \
               doc()._trigger_on_change(new MessageSentEvent(doc(), 'question', args))";
    visit.page.eval(ask, json!(["why", 1.5])).await?;
    visit.reads("received", "list ['why', 1.5]").await?;
    let answer = visit.until("window.said.answer").await?;
    ensure!(answer == json!({ "got": ["why", 1.5], "length": 2 }), "{answer}");
    visit.press("speak").await?;
    let greeting = visit.until("window.said.greeting").await?;
    ensure!(greeting == json!([1, 2.5, "three", null, { "four": true }]), "{greeting}");
    visit.until("Number(model('changes').text) >= 3").await?;
    Ok(())
}
