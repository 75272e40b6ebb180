//! Folders with more than a script, and notebooks.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::visit::Visit;

pub(crate) async fn dashboard(visit: &Visit<'_>) -> Result<()> {
    // The document's title is the page's once it has come.
    visit.until("document.title == 'Dashboard'").await?;
    let page = "const logo = document.querySelector('#logo'); \
                const inside = (id) => [...document.querySelectorAll(`${id} [data-root-id]`)].length; \
                return { \
                  greeting: document.querySelector('#greeting').textContent, \
                  color: getComputedStyle(document.querySelector('#greeting')).color, \
                  logo: [logo.complete, logo.naturalWidth], \
                  stations: [...document.querySelectorAll('#stations li')].map((li) => li.textContent), \
                  roots: ['#left', '#right', 'footer', 'body'].map(inside), \
                }";
    let page = visit.page.eval(page, json!(null)).await?;
    let expected = json!({
        "greeting": "A page of <our> own",
        "color": "rgb(10, 80, 120)",
        "logo": [true, 48],
        "stations": ["1: Harbour", "2: Mill", "3: Tower"],
        "roots": [1, 1, 2, 4],
    });
    ensure!(page == expected, "{page:#}");
    let places = "['trend', 'share', 'power'].map((name) => { \
                    const {x, y, width} = view(name).el.getBoundingClientRect(); return [x, y, width] })";
    let places = visit.page.eval(&format!("return {places}"), json!(null)).await?;
    let at = |root: usize, axis: usize| places[root][axis].as_f64().unwrap_or_default();
    ensure!(at(0, 0) + at(0, 2) < at(1, 0) && at(0, 1) == at(1, 1), "not side by side: {places}");
    ensure!(at(2, 1) > at(0, 1), "not below: {places}");

    visit.redraws("trend", "column('line', 'y')[49] == 1000", visit.slide("power", 0.67)).await?;
    visit.reads("note", "x to the power of 3").await?;
    visit.server_has("note", "text", "x to the power of 3").await
}

pub(crate) async fn packaged(visit: &Visit<'_>) -> Result<()> {
    visit.reads("runs", "the package has run 1 time(s)").await?;
    let eight = visit.click("shape", ".bk-btn:nth-child(2)");
    visit.redraws("plot", "Math.abs(column('curve', 'x')[25]) < 0.1", eight).await?;
    visit.enter("factor", "4").await?;
    visit.until("Math.max(...column('curve', 'y')) > 3.9").await?;
    // Another session shares the package.
    let neighbour = visit.neighbour("packaged-2").await?;
    neighbour.model("runs").wait_for("text", json!("the package has run 1 time(s)")).await?;
    neighbour.close().await?;
    visit.server_has("shape", "active", 1).await
}

pub(crate) async fn notebook(visit: &Visit<'_>) -> Result<()> {
    visit.until("document.title == 'Notebook'").await?;
    visit.redraws("plot", "column('powers', 'y')[0] == 1", visit.slide("power", 0.17)).await?;
    visit.reads("text", "to the power of 2").await?;
    visit.server_has("text", "text", "to the power of 2").await
}

pub(crate) async fn notebook_folder(visit: &Visit<'_>) -> Result<()> {
    visit.until("model('plot').title.text == 'from beside the notebook'").await?;
    visit.until("model('plot').background_fill_color == '#e8f4ea'").await?;
    for n in 1..=2 {
        visit.press("button").await?;
        visit.reads("count", &n.to_string()).await?;
    }
    Ok(())
}
