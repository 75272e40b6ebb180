//! Widgets that are dragged, typed into and clicked.

use anyhow::Result;
use serde_json::json;

use crate::visit::Visit;

pub(crate) async fn waves(visit: &Visit<'_>) -> Result<()> {
    visit.until("document.title == 'Waves'").await?;
    let highest = "Math.max(...column('wave', 'y'))";
    visit.redraws("plot", &format!("{highest} > 2.4"), visit.slide("amplitude", 1.0)).await?;
    visit.has("amplitude", "value", 3).await?;
    visit.server_has("amplitude", "value", 3).await?;
    visit.enter("caption", "shaped by hand").await?;
    visit.until("model('plot').title.text == 'SHAPED BY HAND'").await?;
    visit.slide("settled", 0.5).await?;
    visit.has("released", "value", "from 0 to 5").await?;
    visit.server_has("released", "value", "from 0 to 5").await
}

pub(crate) async fn formulas(visit: &Visit<'_>) -> Result<()> {
    visit.press("add").await?;
    visit.until("element('table', '.slick-row') != null").await?;
    visit.until("element('formula', 'svg') != null").await?;
    visit.until("view('plot').has_finished()").await?;
    visit.server_has("plot", "height", 200).await
}

pub(crate) async fn films(visit: &Visit<'_>) -> Result<()> {
    // How many there are in the end; on its way a slider passes other numbers.
    let found = async |n_films: usize| {
        visit.reads("found", &format!("{n_films} films")).await?;
        visit.until(&format!("column('films', 'year').length == {n_films}")).await
    };
    found(170).await?;
    visit.slide("reviews", 0.4).await?;
    found(118).await?;
    visit.slide_handle("years", ".noUi-handle-upper", 0.7).await?;
    found(70).await?;
    visit.choose("genre", "Western").await?;
    found(24).await?;
    visit.click("only", "input").await?;
    found(12).await?;
    visit.enter("words", "nowhere to be found").await?;
    found(0).await?;
    visit.enter("words", " ").await?;
    found(12).await?;
    visit.server_has("genre", "value", "Western").await
}

pub(crate) async fn editor(visit: &Visit<'_>) -> Result<()> {
    let cell = visit.page.rect("table", ".slick-row:nth-child(2) .l2").await?.center();
    visit.page.mouse().double_click(cell).await?;
    visit.enter("table", "100").await?;
    visit.reads("total", "150 plants").await?;
    visit.server_has("total", "text", "150 plants").await?;

    visit.press("few").await?;
    visit.until("element('table', '.slick-viewport').querySelectorAll('.slick-row').length == 2").await?;
    visit.press("choose").await?;
    visit.until("JSON.stringify(model('garden').selected.indices) == '[1,3]'").await?;
    let dates = "[...element('table', '.slick-viewport').querySelectorAll('.l3')].map((cell) => cell.textContent)";
    let shown = visit.page.eval(&format!("return {dates}"), json!(null)).await?;
    assert_eq!(shown, json!(["08.03.2024", "15.03.2024"]));
    Ok(())
}

pub(crate) async fn dial(visit: &Visit<'_>) -> Result<()> {
    for (value, twice) in [(2.5, "5.0"), (5.0, "10.0")] {
        visit.click("dial", ".face").await?;
        visit.has("dial", "value", value).await?;
        visit.reads("twice", twice).await?;
    }
    visit.click("dial", ".face").await?;
    visit.until("model('dial').hint == 'started again' && model('dial').value == 0").await?;
    assert_eq!(visit.page.text("dial", ".face").await?, "0");
    Ok(())
}
