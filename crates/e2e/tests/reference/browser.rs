use anyhow::Result;
use e2e::{Browser, Key, Level, Page, Reference};
use serde_json::json;

use crate::APP;

#[tokio::test]
async fn dragging_the_slider_runs_the_callback_and_redraws_the_plot() -> Result<()> {
    let (_server, page) = open_app().await?;
    let before = page.canvas_digest("plot").await?;

    let handle = page.rect("factor", ".noUi-handle").await?.center();
    let track = page.rect("factor", ".noUi-base").await?;
    page.mouse().drag(handle, track.at(0.5, 0.5)).await?;

    page.model("factor").wait_for("value", json!(5)).await?;
    page.model("output").wait_for("text", json!("factor 5")).await?;
    page.model("source").wait_for("data", json!({ "x": [0, 1, 2, 3], "y": [0, 5, 20, 45] })).await?;
    page.wait_idle().await?;
    assert_ne!(page.canvas_digest("plot").await?, before, "the plot did not change");
    let picture = page.screenshot("reference_slider").await?;
    assert!(picture.is_file());
    page.assert_quiet().await
}

#[tokio::test]
async fn typing_and_clicking_reach_the_server() -> Result<()> {
    let (_server, page) = open_app().await?;

    let input = page.rect("title", "input").await?;
    page.mouse().click(input.center()).await?;
    page.keyboard().type_text("Typed by keys").await?;
    page.keyboard().press(Key::Enter).await?;
    page.wait_until("return model('plot').title.text == 'Typed by keys'", json!(null)).await?;

    page.mouse().click(input.center()).await?;
    page.keyboard().select_all().await?;
    page.keyboard().type_text("again").await?;
    page.keyboard().press(Key::Enter).await?;
    page.wait_until("return model('plot').title.text == 'again'", json!(null)).await?;

    let button = page.rect("button", "button").await?.center();
    page.mouse().click(button).await?;
    page.model("clicks").wait_for("text", json!("1")).await?;
    page.mouse().double_click(button).await?;
    page.model("clicks").wait_for("text", json!("3")).await?;
    page.screenshot("reference_typing").await?;
    page.assert_quiet().await
}

#[tokio::test]
async fn two_windows_are_driven_side_by_side() -> Result<()> {
    let server = Reference::serve(APP).await?;
    let browser = Browser::start().await?;
    let first = browser.open(server.url()).await?;
    first.wait_idle().await?;
    let session = first.eval("return doc().session?.id ?? window.location.href", json!(null)).await?;
    assert!(session.is_string());
    let second = browser.open(server.url()).await?;
    second.wait_idle().await?;

    first.model("factor").set("value", json!(2)).await?;
    first.model("output").wait_for("text", json!("factor 2")).await?;
    // A session of its own each: the other window keeps its text.
    assert_eq!(second.model("output").get("text").await?, "factor 1");
    second.close().await?;
    assert_eq!(first.model("output").get("text").await?, "factor 2");
    browser.close().await
}

#[tokio::test]
async fn a_noisy_page_is_not_quiet() -> Result<()> {
    let (_server, page) = open_app().await?;
    page.eval("console.info('all is well')", json!(null)).await?;
    page.assert_quiet().await?;

    page.eval("console.warn('something smells')", json!(null)).await?;
    page.eval("console.error('something burns')", json!(null)).await?;
    page.eval("setTimeout(() => { window.thrown = true; throw new Error('nobody catches this') })", json!(null))
        .await?;
    page.wait_until("return window.thrown", json!(null)).await?;

    let complaint = page.assert_quiet().await.unwrap_err().to_string();
    for expected in ["something smells", "something burns", "nobody catches this"] {
        assert!(complaint.contains(expected), "{expected} is missing in: {complaint}");
    }
    assert!(!complaint.contains("all is well"));
    let console = page.console().await?;
    assert!(console.iter().any(|entry| entry.level == Level::Info && entry.message.contains("is now open")));
    Ok(())
}

#[tokio::test]
async fn scripts_and_values_come_back_as_they_are() -> Result<()> {
    let (_server, page) = open_app().await?;
    for (script, expected) in [
        ("return [1, 'two', null, undefined, true]", json!([1, "two", null, null, true])),
        ("return new Float64Array([0.5, NaN, -Infinity])", json!([0.5, "NaN", "-Infinity"])),
        ("return new Map([['a', new Set([1])]])", json!({ "a": [1] })),
        ("return args.twice * 2", json!(42)),
    ] {
        assert_eq!(page.eval(script, json!({ "twice": 21 })).await?, expected, "{script}");
    }
    let thrown = page.eval("throw new Error('no luck')", json!(null)).await.unwrap_err();
    assert!(format!("{thrown:#}").contains("no luck"), "{thrown:#}");
    Ok(())
}

async fn open_app() -> Result<(Reference, Page)> {
    let server = Reference::serve(APP).await?;
    let page = Browser::start().await?.open(server.url()).await?;
    page.wait_idle().await?;
    Ok((server, page))
}
