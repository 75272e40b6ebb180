//! An application in Rust with a folder around it, in a browser.

use anyhow::Result;
use e2e::{Browser, Server};
use serde_json::json;

#[tokio::test]
async fn theme_template_and_style_sheet_of_a_folder_make_the_page() -> Result<()> {
    let server = Server::start("rooms", &["--port", "0"]).await?;
    let page = Browser::start().await?.open(server.url()).await?;
    page.wait_idle().await?;
    for (what, expected) in [
        ("document.title", json!("Rooms")),
        ("document.querySelector('header h1').textContent", json!("How warm is it?")),
        ("document.querySelector('header p').textContent", json!("3 rooms: kitchen, cellar, greenhouse")),
        ("getComputedStyle(document.body).backgroundColor", json!("rgb(20, 32, 42)")),
        ("document.querySelectorAll('[data-root-id]').length", json!(2)),
        ("document.querySelector('main [data-root-id]') !== null", json!(true)),
        ("model('plot').background_fill_color", json!("#1d2b36")),
        ("model('plot').title.text_color", json!("white")),
        ("model('plot').below[0].axis_line_color", json!(null)),
        ("model('plot').center[0].grid_line_dash", json!([6, 4])),
    ] {
        assert_eq!(page.eval(&format!("return {what}"), json!(null)).await?, expected, "{what}");
    }
    page.screenshot("rooms").await?;

    page.model("room").set("value", json!("cellar")).await?;
    page.wait_until("return model('plot').title.text == 'cellar'", json!(null)).await?;
    page.assert_quiet().await
}
