//! Everything that a program can do on the server, seen by BokehJS.

use anyhow::{Context, Result};
use e2e::Browser;
use serde_json::json;

use crate::edits;
use crate::served::Served;

/// Two pages: a new model must be defined to both.
#[tokio::test]
async fn what_the_server_does_is_seen_in_all_pages() -> Result<()> {
    let served = Served::start(edits::app).await?;
    let browser = Browser::start().await?;
    let (one, other) = (served.open(&browser).await?, served.open(&browser).await?);
    for page in [&one, &other] {
        page.eval(LISTEN, json!(null)).await?;
    }
    for edit in edits::edits() {
        served.update(edit.run).await.context(edit.name)?;
        served.settle(&[&one, &other]).await?;
        for page in [&one, &other] {
            page.wait_until(&format!("{HELPERS} return {}", edit.in_page), json!(null)).await.context(edit.name)?;
        }
        served.assert_same(edit.name, &[&one, &other]).await?;
    }
    one.screenshot("from_server").await?;
    one.assert_quiet().await
}

/// What the expressions of the edits find in scope, beside `doc` and `model`.
const HELPERS: &str = "\
    const column = (source, name) => Array.from(model(source).data[name]).join(); \
    const DTYPES = ['bool', 'uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'];";

/// Remembers the messages of the server.
const LISTEN: &str = "doc().on_message('news', (news) => window.news = news)";
