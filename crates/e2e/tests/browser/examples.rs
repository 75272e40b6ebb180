//! Each example, used as a person would.

use anyhow::Result;
use e2e::{Browser, Key, Page, Server};
use serde_json::json;

/// An example on a free port, and a page that shows it.
async fn open(example: &str) -> Result<(Server, Page)> {
    let server = Server::start(example, &["--port", "0"]).await?;
    let page = Browser::start().await?.open(server.url()).await?;
    page.wait_idle().await?;
    Ok((server, page))
}

#[tokio::test]
async fn dragging_a_slider_changes_the_drawn_curve() -> Result<()> {
    let (_server, page) = open("sliders").await?;
    assert_eq!(page.eval("return document.title", json!(null)).await?, "Sliders");
    let points = page.eval("return model('curve').data.y.length", json!(null)).await?;
    assert_eq!(points, 200);
    let before = page.canvas_digest("plot").await?;
    page.screenshot("sliders_at_first").await?;

    let handle = page.rect("amplitude", ".noUi-handle").await?.center();
    let track = page.rect("amplitude", ".noUi-base").await?;
    page.mouse().drag(handle, track.at(0.7, 0.5)).await?;

    page.wait_until("return Math.max(...model('curve').data.y) > 1.5", json!(null)).await?;
    page.wait_until("return model('amplitude').value > 1.5", json!(null)).await?;
    page.wait_idle().await?;
    assert_ne!(page.canvas_digest("plot").await?, before, "the plot was not drawn anew");

    let input = page.rect("title", "input").await?;
    page.mouse().click(input.center()).await?;
    page.keyboard().select_all().await?;
    page.keyboard().type_text("shaped by hand").await?;
    page.keyboard().press(Key::Enter).await?;
    page.wait_until("return model('plot').title.text == 'shaped by hand'", json!(null)).await?;
    page.wait_idle().await?;
    page.screenshot("sliders").await?;
    page.assert_quiet().await
}

#[tokio::test]
async fn a_stream_rolls_over_and_can_be_paused() -> Result<()> {
    let (_server, page) = open("streaming").await?;
    page.wait_until("return model('prices').data.time.length > 15", json!(null)).await?;
    let lengths = "const data = model('prices').data; return new Set(Object.values(data).map(c => c.length)).size";
    assert_eq!(page.eval(lengths, json!(null)).await?, 1, "all columns are of one length");

    page.mouse().click(page.rect("pause", "button").await?.center()).await?;
    page.model("pause").wait_for("active", json!(true)).await?;
    page.wait_idle().await?;
    page.screenshot("streaming").await?;
    page.assert_quiet().await
}

#[tokio::test]
async fn a_click_adds_a_glyph() -> Result<()> {
    let (_server, page) = open("button").await?;
    let empty = page.canvas_digest("plot").await?;
    let add = page.rect("add", "button").await?.center();
    for n in 1..=3 {
        page.mouse().click(add).await?;
        page.wait_until("return model('plot').renderers.length == args", json!(n)).await?;
    }
    page.wait_until("return model('plot').title.text == 'circles: 3'", json!(null)).await?;
    page.wait_idle().await?;
    assert_ne!(page.canvas_digest("plot").await?, empty, "the circles were not drawn");
    page.screenshot("button").await?;

    page.mouse().click(page.rect("clear", "button").await?.center()).await?;
    page.wait_until("return model('plot').renderers.length == 0", json!(null)).await?;
    page.assert_quiet().await
}

#[tokio::test]
async fn all_users_see_the_shared_counter() -> Result<()> {
    let server = Server::start("chat_count", &["--port", "0"]).await?;
    let browser = Browser::start().await?;
    let (one, other) = (browser.open(server.url()).await?, browser.open(server.url()).await?);
    one.wait_idle().await?;
    other.wait_idle().await?;

    one.mouse().click(one.rect("message", "input").await?.center()).await?;
    one.keyboard().type_text("hello").await?;
    one.mouse().click(one.rect("send", "button").await?.center()).await?;
    for page in [&one, &other] {
        page.model("count").wait_for("text", json!("<b>1</b> messages so far")).await?;
    }
    one.model("message").wait_for("value", json!("")).await?;
    one.screenshot("chat_count").await?;
    one.assert_quiet().await?;
    other.assert_quiet().await
}

#[tokio::test]
async fn the_demo_has_an_index_that_leads_to_the_examples() -> Result<()> {
    let server = Server::start("demo", &["--port", "0"]).await?;
    let base = server.url().rsplit_once('/').map_or(server.url(), |(base, _)| base).to_owned();
    let page = Browser::start().await?.open(&format!("{base}/")).await?;
    let links = page.eval("return [...document.querySelectorAll('a')].map(a => a.textContent)", json!(null)).await?;
    assert_eq!(links, json!(["button", "chat_count", "rooms", "sliders", "streaming"]));
    page.screenshot("index").await?;
    page.goto(&format!("{base}/sliders")).await?;
    page.wait_idle().await?;
    page.assert_quiet().await
}
