//! A page that does not read while the server says much.

use anyhow::Result;
use bokeh_client::ConnectOptions;
use bokeh_document::Document;
use bokeh_models::prelude::*;
use e2e::{Browser, Direction, Proxy, Server};
use serde_json::json;

use crate::replica;

#[tokio::test]
async fn a_page_that_does_not_read_costs_little_and_disturbs_nobody() -> Result<()> {
    let server = Server::start("bokeh-rs", &["serve", "--port", "0", "--allow-websocket-origin", "*"]).await?;
    let mut doc = Document::new();
    let source = doc.add(ColumnDataSource::new().name("source"));
    source.replace(&mut doc, columns(0))?;
    let n = doc.add(Div::new().name("n").text("0"));
    doc.add_root(Div::new().name("holder").text("a page").tags([source.id().into()] as [Value; 1]));
    doc.add_root(n);
    let options = || ConnectOptions { session_id: Some("shared".into()), ..ConnectOptions::new(server.url()) };
    let client = options().push(doc).await?;

    let url = format!("{}?bokeh-session-id=shared", server.url());
    let proxy = Proxy::start(server.address()?).await?;
    let browser = Browser::start().await?;
    let slow = browser.open(&proxy.url(&url)?).await?;
    let other = browser.open(&url).await?;
    slow.wait_idle().await?;
    other.wait_idle().await?;

    proxy.hold(Direction::Down);
    let before = server.resident_bytes()?;
    for step in 1..=N_PATCHES {
        client
            .update(move |doc| {
                source.replace(doc, columns(step))?;
                n.set_text(doc, step.to_string());
                anyhow::Ok(())
            })
            .await??;
        client.force_roundtrip().await?;
        if step % 10 == 0 {
            // The other page follows all the while.
            other.model("n").wait_for("text", json!(step.to_string())).await?;
        }
    }
    let after = server.resident_bytes()?;
    assert!(after < before + MAX_GROWTH, "the server has grown from {before} to {after} bytes");

    proxy.release(Direction::Down);
    slow.model("n").wait_for("text", json!(N_PATCHES.to_string())).await?;
    let session = options().pull().await?;
    let expected = session.update(|doc| replica::of_document(doc)).await?;
    for page in [&slow, &other] {
        page.wait_until("return model('source').data.x[0] == args", json!(N_PATCHES)).await?;
        let differences = replica::differences(&replica::of_page(page).await?, &expected);
        assert!(differences.is_empty(), "{differences:#?}");
    }
    Ok(())
}

/// A column of 1 MB.
fn columns(step: u32) -> Data {
    data! { "x" => vec![f64::from(step); 131_072] }
}

/// How many MB the server says.
const N_PATCHES: u32 = 150;
/// What it may cost: far less than what was said.
const MAX_GROWTH: u64 = 50 << 20;
