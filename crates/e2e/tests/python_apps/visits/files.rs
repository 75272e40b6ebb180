//! Files that the page saves and sends.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::visit::Visit;

pub(crate) async fn export(visit: &Visit<'_>) -> Result<()> {
    visit.slide_handle("range", ".noUi-handle-lower", 0.5).await?;
    visit.until("column('people', 'name').join() == 'Eve,Finn,Hal'").await?;
    visit.until("element('table', '.slick-viewport').querySelectorAll('.slick-row').length == 3").await?;
    let watch = "window.saved = []; const make = URL.createObjectURL; \
                 URL.createObjectURL = (blob) => { blob.text().then((text) => window.saved.push(text)); return make(blob) }";
    visit.page.eval(watch, json!(null)).await?;
    visit.press("download").await?;
    let saved = visit.until("window.saved[0]").await?;
    ensure!(saved == "name,pay\nEve,87000\nFinn,64000\nHal,71000\n", "{saved}");
    Ok(())
}

pub(crate) async fn upload(visit: &Visit<'_>) -> Result<()> {
    let put = async |name: &str, files: serde_json::Value| {
        let script = "const files = new DataTransfer(); \
                      for (const [name, text, type] of args.files) files.items.add(new File([text], name, {type})); \
                      const input = element(args.name, 'input'); input.files = files.files; \
                      input.dispatchEvent(new Event('change'))";
        visit.page.eval(script, json!({ "name": name, "files": files })).await
    };
    put("one", json!([["small.csv", "a,b\n1,2\n", "text/csv"]])).await?;
    visit.reads("got", "small.csv text/csv 8 bytes 492d5ea49605").await?;
    // Larger than what goes into one read of a socket.
    let large = "0123456789".repeat(200_000);
    put("one", json!([["large.txt", large, "text/plain"]])).await?;
    visit.until("model('got').text.startsWith('large.txt text/plain 2000000 bytes ')").await?;
    put("many", json!([["a.txt", "a", "text/plain"], ["b.txt", "bb", "text/plain"], ["c", "", ""]])).await?;
    visit.reads("got_many", "a.txt:1 b.txt:2 c:0").await?;
    visit.server_has("got_many", "text", "a.txt:1 b.txt:2 c:0").await
}
